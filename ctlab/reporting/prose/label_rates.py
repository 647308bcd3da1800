"""How often a claim's outcome occurs under each condition; for an error label also beside its chance rate."""

from ctlab import formatting
from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.reporting.model.outcome_table import OutcomeCell
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.prose.glossary import BEYOND
from ctlab.reporting.prose.sentences import Evidence


def label_rates(claim: ClaimRow, report: Report) -> list[Evidence]:
    """Return the outcome's counts and rates under the compared conditions, and what of them is beyond chance.

    A label that rises only because there are more wrong answers stays where it was beyond chance: counts alone, which
    the test compares, do not show that.
    """
    counted, beyond = [], []
    for name in claim.conditions:
        row, cells = report.condition(name), {**report.outcomes.get(name, {}), **report.own_outcomes(name)}
        cell = cells.get(claim.outcome)
        if row is None or not row.n:
            continue
        if cell:
            counted.append(f"{name} {formatting.share_of(cell.count, row.n)}")
            if words := chance_words(cell, claim.outcome):
                beyond.append(f"{name} {', '.join(words)}")
        elif claim.outcome == "CORRECT" and row.correct is not None:
            counted.append(f"{name} {formatting.share_of(row.correct, row.n)}")
    named = f"“{formatting.outcome(claim.outcome)}”"
    rows = [Evidence(label=f"Rate of {named}", text="; ".join(counted))] if counted else []
    if beyond:
        rows.append(Evidence(label=f"{named} beside chance", text="; ".join(beyond), tip=f"chance-corrected: {BEYOND}"))
    return rows


def chance_words(cell: OutcomeCell, label: str = "") -> list[str]:
    """Say a label's share of the wrong answers with its chance rate, and what is beyond; nothing where none applies.

    Of correct answers that are no numbers: their share of all that could be read.
    """
    if cell.chance is None or cell.share is None:
        return []
    among = "answers that could be read" if label == "CORRECT" else "wrong answers"
    lines = [f"{formatting.percent(cell.share)} of {among}, chance {formatting.percent(cell.chance)}"]
    if cell.corrected is not None:
        ends = ""
        if cell.low is not None and cell.high is not None:
            ends = f" [{formatting.rate_interval(cell.low, cell.high)}]"
        # Not the difference of the two rates before it, but that difference as a part of 1 − chance.
        lines.append(f"chance-corrected {formatting.percent(cell.corrected)}{ends}")
    return lines
