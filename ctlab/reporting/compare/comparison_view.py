"""A comparison of two runs in words: headline, then sections, for terminal, Markdown and page alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import TextWrapper

from ctlab import formatting
from ctlab.reporting.compare import comparison_rows as rows
from ctlab.reporting.compare.comparison_rows import Row
from ctlab.reporting.model.compared_runs import Change, Comparison, How
from ctlab.untrusted_text import visible

_IDS_SHOWN = 6  # ids in a line on a terminal: they take two or three lines
_SENTENCES = TextWrapper(width=120, break_on_hyphens=False)  # tables are as wide as they must be; ids stay whole
_LEFT_OUT = "Their rows are left out: --all shows them."
_WHY: dict[Change, str] = {
    "not run": "judged in one run only, because the other did not run {them}",
    "stopped": "stopped with an error in one run",
    "new": "in the later run only",
    "gone": "in the earlier run only",
    "unjudged": "judged in neither run",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table with its title and what must be said of it."""

    title: str
    """What it shows."""
    head: Row
    """Names of its columns."""
    rows: Sequence[Row]
    """Its rows."""
    note: str = ""
    """A sentence below the title; empty for none."""


def opening(comparison: Comparison) -> str:
    """That nothing changed; empty where something did."""
    if not comparison.unchanged:
        return ""
    verdicts = formatting.counted(comparison.counts.get("same", 0), "verdict")
    effects = formatting.counted(sum(row.alike for row in comparison.claims), "effect")
    conditions = formatting.counted(sum(row.in_both for row in comparison.conditions), "condition")
    return f"Nothing changed: {verdicts}, {effects} and the accuracies of {conditions} are the same in both runs."


def inputs_line(comparison: Comparison) -> str:
    """What went into one run only: said before anything that could come of it."""
    changed = [row.what for row in comparison.inputs if row.changed]
    if not changed:
        return "Both runs had the same model, problems, decoding, versions and conditions."
    return f"What went in differs: {formatting.listed(changed)}."


def headline(comparison: Comparison) -> str:
    """How many verdicts changed of those that both runs have, and how many claims only one of them judged."""
    counts = comparison.counts
    both = counts.get("same", 0) + counts.get("changed", 0)
    verdicts = "1 verdict" if both == 1 else f"{formatting.count(both)} verdicts"
    text = f"{formatting.count(comparison.verdicts_changed)} of {verdicts} that both runs have changed."
    for change, why in _WHY.items():
        if number := counts.get(change, 0):
            claims = formatting.counted(number, "claim")
            text += f" {claims} {why.format(them='it' if number == 1 else 'them')}."
    if restated := sum(row.restated for row in comparison.claims):
        claims = formatting.counted(restated, "claim was", "claims were")
        text += f" {claims} restated: the two verdicts are about two claims."
    levels = [row for row in comparison.claims if any(part.what == "alpha" for part in row.restatements)]
    if levels:
        text += f" {formatting.counted(len(levels), 'claim was', 'claims were')} judged at another α."
    return text


def paragraph_line(comparison: Comparison) -> str:
    """Whether the paragraph about what thoughts do is the same; empty where neither run has one."""
    before, after = comparison.explanations
    if before is None and after is None:
        return ""
    if before is None or after is None:
        return f"Only the {'earlier' if before else 'later'} run judged what thoughts do."
    if before == after:
        return "Both runs say the same of what thoughts do."
    if comparison.same_roles:
        return "Both runs give each thought the same role; the wording or the numbers of the paragraph differ."
    return f"What thoughts do, before: {before}\nAfter: {after}"


def sections(comparison: Comparison, *, whole: bool) -> list[Section]:
    """All tables, ``whole`` or only with what changed."""
    shown = (
        Section(title="What went in", head=rows.INPUTS, rows=rows.input_rows(comparison, changed_only=not whole)),
        Section(title="Verdicts", head=rows.VERDICTS, rows=rows.verdict_rows(comparison, changed_only=not whole)),
        Section(title="Restated claims, and other levels", head=rows.RESTATED, rows=rows.restated_rows(comparison)),
        Section(
            title="Drift of effects",
            head=rows.DRIFT,
            rows=rows.drift_rows(comparison, changed_only=not whole),
            note=drift_note(comparison, whole=whole),
        ),
        Section(
            title="Cells that show something else", head=rows.CELLS, rows=rows.cell_rows(comparison, counted=not whole)
        ),
        Section(
            title="Accuracy",
            head=rows.ACCURACY,
            rows=rows.accuracy_rows(comparison, changed_only=not whole),
            note=accuracy_note(comparison, whole=whole),
        ),
        Section(
            title="Problems that flipped",
            head=rows.FLIPPED,
            rows=rows.flipped_rows(comparison, most=None if whole else rows.FLIPPED_SHOWN),
            note=flipped_note(comparison),
        ),
    )
    return [section for section in shown if section.rows or section.note]


_WAYS: dict[How, str] = {
    "same answers": "Same answers: every answer of the compared conditions is the same, so there is no interval.",
    "paired": "Paired: problem by problem, on those that both runs answered (Gaffke's interval of a mean); where a run "
    "answered others as well, the drift is not the difference of the two effects.",
    "independent": "Independent: from both intervals, as the runs share no problem (Zou and Donner's MOVER).",
    "any dependence": "Any dependence: from end to end of both intervals, whatever the runs share, because what "
    "the reports keep of each problem does not add up to the effect; the level is a lower bound.",
}
"""How an interval of a difference was worked out."""


