"""Conditions and outcomes as a reader meets them: who cannot read what, what proves it, what the model then did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.reporting.html.claim_view import certificate_words
from ctlab.reporting.html.grid import Grid, disturbed, grid, is_known
from ctlab.reporting.prose.label_rates import chance_words
from ctlab.reporting.prose.untrusted_text import clip


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionView:
    """One condition."""

    name: str
    """Its name."""
    accuracy: str
    """Correct answers, with counts."""
    grid: Grid | None
    """Who cannot read what; None for recorded answers without interventions, of which nothing is known."""
    sentence: str
    """The interventions in words."""
    certificate: str
    """What was proved, in a few words."""
    tone: str
    """``good``, ``bad`` or nothing."""
    checks: tuple[tuple[str, bool, str], ...]
    """Each check of the certificate: name, whether it held, what was seen."""
    facts: tuple[tuple[str, str], ...]
    """Digest, backend, where recorded answers came from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRow:
    """One outcome under every condition."""

    label: str
    """The outcome in words."""
    name: str
    """The outcome as code spells it."""
    cells: tuple[tuple[str, ...], ...]
    """One cell a condition: count and rate, then shift from baseline, chance rate and chance-corrected rate."""


def condition_view(row: Mapping[str, Any], num_thoughts: int | None) -> ConditionView:
    """Project one condition of the report."""
    words, tone = certificate_words(row)
    certificate = row.get("certificate") or {}
    recorded = row.get("recorded")
    drawn = grid(row["interventions"], num_thoughts) if row["interventions"] and is_known(row) else None
    facts = [("digest", row.get("digest")), ("backend", certificate.get("backend")), ("recorded in", recorded)]
    return ConditionView(
        name=row["name"],
        accuracy=accuracy_words(row),
        grid=drawn,
        sentence=disturbed(row),
        certificate=words,
        tone=tone,
        checks=tuple(
            (check["name"], bool(check["passed"]), clip(str(check.get("detail", ""))))
            for check in certificate.get("checks") or ()
        ),
        facts=tuple((label, str(value)) for label, value in facts if value),
    )


def accuracy_words(row: Mapping[str, Any]) -> str:
    """Correct answers of a condition; the count is recovered from accuracy × n, which is a whole number."""
    n, accuracy = row.get("n"), row.get("accuracy")
    if not n or accuracy is None:
        return "not run"
    return f"{formatting.share_of(round(accuracy * n), n)} correct"


def outcome_rows(report: Mapping[str, Any]) -> tuple[list[str], list[OutcomeRow]]:
    """Outcomes × conditions with counts, rates, chance rates and chance-corrected rates."""
    outcomes = report["outcomes"]
    sizes = {row["name"]: row.get("n") for row in report["conditions"]}
    names = [row["name"] for row in report["conditions"] if row["name"] in outcomes]
    seen = formatting.outcome_order(list({name: None for table in outcomes.values() for name in table}))
    summaries = (report.get("error_taxonomy") or {}).get("conditions") or {}
    shifts = {name: (summaries.get(name) or {}).get("shifts") or {} for name in names}
    rows = [
        OutcomeRow(
            label=formatting.outcome(label),
            name=label,
            cells=tuple(_cell(outcomes[name].get(label), sizes[name], shifts[name].get(label)) for name in names),
        )
        for label in seen
    ]
    return names, rows


def _cell(cell: Mapping[str, Any] | None, n: int | None, shift: Mapping[str, Any] | None) -> tuple[str, ...]:
    if cell is None:
        return ("–",)
    lines = [f"{formatting.count(cell['count'])}" + (f" ({formatting.percent(cell['count'] / n)})" if n else "")]
    if shift:
        ends = formatting.interval(shift["low"], shift["high"], formatting.POINTS, unit_shown=False)
        lines.append(f"{formatting.points(shift['estimate'])} [{ends}]")
    return (*lines, *chance_words(cell))


def environment_rows(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What it takes to do the run again."""
    model, problems, decoding = report["model"], report["problems"], report["decoding"]
    rows = [
        ("model", _joined(model.get("id"), model.get("family"), _digest(model))),
        ("thoughts", str(model["num_thoughts"]) if model.get("num_thoughts") else ""),
        ("model settings", _pairs(model.get("settings") or {})),
        ("problems", _joined(problems.get("name"), _counted(problems), _digest(problems))),
        ("decoding", _pairs(decoding)),
        ("family α", formatting.small(float(report["alpha"]))),
        ("ctlab", report["ctlab"]),
        ("started", report["started"]),
        ("took", formatting.duration(report["seconds"]) if report["seconds"] is not None else ""),
        ("environment", _pairs(report["environment"])),
    ]
    return [(label, text) for label, text in rows if text]


def _counted(problems: Mapping[str, Any]) -> str:
    text = formatting.counted(int(problems.get("n") or 0), "problem")
    return f"{text} (the first {formatting.count(problems['limit'])})" if problems.get("limit") else text


def _digest(row: Mapping[str, Any]) -> str:
    return f"digest {row['digest']}" if row.get("digest") else ""


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_plain(value)}" for name, value in values.items() if value not in (None, "", {}, []))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return f"({_pairs(value)})"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return formatting.listed([_plain(item) for item in value])
    return str(value)
