"""Which side a claim takes, and the alternative hypothesis that it is tested as."""

from enum import StrEnum

from ctlab.statistics.paired.rates import SIDES


class Direction(StrEnum):
    """Which side a claim takes."""

    INCREASE = "increase"
    DECREASE = "decrease"
    CHANGE = "change"
    EQUIVALENT = "equivalent"

    @property
    def alternative(self) -> str:
        """The alternative of an effect that was tested for it."""
        return _ALTERNATIVES[self]


_ALTERNATIVES = {**SIDES, Direction.EQUIVALENT: "equivalence"}
