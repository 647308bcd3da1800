"""The same question at another level: parts are refuted at α / K, controls are looked at in a plain 95 % interval."""

from dataclasses import dataclass

from ctlab.statistics.checks import TAIL_95

CONTROL_ALPHA = TAIL_95
"""Level of a control's one-sided test, so that its interval is a plain 95 % one: controls cost no α."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLevel:
    """What a statistic must know of a claim, at a level of its own."""

    direction: str
    """As the claim's."""
    margin: float
    """As the claim's."""
    alpha: float
    """The other level."""