def drift_note(comparison: Comparison, *, whole: bool) -> str:
    """How many effects moved, and how the intervals in the rows were worked out: a sentence for each way."""
    drifts = [row.drift for row in comparison.claims if row.drift]
    if not drifts:
        return ""
    moved = sum(drift.moved for drift in drifts)
    effects = formatting.counted(len(drifts), "effect")
    said = (
        f"{formatting.count(moved)} of {effects} moved: the interval leaves out 0 (*), not corrected for their number."
    )
    still = [row for row in comparison.claims if row.drift and row.still]
    if alike := sum(row.alike for row in still):
        said += f" {formatting.count(alike)} {'is' if alike == 1 else 'are'} the same to the last digit."
    if same := sum(not row.alike for row in still):
        said += f" {formatting.count(same)} {'is' if same == 1 else 'are'} the same on shared problems."
    if still and not whole:
        said += f" {_LEFT_OUT}"
    claims = [row for row in comparison.claims if whole or not row.still]
    conditions = [row for row in comparison.conditions if whole or not row.still]
    used = {row.drift.how for row in claims if row.drift} | {row.drift.how for row in conditions if row.drift}
    return " ".join([said, *(text for how, text in _WAYS.items() if how in used)])


def accuracy_note(comparison: Comparison, *, whole: bool) -> str:
    """How many conditions one run has no answers of, and of how many that both have the rows are left out."""
    once = sum(not row.in_both for row in comparison.conditions)
    said = [f"{formatting.counted(once, 'condition')} did not run in both."] if once else []
    both = [row for row in comparison.conditions if row.in_both]
    if not whole and (still := sum(row.still for row in both)):
        conditions = formatting.counted(len(both), "condition")
        said.append(f"No change under {formatting.count(still)} of {conditions}. {_LEFT_OUT}")
    return " ".join(said)


def flipped_note(comparison: Comparison) -> str:
    """How many problems could be compared under how many conditions."""
    paired = [row.paired for row in comparison.conditions if row.paired]
    both = sum(row.in_both for row in comparison.conditions)
    if not paired:
        apart = any(row.drift and row.drift.how == "independent" for row in comparison.conditions)
        why = "the runs share no problem" if apart else "the reports do not both hold answers to a problem"
        return f"Nothing can be compared by problem: {why}." if both else ""
    shared = formatting.listed(sorted({formatting.count(pair.n) for pair in paired}), "or")
    broken, fixed = sum(pair.broken for pair in paired), sum(pair.fixed for pair in paired)
    conditions = f"{len(paired)} of {formatting.counted(both, 'condition')}"
    said = f"{conditions} can be compared by problem, on {shared} problems: "
    if not broken + fixed:
        return f"{said}none flipped."
    return (
        f"{said}{formatting.counted(broken + fixed, 'answer')} flipped, "
        f"{formatting.count(broken)} from right to wrong, {formatting.count(fixed)} from wrong to right."
    )


def terminal(comparison: Comparison, *, whole: bool = False) -> str:
    """The comparison for a terminal: what went in first; ``whole`` with rows of what did not change."""
    if (nothing := opening(comparison)) and not whole:
        return _SENTENCES.fill(f"{nothing} {inputs_line(comparison)} --all shows every row.")
    parts = [nothing, _SENTENCES.fill(inputs_line(comparison))]
    tables = sections(comparison, whole=whole)
    if tables and tables[0].head == rows.INPUTS:
        parts.append(_columns(tables[0]))
        del tables[0]
    said = (headline(comparison), *_listed_claims(comparison), paragraph_line(comparison))
    parts += ["\n".join(_SENTENCES.fill(line) for line in text.split("\n")) for text in said]
    for section in tables:
        titled = _SENTENCES.fill(f"{section.title}. {section.note}".rstrip())
        parts.append(f"{titled}\n{_columns(section)}" if section.rows else titled)
    return "\n\n".join(visible_lines(part) for part in parts if part)


def visible_lines(text: str) -> str:
    """Make what somebody else wrote fit for a terminal, line by line."""
    return "\n".join(visible(line) for line in text.split("\n"))


def _listed_claims(comparison: Comparison) -> list[str]:
    """Ids of the claims that one run judged, a line a kind; of those that neither did only the number is said."""
    lines = []
    for change in ("not run", "stopped", "new", "gone"):
        ids = [row.id for row in comparison.claims if row.change == change]
        more = f" and {len(ids) - _IDS_SHOWN} more" if len(ids) > _IDS_SHOWN else ""
        if ids:
            lines.append(f"{change}: {', '.join(ids[:_IDS_SHOWN])}{more}")
    return ["\n".join(lines)] if lines else []


def markdown(comparison: Comparison) -> str:
    """The whole comparison as Markdown, for a pull request."""
    before, after = comparison.before, comparison.after
    parts = [
        "# Comparison of two runs",
        f"Before: `{before.folder}` {before.started}  \nAfter: `{after.folder}` {after.started}",
        *filter(None, (opening(comparison), inputs_line(comparison), headline(comparison), paragraph_line(comparison))),
    ]
    for section in sections(comparison, whole=True):
        parts += [f"## {section.title}", *([section.note] if section.note else [])]
        if section.rows:
            lines = [section.head, tuple("---" for _ in section.head), *section.rows]
            parts.append("\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines))
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return visible(text).replace("|", "\\|").replace("\n", " ")


def _columns(section: Section) -> str:
    lines = [tuple(visible(cell) for cell in line) for line in (section.head, *section.rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(section.head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
