"""An effect as a line on an axis: where its intervals lie relative to zero, to a margin, to the null hypothesis.

Only geometry: positions are percentages of the drawing's width, so that the page can draw it at any width with text at
its own size.
"""

from dataclasses import dataclass

from ctlab import formatting
from ctlab.reporting.html.axis import Axis, boundaries, no_effect
from ctlab.reporting.model.claim_row import ClaimRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """One effect on an axis; all positions in percent of the width."""

    axis: Axis
    """The scale that the positions refer to."""
    estimate: float
    """The point estimate."""
    deciding: tuple[float, float]
    """The interval that decides (drawn thick)."""
    unadjusted: tuple[float, float] | None
    """The unadjusted 95 % interval (drawn thin), where there is one."""
    zero: float | None
    """Where "no effect" is, when it is on the axis."""
    boundaries: tuple[float, ...]
    """Where the null hypothesis ends: one margin, or both ends of an equivalence range."""
    claimed: tuple[float, float] | None
    """The side or range that the claim speaks of (shaded)."""
    words: str
    """The same as a sentence."""


def forest(claim: ClaimRow, scale: Axis) -> Forest | None:
    """Place a claim's effect on an axis; None where there is no estimate to place."""
    effect, unit, plain = claim.effect, claim.unit, claim.interval_95
    if effect is None or (measured := effect.measured) is None:
        return None

    def place(value: float) -> float:
        return scale.place(formatting.on_axis(value, unit))

    edges, zero = boundaries(effect), no_effect(unit)
    claimed = {
        "equivalence": (place(edges[0]), place(edges[-1])),
        "greater": (place(edges[0]), 100.0),
        "less": (0.0, place(edges[0])),
        "two-sided": None,
    }
    return Forest(
        axis=scale,
        estimate=place(measured.estimate),
        deciding=(place(measured.low), place(measured.high)),
        unadjusted=(place(plain[0]), place(plain[1])) if plain else None,
        zero=place(zero) if scale.low <= formatting.on_axis(zero, unit) <= scale.high else None,
        boundaries=tuple(place(edge) for edge in edges if edge != zero),
        claimed=claimed[effect.alternative],
        words=(
            f"{formatting.quantity(measured.estimate, unit, edges)}, {formatting.level(effect.level)} interval "
            f"{formatting.interval(measured.low, measured.high, unit, edges)}"
        ),
    )
