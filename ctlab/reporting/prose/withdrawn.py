"""Claims that were given up after their answers were seen, and keep counting in the α of their family."""

from ctlab.reporting.model.run_report import Report

KEEPS_COUNTING = "it keeps counting in the α of"
"""End of the note on a withdrawn claim, before its family (ctlab/lab/registered_claims.py)."""


def withdrawn(report: Report, family: str) -> int:
    """Count the withdrawn claims that keep counting in a family's α; a report holds them as notes, one each."""
    return sum(note.endswith(f"{KEEPS_COUNTING} {family}") for note in report.notes)
