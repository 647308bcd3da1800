"""What an effect decides: whether its p-value and interval support a claim, or its interval refutes it."""

from ctlab.claims.claim import Claim, Kind
from ctlab.records.effect import Effect

DECIDED_BY_P = (Kind.ERROR_MIX, Kind.NOT_ALL_EQUAL)
"""Kinds that test a whole vector at once; their interval describes its size, and a size is never below 0."""


def supports(claim: Claim, effect: Effect, alpha: float) -> bool:
    """Return whether the null hypothesis is rejected and the interval says the same."""
    if effect.p_value > alpha:
        return False
    if effect.alternative == "equivalence":
        return -effect.boundary < effect.low and effect.high < effect.boundary
    if effect.alternative == "greater":
        return effect.low > effect.boundary
    if effect.alternative == "less":
        return effect.high < effect.boundary
    if claim.kind in DECIDED_BY_P:
        return True
    return not effect.low <= effect.boundary <= effect.high


def refutes(effect: Effect) -> bool:
    """Return whether the interval lies wholly where the claim is false; a two-sided claim is never refuted."""
    low, high = effect.refuting or (effect.low, effect.high)
    if effect.alternative == "equivalence":
        return low > effect.boundary or high < -effect.boundary
    if effect.alternative == "greater":
        return high < effect.boundary
    if effect.alternative == "less":
        return low > effect.boundary
    return False
