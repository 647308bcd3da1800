"""Verdicts in the terminal: letters, words, and the table at the end. pytest's own categories stay as they are."""

from collections.abc import Mapping, Sequence
from typing import Any

LETTERS = {"SUPPORTED": "S", "REFUTED": "R", "INCONCLUSIVE": "I", "VOID": "V"}
COLOURS = {"SUPPORTED": "green", "REFUTED": "red", "INCONCLUSIVE": "yellow", "VOID": "red"}

_SHOWN = 6


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
    families = list(dict.fromkeys(row["family"] for row in shown))
    width = max((len(row["id"]) for row in shown), default=0)
    lines = []
    for row in sorted(shown, key=lambda row: families.index(row["family"])):
        verdict = row.get("verdict") or "ERROR"
        was = f"was accepted as {row['accepted']}. " if row.get("accepted") not in (None, verdict) else ""
        lines.append(
            (f"{row['id']:<{width}}  {verdict:<12}  {was}{finding(row)}".rstrip(), COLOURS.get(verdict, "red"))
        )
    return lines


def finding(row: Mapping[str, Any]) -> str:
    """What was measured, in one line; the report has the rest. The first line of what went wrong, where that is it."""
    if row["effect"] is None or row["verdict"] == "VOID":  # no number of a void claim counts
        return str(row["reason"]).partition("\n")[0]
    from ctlab import formatting
    from ctlab.claims.reasons import in_words
    from ctlab.records import Effect

    effect = Effect.from_json(row["effect"])
    if not effect.estimated:
        return f"{in_words(effect)}: {effect.undecided}"
    return f"{in_words(effect)}, {formatting.p_value(effect.p_value)}"


def remark_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a reader must know of some claims, grouped by reason: which are exploratory, which have no verdict."""
    exploratory: dict[str, list[str]] = {}
    unjudged: dict[str, list[str]] = {}
    for row in rows:
        if row["status"] in ("not_run", "skipped"):
            unjudged.setdefault(row["reason"] or "not selected", []).append(row["id"])
        elif row["exploratory"]:
            exploratory.setdefault(row["deviation"], []).append(row["id"])
    return [
        *(f"EXPLORATORY ({why}): {_named(ids)}" for why, ids in exploratory.items()),
        *(f"{len(ids)} not judged ({why}): {_named(ids)}" for why, ids in unjudged.items()),
    ]


def _named(ids: Sequence[str]) -> str:
    # The report lists them all; a terminal is not the place for two dozen names.
    return ", ".join(ids) if len(ids) <= _SHOWN else f"{', '.join(ids[:_SHOWN])} and {len(ids) - _SHOWN} more"
