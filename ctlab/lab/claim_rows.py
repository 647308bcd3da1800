"""A claim's row in report.json; travels from a worker on the test's report, so it holds JSON builtins only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ctlab.claims import Claim, Family, holm_across_families
from ctlab.claims.reasons import as_sentence, void
from ctlab.records import Judgement, Verdict


def claim_row(claim: Claim, alpha: float | None) -> dict[str, Any]:
    """Describe a claim that has not been judged."""
    form = claim.to_json()
    return {
        **form,
        # In the form of a judged claim's controls, without what they showed.
        "controls": [{"control": control} for control in form["controls"]],
        "digest": "",
        "alpha": alpha,
        "status": "not_run",
        "verdict": None,
        "accepted": None,
        "exploratory": False,
        "deviation": "",
        "remarks": [],
        "looks": [],
        "registration": "",
        "reason": "",
        "why": "",
        "outlook": "",
        "null": "",
        "compared": None,
        "counts": "",
        "noun": "",
        "effect": None,
        "flags": [],
        "examples": [],
        "nodeid": None,
        "seconds": None,
    }


def judged(row: Mapping[str, Any], judgement: Judgement) -> dict[str, Any]:
    """Add a judgement to a claim's row."""
    form = judgement.to_json()
    del form["claim_id"]  # the row's id
    return {**row, **form, "status": "judged"}


def voided(row: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """Call a claim VOID whose condition could not be certified, so that nothing was generated for it."""
    why = void([reason])
    return {**row, "status": "judged", "verdict": str(Verdict.VOID), "reason": why, "why": why}


def unjudged(row: Mapping[str, Any], status: str, reason: str) -> dict[str, Any]:
    """Say why a claim has no verdict."""
    return {**row, "status": status, "verdict": None, "effect": None, "reason": reason, "why": as_sentence(reason)}


def of_repeats(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return one row of a claim whose test ran several times: an error counts, and verdicts that differ are one.

    The same test on the same answers judges the same; where it does not, none of its verdicts is worth anything.
    """
    *_, last = [row for row in rows if row["status"] != "not_run"] or rows
    errors = [row for row in rows if row["status"] == "error"]
    verdicts = dict.fromkeys(row["verdict"] for row in rows if row["status"] == "judged")
    if errors:
        return dict(errors[0])
    if len(verdicts) > 1:
        return unjudged(last, "error", f"repeated on the same answers, its test judged {', then '.join(verdicts)}")
    return dict(next((row for row in rows if row["status"] == "judged"), last))


def with_holm(rows: Sequence[Mapping[str, Any]], families: Iterable[Family]) -> list[dict[str, Any]]:
    """Add each p-value as Holm adjusts it across its family, where all of it was judged; nothing is decided by it.

    A VOID claim's p-value means nothing, so its family has none that are adjusted.
    """
    p_values = {
        row["id"]: row["effect"]["p_value"]
        for row in rows
        if row["verdict"] not in (None, str(Verdict.VOID)) and row["effect"]
    }
    adjusted = holm_across_families(families, p_values)
    return [{**row, "holm_p": adjusted.get(row["id"])} for row in rows]
