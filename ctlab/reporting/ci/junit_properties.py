"""What JUnit's XML says of a claim: its verdict, its numbers and its flags, as properties of the test case."""

from collections.abc import Mapping
from typing import Any

from ctlab import formatting
from ctlab.claims import Claim
from ctlab.records import Effect, Verdict

PREFIX = "ctlab_"
"""Of every name, so that none is a suite's own."""


def junit_properties(claim: Claim, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return names and values from a claim's row; what it does not have is left out.

    Effect and interval are in the named unit (−19.6 and "points"), the level is a proportion.
    """
    facts = {
        "claim": row["id"],
        "family": row["family"],
        "status": row["status"],
        "verdict": row["verdict"],
        "accepted_verdict": row["accepted"],
        **_numbers(claim, row),
        "flags": "; ".join(row["flags"]),
    }
    return [(f"{PREFIX}{name}", str(value)) for name, value in facts.items() if value not in (None, "")]


def _numbers(claim: Claim, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return effect, interval, level, p and n; nothing of a VOID claim, no number of which counts."""
    if row["effect"] is None or row["verdict"] == Verdict.VOID:
        return {}
    from ctlab.claims.reasons import unit_of

    effect = Effect.from_json(row["effect"])
    unit = unit_of(claim, effect)
    found: dict[str, Any] = {"unit": unit, "level": effect.level, "n": effect.n}
    if effect.estimated:
        found |= {
            "effect": formatting.on_axis(effect.estimate, unit),
            "interval_low": formatting.on_axis(effect.low, unit),
            "interval_high": formatting.on_axis(effect.high, unit),
            "p": effect.p_value,
        }
    return found
