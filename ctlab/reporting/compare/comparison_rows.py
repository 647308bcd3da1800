"""A comparison of two runs as rows of text; what changed comes first."""

from collections import Counter

from pydantic import JsonValue

from ctlab import formatting
from ctlab.reporting.model.compared_runs import ComparedClaim, ComparedCondition, Comparison, DriftRow, FlippedProblem
from ctlab.reporting.model.effects import EffectRow

Row = tuple[str, ...]

VERDICTS: Row = ("claim", "before", "after", "effect before", "effect after")
RESTATED: Row = ("claim", "what", "before", "after")
DRIFT: Row = ("claim", "verdict", "before", "after", "drift", "interval by")
CELLS: Row = ("claim", "cell", "before", "after")
ACCURACY: Row = ("condition", "before", "after", "difference in accuracy")
FLIPPED: Row = ("condition", "problem", "right answer", "before", "after", "question")
INPUTS: Row = ("input", "before", "after")
FLIPPED_SHOWN = 3
"""Flipped problems of each condition on a terminal."""
_NOTHING = "–"
_QUESTION = 60
"""Letters of a question in a row: enough to know it by."""


def verdict_rows(comparison: Comparison, *, changed_only: bool = False) -> list[Row]:
    """Claim, verdict before and after, effect before and after; changed verdicts first."""
    claims = sorted(comparison.claims, key=lambda row: not row.changed)
    return [
        (
            row.id + (" (restated)" if row.restated else ""),
            row.before,
            row.after,
            *(_effect(row, effect) for effect in row.effects),
        )
        for row in claims
        if row.changed or not changed_only
    ]


def _effect(row: ComparedClaim, effect: EffectRow | None) -> str:
    if effect is None:
        return _NOTHING
    if (measured := effect.measured) is None:
        return f"{formatting.NO_ESTIMATE}, n = {formatting.count(effect.n)}"
    unit, marks = effect.unit_on(row.scale), effect.landmarks
    ends = formatting.interval(measured.low, measured.high, unit, marks, unit_shown=False)
    return (
        f"{formatting.quantity(measured.estimate, unit, marks)} "
        f"[{ends}, {formatting.level(effect.level)}], n = {formatting.count(effect.n)}"
    )


def restated_rows(comparison: Comparison) -> list[Row]:
    """Claim, what it says otherwise, old and new text."""
    return [
        (row.id, part.what, _value(part.before), _value(part.after))
        for row in comparison.claims
        for part in row.restatements
    ]


def drift_rows(comparison: Comparison, *, changed_only: bool = False) -> list[Row]:
    """Claim, verdicts, estimates, drift with its interval and what that rests on; those that leave out 0 first."""
    measured = [row for row in comparison.claims if (row.drift or row.no_drift) and not (changed_only and row.still)]
    return [
        (
            row.id,
            row.before if row.before == row.after else f"{row.before} → {row.after}",
            *(_estimate(row, effect) for effect in row.effects),
            _drift(row.drift) if row.drift else _NOTHING,
            _how(row.drift) if row.drift else row.no_drift,
        )
        for row in sorted(measured, key=lambda row: row.drift is None or not row.drift.moved)
    ]


def _estimate(row: ComparedClaim, effect: EffectRow | None) -> str:
    if effect is None or (measured := effect.measured) is None:
        return _NOTHING
    return formatting.quantity(measured.estimate, effect.unit_on(row.scale), effect.landmarks)


def _drift(drift: DriftRow) -> str:
    low, high = (_signed(end, drift.unit, with_unit=False) for end in (drift.low, drift.high))
    if drift.how == "same answers":
        return _signed(drift.estimate, drift.unit)
    mark = "* " if drift.moved else ""
    return f"{mark}{_signed(drift.estimate, drift.unit)} [{low} to {high}, {formatting.level(drift.level)}]"


def _signed(value: float, unit: str, *, with_unit: bool = True) -> str:
    """A difference with its sign, also in units whose numbers have none; 0 has none in any."""
    text = formatting.quantity(value, unit, with_unit=with_unit)
    number = text.partition(" ")[0]
    return f"+{text}" if value > 0.0 and not number.startswith("+") and number.strip("0.,") else text


