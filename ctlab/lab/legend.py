"""What a reader of the terminal must know to read it: letters, levels, and where words are explained."""

from collections.abc import Iterable, Mapping
from typing import Any

from ctlab import formatting

LETTERS = (
    "letters: S SUPPORTED, R REFUTED, I INCONCLUSIVE, V VOID, E error; small (r, i): as accepted before, so expected"
)
WORDS = "words: `ctlab words TERM` says what a term means, `ctlab words` lists them all"
_SAME = 1e-6  # levels are stored with six digits


def legend(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what letters mean, and why intervals have the levels that they have, of the first that shows it."""
    return [LETTERS, *filter(None, [_levels(rows)])]


def _levels(rows: Iterable[Mapping[str, Any]]) -> str:
    """Say where a level comes from, with a claim as an example; empty where no claim has such a one."""
    for row in rows:
        effect, alpha = row.get("effect"), row.get("alpha")
        if row["status"] != "judged" or not effect or not alpha or effect.get("estimate") is None:
            continue
        for times in (2, 1):
            if abs(effect["level"] - (1.0 - times * alpha)) < _SAME:
                formula = f"1 − {'2' if times == 2 else ''}α"
                return (
                    f"interval: its level is that of the test, {formula} = {formatting.level(effect['level'])} for "
                    f"{row['id']}; α = {formatting.small(alpha)} is its share of its family's"
                )
    return ""
