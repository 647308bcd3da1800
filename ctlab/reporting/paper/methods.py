"""The paragraph on methods: who was asked what and how, with numbers that all stand in report.json."""

from ctlab import formatting
from ctlab.reporting.model.run_report import Report


def methods(report: Report) -> str:
    """Say how the run was made; what a report does not hold is not said."""
    return " ".join(filter(None, (_model(report), _problems(report), _claims(report), _software(report))))


def _model(report: Report) -> str:
    model, parts = report.model, []
    for count, noun in ((model.num_thoughts, "continuous thought"), (model.num_layers, "layer")):
        if count is not None:
            parts.append(formatting.counted(count, noun))
    if model.num_heads is not None:
        parts.append(f"{formatting.counted(model.num_heads, 'head')} a layer")
    name = model.id or "an unnamed model"
    what = f" ({', '.join(parts)})" if parts else ""
    family = f" of the family {model.family}" if model.family else ""
    digest = f", digest {model.digest}" if model.digest else ""
    return f"We studied {name}{family}{what}{digest}."


def _problems(report: Report) -> str:
    problems, decoding = report.problems, report.decoding
    size = formatting.counted(problems.n, "problem")
    digest = f" (digest {problems.digest})" if problems.digest else ""
    conditions = formatting.counted(len(report.conditions), "condition")
    text = f"It answered {size} of {problems.name or 'the set'}{digest} under {conditions}"
    if decoding.max_new_tokens is not None:
        text += f", decoding at most {formatting.counted(decoding.max_new_tokens, 'token')}"
    return f"{text}{f' in {decoding.dtype}' if decoding.dtype else ''}."


def _claims(report: Report) -> str:
    families = [
        f"{row.name} ({formatting.counted(row.claims, 'claim')}, α = {formatting.small(row.alpha or report.alpha)})"
        for row in report.families
        if row.claims
    ]
    shared = (
        f" Each claim is tested at the α of its family divided by the claims registered in it (Bonferroni): "
        f"{', '.join(families)}."
        if families
        else ""
    )
    return (
        f"{formatting.counted(len(report.claims), 'claim')} about its thoughts were judged SUPPORTED, REFUTED or "
        f"INCONCLUSIVE by the interval at each claim's own level, and VOID where a control failed.{shared}"
    )


def _software(report: Report) -> str:
    versions = [f"{name} {value}" for name, value in report.environment.items() if isinstance(value, str)]
    return f"Software: {', '.join([f'ctlab {report.ctlab}'] * bool(report.ctlab) + versions)}."
