"""A comparison of two runs as rows of text, and those rows for a terminal and as Markdown."""

from collections.abc import Sequence

from ctlab import formatting
from ctlab.reporting.model.compared_runs import ComparedClaim, ComparedCondition, Comparison
from ctlab.reporting.model.effects import EffectRow
from ctlab.untrusted_text import visible

Row = tuple[str, ...]


def headline(comparison: Comparison) -> str:
    """How many verdicts and inputs changed."""
    verdicts = formatting.counted(comparison.verdicts_changed, "verdict")
    inputs = formatting.counted(sum(row.changed for row in comparison.inputs), "input")
    text = f"{verdicts} of {formatting.count(len(comparison.claims))} changed; {inputs} changed."
    if restated := sum(row.restated for row in comparison.claims):
        claims = formatting.counted(restated, "claim was", "claims were")
        text += f" {claims} restated: the two verdicts are about two claims."
    return text


def claim_rows(comparison: Comparison, *, changed_only: bool = False) -> list[Row]:
    """Claim, verdict before and after, effect before and after; changed verdicts first."""
    rows = sorted(comparison.claims, key=lambda row: not row.changed)
    return [
        (
            row.id + (" (restated)" if row.restated else ""),
            row.before,
            row.after,
            *(_effect(row, effect) for effect in row.effects),
        )
        for row in rows
        if row.changed or not changed_only
    ]


def _effect(row: ComparedClaim, effect: EffectRow | None) -> str:
    if effect is None:
        return "–"
    if (measured := effect.measured) is None:
        return f"{formatting.NO_ESTIMATE}, n = {formatting.count(effect.n)}"
    unit, marks = effect.unit_on(row.scale), effect.landmarks
    ends = formatting.interval(measured.low, measured.high, unit, marks, unit_shown=False)
    return (
        f"{formatting.quantity(measured.estimate, unit, marks)} "
        f"[{ends}, {formatting.level(effect.level)}], n = {formatting.count(effect.n)}"
    )


def condition_rows(comparison: Comparison) -> list[Row]:
    """Condition, accuracy before and after, paired difference."""
    rows = []
    for row in comparison.conditions:
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
        return (
            f"{formatting.points(paired.estimate)} [{ends}, {formatting.level(paired.level)}], "
            f"{formatting.lost_and_gained(paired.broken, paired.fixed, 'CORRECT')}"
        )
    before, after = (side.accuracy if side else None for side in (row.before, row.after))
    if before is None or after is None:
        return "–"
    return f"{formatting.points(after - before)}, not paired, no interval"


def input_rows(comparison: Comparison, *, changed_only: bool = False) -> list[Row]:
    """What went in, before and after; changed inputs first."""
    rows = sorted(comparison.inputs, key=lambda row: not row.changed)
    return [
        (row.what, *("–" if side is None else str(side) for side in (row.before, row.after)))
        for row in rows
        if row.changed or not changed_only
    ]


HEADS = {
    "claims": ("claim", "before", "after", "effect before", "effect after"),
    "conditions": ("condition", "before", "after", "difference in accuracy"),
    "inputs": ("input", "before", "after"),
}


def terminal(comparison: Comparison) -> str:
    """The comparison for a terminal: what changed, and every condition."""
    parts = [headline(comparison)]
    claims, inputs = claim_rows(comparison, changed_only=True), input_rows(comparison, changed_only=True)
    if claims:
        parts.append(_columns(HEADS["claims"], claims))
    if conditions := condition_rows(comparison):
        parts.append(_columns(HEADS["conditions"], conditions))
    if inputs:
        parts.append(_columns(HEADS["inputs"], inputs))
    return "\n\n".join(parts)


def markdown(comparison: Comparison) -> str:
    """The whole comparison as Markdown, for a pull request."""
    before, after = comparison.before, comparison.after
    parts = [
        "# Comparison of two runs",
        f"Before: `{before.folder}` {before.started}  \nAfter: `{after.folder}` {after.started}",
        headline(comparison),
    ]
    tables = (
        ("Verdicts", "claims", claim_rows(comparison)),
        ("Accuracy", "conditions", condition_rows(comparison)),
        ("Inputs", "inputs", input_rows(comparison)),
    )
    for title, name, rows in tables:
        if rows:
            lines = [HEADS[name], tuple("---" for _ in HEADS[name]), *rows]
            parts += [f"## {title}", "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)]
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return visible(text).replace("|", "\\|").replace("\n", " ")


def _columns(head: Row, rows: Sequence[Row]) -> str:
    lines = [tuple(visible(cell) for cell in line) for line in (head, *rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