def _how(drift: DriftRow) -> str:
    return f"{drift.how}, n = {formatting.count(drift.n)}" if drift.n is not None else drift.how


def cell_rows(comparison: Comparison, *, counted: bool) -> list[Row]:
    """Claim, cell, what it showed and what it shows; ``counted`` has a row for all cells that changed in one way."""
    rows: Counter[Row] = Counter()
    for row in comparison.claims:
        for cell in row.cells:
            place = f"{cell.thought} at {cell.place}" if cell.place else cell.thought
            rows[row.id, "" if counted else place, cell.before, cell.after] += 1
    return [
        (name, place or formatting.counted(number, "cell"), *sides) for (name, place, *sides), number in rows.items()
    ]


def accuracy_rows(comparison: Comparison, *, changed_only: bool = False) -> list[Row]:
    """Condition, accuracy before and after, paired difference; or only of conditions that ran in both, and changed."""
    rows = []
    for row in comparison.conditions:
        if changed_only and (row.still or not row.in_both):
            continue
        name = row.name
        if row.before and row.after and not row.same_interventions:
            name += " (other interventions)"
        sides = [
            formatting.accuracy(side.accuracy, side.n).removesuffix(" correct") if side else "absent"
            for side in (row.before, row.after)
        ]
        rows.append((name, *sides, _difference(row)))
    return rows


def _difference(row: ComparedCondition) -> str:
    if paired := row.paired:
        ends = formatting.interval(paired.low, paired.high, formatting.POINTS, unit_shown=False)
        interval = f" [{ends}, {formatting.level(paired.level)}]" if paired.low < paired.high else ""
        return (
            f"{formatting.points(paired.estimate)}{interval} on "
            f"{formatting.counted(paired.n, 'shared problem')}, "
            f"{formatting.lost_and_gained(paired.broken, paired.fixed, 'CORRECT')}"
        )
    if row.drift is None:
        return _NOTHING
    return f"{_drift(row.drift)}, {row.drift.how}"


def flipped_rows(comparison: Comparison, *, most: int | None = None) -> list[Row]:
    """The first problems that flipped under each condition, broken and fixed by turns, and how many more there are."""
    rows: list[Row] = []
    for row in comparison.conditions:
        if not row.paired or not (count := row.paired.broken + row.paired.fixed):
            continue
        shown = _by_turns(row.flipped)[: most or len(row.flipped)]
        rows += [_flip(row.name, problem) for problem in shown]
        if more := count - len(shown):
            rows.append((row.name, f"and {formatting.count(more)} more", "", "", "", ""))
    return rows


def _by_turns(flipped: tuple[FlippedProblem, ...]) -> list[FlippedProblem]:
    kinds = [[problem for problem in flipped if problem.right == right] for right in ("before", "after")]
    turns = [(turn, kind, problem) for kind, those in enumerate(kinds) for turn, problem in enumerate(those)]
    return [problem for _, _, problem in sorted(turns, key=lambda each: each[:2])]


def _flip(condition: str, problem: FlippedProblem) -> Row:
    number = problem.problem_id if problem.place is None else f"{formatting.count(problem.place)}"
    sides = [
        f"{_NOTHING if answer is None else answer}{' (right)' if problem.right == side else ''}"
        for side, answer in (("before", problem.before), ("after", problem.after))
    ]
    return (condition, number, problem.gold, *sides, _clipped(problem.question))


def _clipped(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _QUESTION else f"{line[: _QUESTION - 1]}…"


def input_rows(comparison: Comparison, *, changed_only: bool = False) -> list[Row]:
    """What went in, before and after; changed inputs first."""
    inputs = sorted(comparison.inputs, key=lambda row: not row.changed)
    return [
        (row.what, *(_value(side) for side in (row.before, row.after)))
        for row in inputs
        if row.changed or not changed_only
    ]


def _value(value: JsonValue) -> str:
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, list):
        return ", ".join(map(str, value)) or _NOTHING
    return f"{value:g}" if isinstance(value, float) else str(value)
