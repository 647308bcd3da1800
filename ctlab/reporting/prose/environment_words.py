"""What it takes to do a run again, as labelled lines."""

from collections.abc import Mapping

from pydantic import JsonValue

from ctlab import formatting
from ctlab.reporting.model.run_report import NamedModelCard, ProblemSet, Report


def environment_rows(report: Report) -> list[tuple[str, str]]:
    """What it takes to do the run again."""
    model, problems = report.model, report.problems
    rows = [
        ("model", _joined(model.id, model.family, _digest(model.digest))),
        *((card.called, _named(card)) for card in report.models),
        ("thoughts", str(model.num_thoughts) if model.num_thoughts else ""),
        ("model settings", _pairs(model.settings)),
        ("of these said for this run", _pairs(model.settings_given)),
        ("left out of the base's files", formatting.listed(model.left_out)),
        ("problems", _joined(problems.name, _counted(problems), _digest(problems.digest))),
        ("decoding", _pairs(report.decoding.to_json())),
        ("family α", formatting.small(report.alpha)),
        ("git commit", report.commit),
        ("ctlab", report.ctlab),
        ("started", report.started),
        ("took", formatting.duration(report.seconds) if report.seconds is not None else ""),
        ("environment", _pairs(report.environment)),
    ]
    return [(label, text) for label, text in rows if text]


def _named(card: NamedModelCard) -> str:
    return _joined(card.id, card.family, _digest(card.digest), _pairs(card.decoding.to_json()))


def _counted(problems: ProblemSet) -> str:
    text = formatting.counted(problems.n, "problem")
    return f"{text} (the first {formatting.count(problems.limit)})" if problems.limit else text


def _digest(digest: str) -> str:
    return f"digest {digest}" if digest else ""


def _joined(*parts: str) -> str:
    return ", ".join(filter(None, parts))


def _pairs(values: Mapping[str, JsonValue]) -> str:
    return ", ".join(f"{name} {_plain(value)}" for name, value in values.items() if value not in (None, "", {}, []))


def _plain(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return f"({_pairs(value)})"
    if isinstance(value, list):
        return formatting.listed([_plain(item) for item in value])
    return str(value)
