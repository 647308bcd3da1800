"""Words that several kinds share: of what a rate is, what a number is called, where a null hypothesis ends."""

import re

from ctlab import formatting
from ctlab.claims.kinds.base import ClaimData, Pair
from ctlab.records.effect import Effect
from ctlab.statistics.checks import NULL_SIGN
from ctlab.statistics.paired.chance_corrected import BEYOND_CHANCE, RATE
from ctlab.statistics.paired.difference import PAIRED_NULL


def of_rate(outcome: str) -> str:
    """Name the outcome whose rate is meant, behind a noun; empty for all outcomes."""
    return f" of “{formatting.outcome(outcome)}”" if formatting.is_outcome(outcome) else ""


def in_rate(outcome: str) -> str:
    """Name the rate that a difference is in, behind a noun; empty for all outcomes."""
    return f" in the rate{of_rate(outcome)}" if of_rate(outcome) else ""


def rate_noun(claim: ClaimData, effect: Effect) -> str:
    """Say of which rate an effect is the difference: of the outcome that decides, where the claim is about several."""
    noun = formatting.effect_noun(effect.unit)
    if effect.unit != formatting.POINTS:
        return noun
    weakest = str(effect.details.get("weakest", ""))
    if weakest == BEYOND_CHANCE:
        return f"{noun} in the chance-corrected rate{of_rate(claim.outcome)} among wrong answers"
    if in_rate(weakest):
        return f"{noun}{in_rate(weakest)}, the outcome that decides"
    return f"{noun}{in_rate(claim.outcome)}"


def size(effect: Effect) -> str:
    """Write where a null hypothesis ends, without a sign."""
    return formatting.quantity(abs(effect.boundary), effect.unit).lstrip("+")


def rates_null(claim: ClaimData, effect: Effect, pair: Pair | None) -> str:
    """Write the null hypothesis of a paired difference with the names of both conditions."""
    chance = BEYOND_CHANCE in effect.details.get("parts", ())
    if pair is None or not (chance or effect.null.startswith(PAIRED_NULL)):
        return stated_null(effect)
    first, second = pair
    what = of_rate(claim.outcome)
    if chance:
        end = null_end(Effect.from_json(effect.details["parts"][RATE]))
        corrected = f"the chance-corrected rate does not {claim.direction}"
        return f"rate{what} under {second} minus rate under {first} {end}, or {corrected}"
    if effect.alternative == "equivalence":
        return f"the rates{what} under {first} and {second} differ by {size(effect)} or more"
    return f"rate{what} under {second} minus rate under {first} {null_end(effect)}"


def null_end(effect: Effect) -> str:
    """Write on which side of which number the null hypothesis lies: ≤ 0; ≥ −25.0 points; ≥ 2.0 points in size."""
    if effect.alternative == "equivalence":
        return f"≥ {size(effect)} in size"
    end = formatting.quantity(effect.boundary, effect.unit) if effect.boundary else "0"
    return f"{NULL_SIGN[effect.alternative]} {end}"


def stated_null(effect: Effect) -> str:
    """Return a null hypothesis as the statistic states it, its proportion in points."""
    if effect.unit != formatting.POINTS or not effect.boundary:
        return effect.null
    number = rf"(?P<minus>-?)(?<![\d.]){re.escape(f'{abs(effect.boundary):g}')}(?![\d.])"
    return re.sub(number, lambda match: (formatting.MINUS if match["minus"] else "") + size(effect), effect.null)
