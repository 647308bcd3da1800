"""A claim's effect on a shared axis: estimate, deciding interval, unadjusted interval, boundary of the claim."""

from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.showing.forest_plot import Forest, placed
from ctlab.showing.scale import Axis


def forest(claim: ClaimRow, scale: Axis) -> Forest | None:
    """Place a claim's effect on an axis; None where there is no estimate to place."""
    effect = claim.effect
    if effect is None or (measured := effect.measured) is None:
        return None
    return placed(effect, measured, effect.level, claim.unit, scale, claim.interval_95)
