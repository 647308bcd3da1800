"""Scales that the effects of a report's claims share: one for each unit."""

from collections.abc import Iterable, Sequence

from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.showing.scale import Axis, axis, boundaries


def shared_axes(claims: Iterable[ClaimRow]) -> dict[str, Axis]:
    """One axis for all effects of a unit."""
    units: dict[str, list[ClaimRow]] = {}
    for claim in claims:
        if claim.effect and claim.effect.measured:
            units.setdefault(claim.unit, []).append(claim)
    return {unit: effect_axis(rows) for unit, rows in units.items()}


def effect_axis(claims: Sequence[ClaimRow]) -> Axis:
    """Fit an axis around the effects of claims of one unit: their intervals, and where their null hypotheses end."""
    values = [value for claim in claims for value in _ends(claim)]
    return axis(values, claims[0].unit)


def _ends(claim: ClaimRow) -> list[float]:
    """Every value of a claim that an axis must reach."""
    measured = claim.effect.measured if claim.effect else None
    if claim.effect is None or measured is None:
        return []
    return [*measured, *(claim.interval_95 or ()), *boundaries(claim.effect)]
