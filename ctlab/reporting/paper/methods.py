"""The paragraph on methods: who was asked what and how, with numbers that all stand in report.json."""

from ctlab import formatting
from ctlab.reporting.model.run_report import FamilyRow, Report
from ctlab.reporting.paper.claim_table import judged_of_all
from ctlab.reporting.prose.withdrawn import withdrawn


def methods(report: Report) -> str:
    """Say how the run was made; what a report does not hold is not said."""
    return " ".join(filter(None, (_model(report), _problems(report), _claims(report), _software(report))))


def _model(report: Report) -> str:
    model = report.model
    parts: list[str] = []
    for count, noun in ((model.num_thoughts, "continuous thought"), (model.num_layers, "layer")):
        if count is not None:
            most = "at most " if model.stops_itself and not parts else ""
            parts.append(f"{most}{formatting.counted(count, noun)}")
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
    families = [_family(report, row) for row in report.families if row.claims]
    gone = any(withdrawn(report, row.name) for row in report.families)
    counted_too = ", those withdrawn after their answers were seen included" if gone else ""
    shared = (
        f" Each claim is tested at the α of its family divided by the claims registered in it (Bonferroni)"
        f"{counted_too}: {', '.join(families)}.{_stricter(report)}"
        if families
        else ""
    )
    verb = "was" if judged_of_all(report) == "1 claim" else "were"
    return (
        f"{judged_of_all(report)} about its thoughts {verb} judged SUPPORTED, REFUTED or INCONCLUSIVE by the interval "
        f"at each claim's own level, and VOID where a control failed.{shared}"
    )


def _family(report: Report, row: FamilyRow) -> str:
    gone = withdrawn(report, row.name)
    and_gone = f" and {formatting.count(gone)} withdrawn" if gone else ""
    alpha = formatting.small(row.alpha or report.alpha)
    return f"{row.name} ({formatting.counted(row.claims, 'claim')}{and_gone}, α = {alpha})"


def _stricter(report: Report) -> str:
    """Say how many claims have a smaller α than their family's share: that of the day of their registration."""
    shares = {
        row.name: (row.alpha or report.alpha) / (row.claims + withdrawn(report, row.name))
        for row in report.families
        if row.claims
    }
    count = sum(
        claim.alpha is not None and claim.alpha < shares[claim.family] * (1 - 1e-9)
        for claim in report.claims
        if claim.family in shares
    )
    if not count:
        return ""
    verb = "keeps the smaller α that it was" if count == 1 else "keep the smaller α that they were"
    return f" {formatting.counted(count, 'claim')} {verb} registered at."


def _software(report: Report) -> str:
    """Versions alone: the platform names the machine's kernel."""
    versions = [
        f"{name} {value}" for name, value in report.environment.items() if isinstance(value, str) and name != "platform"
    ]
    return f"Software: {', '.join([f'ctlab {report.ctlab}'] * bool(report.ctlab) + versions)}."
