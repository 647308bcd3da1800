"""A registered claim that waits for its effect: what a claim test, or a notebook, holds in its hands."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ctlab.claims import Claim, Direction
from ctlab.errors import ClaimError
from ctlab.records import Effect, Judgement, Verdict

if TYPE_CHECKING:
    from ctlab.outcomes import Run


class PendingClaim:
    """Tells statistics what is claimed and at which α, takes the effect, keeps the judgement."""

    def __init__(
        self,
        claim: Claim,
        alpha: float,
        judge: Callable[[Claim, Effect], Judgement],
        run: "Callable[[str], Run] | None" = None,
    ) -> None:
        self.claim = claim
        self.alpha = alpha
        self.judgement: Judgement | None = None
        self.asserted = False
        """Whether anything hung on a comparison of the verdict: an `assert`, in the test or in what it calls."""
        self._judge = judge
        self._run = run

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

    def effect(self, *measured: Any, **options: Any) -> Effect:
        """Return the effect that the claim is judged by: the statistic of its kind, of what the claim names.

        Parameters
        ----------
        *measured
            What the test measured, for a claim about measurements: as the statistic takes it before the claim
            (`docs/kinds.md`). Nothing for a claim that compares runs, which are those of its conditions.
        **options
            Further arguments of the statistic, by name.

        Raises
        ------
        ClaimError
            When measurements are given to a claim that compares runs, or none to one about measurements.
        """
        import ctlab.statistics

        rules = self.claim.kind.rules
        names = rules.taken(self.claim)
        rules.check_given(self.claim, measured)
        if names and self._run is None:
            raise ClaimError(f"claim {self.claim.id!r} has no runs here; call its statistic with runs of your own")
        runs = [self._run(name) for name in names] if self._run else []
        call = rules.call(self.claim, runs, measured)
        statistic: Callable[..., Effect] = getattr(ctlab.statistics, call.statistic)
        return statistic(*call.before, self, **{**call.options, **options})

    def judge(self, effect: Effect) -> Verdict:
        """Judge the claim by an effect, with the controls and certificates of its conditions; once, or ClaimError.

        The verdict is compared, by ``==``: it is no truth value.
        """
        if self.judgement is not None:
            # A second look at the data would be a second chance, which α does not count.
            raise ClaimError(f"claim {self.claim.id!r} was judged twice; compute one effect and judge it once")
        self.judgement = self._judge(self.claim, effect)
        return self.judgement.verdict.watched(self._note_asserted)

    def begin_anew(self) -> None:
        """Forget the judgement, for a test that is run again on the same data."""
        self.judgement, self.asserted = None, False

    def _note_asserted(self) -> None:
        self.asserted = True
