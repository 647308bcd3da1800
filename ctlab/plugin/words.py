"""Verdicts in the terminal: letters, words, and the table at the end. pytest's own categories stay as they are."""

from collections.abc import Mapping, Sequence
from typing import Any

LETTERS = {"SUPPORTED": "S", "REFUTED": "R", "INCONCLUSIVE": "I", "VOID": "V"}
COLOURS = {"SUPPORTED": "green", "REFUTED": "red", "INCONCLUSIVE": "yellow", "VOID": "red"}


def status_word(
    row: Mapping[str, Any], outcome: str, *, expected: bool
) -> tuple[str, str, tuple[str, dict[str, bool]]]:
    """Category, letter and word of a claim's report; the category is one of pytest's own, which its summary knows."""
    if row["status"] == "error":
        return "error", "E", ("ERROR", {"red": True})
    verdict = str(row["verdict"])
    if expected:
        return "xfailed", LETTERS[verdict].lower(), (verdict, {"yellow": True})
    if outcome == "failed" and row.get("accepted") not in (None, verdict):
        return "failed", LETTERS[verdict], (f"{verdict}, was {row['accepted']}", {"red": True})
    return outcome, LETTERS[verdict], (verdict, {COLOURS[verdict]: True})


def verdict_lines(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """One line a claim that was judged or went wrong, with its colour; families in order of appearance."""
    shown = [row for row in rows if row["status"] in ("judged", "error")]
    width = max((len(row["id"]) for row in shown), default=0)
    lines = []
    for row in sorted(shown, key=lambda row: [each["family"] for each in shown].index(row["family"])):
        verdict = row.get("verdict") or "ERROR"
        notes = [row["reason"]] if row.get("reason") else []
        accepted = row.get("accepted")
        if accepted not in (None, verdict):
            notes.insert(0, f"was accepted as {accepted}.")
        if row.get("exploratory"):
            notes.append(f"EXPLORATORY: {row['deviation']}.")
        lines.append((f"{row['id']:<{width}}  {verdict:<12}  {' '.join(notes)}".rstrip(), COLOURS.get(verdict, "red")))
    return lines


def not_run_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Claims without a verdict, grouped by reason."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        if row["status"] in ("not_run", "skipped"):
            reasons.setdefault(row.get("reason") or "not selected", []).append(row["id"])
    return [f"{len(ids)} not judged ({reason}): {', '.join(ids)}" for reason, ids in reasons.items()]
