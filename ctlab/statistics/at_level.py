"""The same question at another level: parts are refuted at α / K, controls are looked at in a plain 95 % interval."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLevel:
    """What a statistic must know of a claim, at a level of its own."""

    direction: str
    """As the claim's."""
    margin: float
    """As the claim's."""
    alpha: float
    """The other level."""
