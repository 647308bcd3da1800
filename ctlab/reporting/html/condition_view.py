"""Conditions and outcomes as a reader meets them: who cannot read what, what proves it, what the model then did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ctlab import formatting
from ctlab.interventions import Patch
from ctlab.interventions.patches import kind_by
from ctlab.interventions.steps_patch import StepsPatch
from ctlab.interventions.thinking import LATENT
from ctlab.reporting.html.claim_evidence import held_alike
from ctlab.reporting.html.grid import Grid, grid
from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.reporting.model.condition_row import ConditionRow
from ctlab.reporting.model.outcome_table import OutcomeCell, Outcomes, Shift
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.prose.certificate_words import certificate_words
from ctlab.reporting.prose.intervention_words import disturbed
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
    """Digest, seeds, where recorded answers came from; how and with what they were made where that differs."""
    claims: tuple[str, ...]
    """Claims that rest on it, by id."""
    shown: tuple[str, ...]
    """What it showed as a control that holds, whatever was claimed: the claims' own lines do not repeat it."""
    hesitated: str
    """How many answers a person would hesitate over; empty for none."""
    hesitations: tuple[tuple[str, str, str], ...]
    """Examples: the answer, what was read, how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRow:
    """One outcome under every condition."""

    label: str
    """The outcome in words."""
    name: str
    """The outcome as code spells it."""
    cells: tuple[tuple[str, ...], ...]
    """One cell a condition: count and rate, then shift from baseline, chance rate and chance-corrected rate."""
    own: bool
    """Whether it is the suite's own, which an answer has beside its label."""


def condition_view(
    row: ConditionRow, num_thoughts: int | None, claims: Sequence[ClaimRow] = (), shared: tuple[str, str] = ("", "")
) -> ConditionView:
    """Project one condition of the report.

    ``claims`` rest on it; ``shared`` is how all conditions were made, and is not said of each (`made_alike`).
    """
    words, tone = certificate_words(row)
    fed = num_thoughts if row.num_thoughts is None else row.num_thoughts
    certificate = row.certificate
    drawn = [
        each for each in row.interventions if isinstance(each, StepsPatch) or (isinstance(each, Patch) and _drawn(each))
    ]
    seeds = [f"{patch.by} {patch.seed}" for patch in drawn]
    backend, made = (text if text != alike else "" for text, alike in zip(_made(row), shared, strict=True))
    facts = (
        ("digest", row.digest),
        ("seed", formatting.listed(seeds)),
        ("backend", backend),
        ("recorded in", row.recorded),
        ("made", made),
    )
    return ConditionView(
        name=row.name,
        accuracy=formatting.accuracy(row.accuracy, row.n),
        grid=grid(row.interventions, fed) if row.interventions and row.known and row.thinking == LATENT else None,
        sentence=disturbed(row),
        certificate=words,
        tone=tone,
        checks=tuple(
            (check.name, check.passed, clip(check.detail)) for check in (certificate.checks if certificate else ())
        ),
        facts=tuple((label, text) for label, text in facts if text),
        claims=tuple(claim.id for claim in claims),
        shown=tuple(held_alike(row.name, claims)),
        hesitated=f"{formatting.counted(row.ambiguous, 'answer')} can be read in more than one way"
        if row.ambiguous
        else "",
        hesitations=tuple((clip(each.answer), clip(each.read or "–"), clip(each.reading)) for each in row.hesitations),
    )


def made_alike(conditions: Sequence[ConditionRow]) -> tuple[str, str]:
    """How attention was computed and with what answers were made, each where it is the same for all; else empty."""
    backends, made = zip(*map(_made, conditions), strict=True) if conditions else ((), ())
    return _only(backends), _only(made)


def _only(texts: Sequence[str]) -> str:
    return texts[0] if len(set(texts)) == 1 else ""


def _made(row: ConditionRow) -> tuple[str, str]:
    """The backend of a condition, and versions and device behind its answers."""
    backend = row.certificate.backend if row.certificate else ""
    return backend, "; ".join(f"{formatting.counted(part.answers, 'answer')} with {part.words}" for part in row.made)


def _drawn(patch: Patch) -> bool:
    """Whether a patch draws at random, so that its seed is part of what it does."""
    return kind_by(patch.by).seeded


def outcome_rows(report: Report) -> tuple[list[str], list[OutcomeRow]]:
    """Outcomes × conditions with counts, rates, chance rates and chance-corrected rates; the suite's own last."""
    conditions = [row for row in report.conditions if row.name in report.outcomes]
    own = {row.name: report.own_outcomes(row.name) for row in conditions}
    rows = [*_outcome_rows(report, conditions, report.outcomes), *_outcome_rows(report, conditions, own, own=True)]
    return [row.name for row in conditions], rows


def _outcome_rows(
    report: Report, conditions: Sequence[ConditionRow], tables: Mapping[str, Outcomes], *, own: bool = False
) -> list[OutcomeRow]:
    labels = formatting.outcome_order(list(dict.fromkeys(label for table in tables.values() for label in table)))
    return [
        OutcomeRow(
            label=formatting.outcome(label),
            name=label,
            cells=tuple(
                _cell(label, tables[row.name].get(label), row.n, _shift(report, row.name, label)) for row in conditions
            ),
            own=own,
        )
        for label in labels
    ]


def _shift(report: Report, condition: str, label: str) -> Shift | None:
    """How an outcome's rate differs from baseline's; None for baseline, and where it was not compared."""
    tables = report.error_taxonomy.conditions if report.error_taxonomy else {}
    return tables[condition].shifts.get(label) if condition in tables else None


def _cell(label: str, cell: OutcomeCell | None, n: int | None, shift: Shift | None) -> tuple[str, ...]:
    if cell is None:
        return ("–",)
    lines = [formatting.count(cell.count) + (f" ({formatting.percent(cell.count / n)})" if n else "")]
    if shift:
        ends = formatting.interval(shift.low, shift.high, formatting.POINTS, unit_shown=False)
        lines.append(f"{formatting.points(shift.estimate)} [{ends}]")
    return (*lines, *chance_words(cell, label))
