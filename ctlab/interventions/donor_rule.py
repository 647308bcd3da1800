"""Which donors a condition asks for, apart from how they are found: what a condition is depends on no problem."""

from dataclasses import dataclass

MINED, GENERATED, CROSSED = "mined", "generated", "crossed"
PAIRS = (MINED, GENERATED, CROSSED)
"""How donors are found that differ in one result alone, and what follows of it; docs/counterfactual.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Which donors a condition asks for."""

    step: int
    """Step of the worked solution, from 1."""
    same: bool
    """Whether a donor has the problem's own result at that step and nothing else in common, or another result there."""
    seed: int
    """Which of the donors that fit."""
    pairs: str = ""
    """One of `PAIRS`; empty: a donor may differ elsewhere too."""

    @property
    def generated(self) -> bool:
        """Whether donors are made of the problems, and are none of the set."""
        return self.pairs in (GENERATED, CROSSED)

    @property
    def words(self) -> str:
        """What a donor is."""
        if self.pairs:
            return f"{_WORDS[self.pairs]} {_SAME if self.same else _OTHER}".format(step=self.step)
        result = f"the same result of step {self.step} and other numbers elsewhere"
        return (
            f"a problem whose worked solution has the same shape and "
            f"{result if self.same else f'another result of step {self.step}'}"
        )


_WORDS = {
    MINED: "a problem of the set whose worked solution has the same shape and",
    GENERATED: "the same problem with another number in it, or one edge redirected, by which it has",
    CROSSED: "the same problem with one or two other numbers in it, or one or two edges redirected, by which it has",
}
_OTHER = "another result of step {step}, with all results the same that do not follow from it"
_SAME = "the same result of step {step}, with one other result that does not lead to it and what follows from that"
