"""A registered claim that waits for its effect: what a claim test, or a notebook, holds in its hands."""

from collections.abc import Callable

from ctlab.claims import Claim, Direction
from ctlab.errors import ClaimError
from ctlab.records import Effect, Judgement, Verdict


class PendingClaim:
    """Tells statistics what is claimed and at which α, takes the effect, keeps the judgement."""

    def __init__(self, claim: Claim, alpha: float, judge: Callable[[Claim, Effect], Judgement]) -> None:
        self.claim = claim
        self.alpha = alpha
        self.judgement: Judgement | None = None
        self._judge = judge

    def __repr__(self) -> str:
        return f"<claim {self.claim.id}>"

    @property
    def direction(self) -> Direction:
        """Which side the claim takes."""
        return self.claim.direction

    @property
    def margin(self) -> float:
        """Smallest effect of interest, or equivalence margin, in the unit of the effect."""
        return self.claim.margin

    def judge(self, effect: Effect) -> Verdict:
        """Judge the claim by an effect, with the controls and certificates of its conditions; once, or ClaimError."""
        if self.judgement is not None:
            # A second look at the data would be a second chance, which α does not count.
            raise ClaimError(f"claim {self.claim.id!r} was judged twice; compute one effect and judge it once")
        self.judgement = self._judge(self.claim, effect)
        return self.judgement.verdict
