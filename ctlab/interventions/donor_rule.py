"""Which donors a condition asks for, apart from how they are found: what a condition is depends on no problem."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Which donors a condition asks for."""

    step: int
    """Step of the worked solution, from 1."""
    same: bool
    """Whether a donor has the problem's own result at that step and nothing else in common, or another result there."""
    seed: int
    """Which of the donors that fit."""

    @property
    def words(self) -> str:
        """What a donor is."""
        result = f"the same result of step {self.step} and other numbers elsewhere"
        return (
            f"a problem whose worked solution has the same shape and "
            f"{result if self.same else f'another result of step {self.step}'}"
        )
