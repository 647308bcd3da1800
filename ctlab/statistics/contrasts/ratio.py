"""Ratio: how many times as much one condition costs as another."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.checks import TAIL_95, check_alpha, check_finite
from ctlab.statistics.means.tails import upper_sides
from ctlab.statistics.pairing import AnsweredRun, OutcomeLike, Question, check_runs, having
from ctlab.statistics.requested import check_requested

if TYPE_CHECKING:
    import numpy as np

_FURTHEST = 1e6
"""Ratio at which an end stops: a denominator that is above 0 by a hair bounds it somewhere, which nobody reads."""
_CONSTANT = 1e-12  # what rounding leaves of a spread of whole numbers times a ratio


@checked_arguments
def ratio(
    baseline: AnsweredRun, first: AnsweredRun, second: AnsweredRun, claim: Question, *, outcome: OutcomeLike = "CORRECT"
) -> Effect:
    """Return how many times as much `first` costs as `second`, on the same problems.

    Parameters
    ----------
    baseline, first, second : Run
        Three runs of the same problems.
    claim : Question
        `increase`: the ratio is above `margin`, a number of times (2 for "at least twice").
    outcome : Outcome, str or function
        The outcome that is lost.

    Returns
    -------
    Effect
        `estimate` is loss(first) / loss(second). `undecided`, and without an estimate, when the interval of the
        denominator contains 0; `details` holds both losses.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `rate_difference`; for another direction than increase, and a margin that is no positive number.

    Notes
    -----
    R ≤ k is tested by the mean of :math:`a_i - k b_i` over problems, a and b being the losses, with the test that
    `measured_mean` uses; the interval holds every R that the same test does not reject on either side, and is bounded
    only when b is above 0. Fieller's theorem is this with a normal mean. For k = 4 it is none: a problem that only b
    loses counts −4, too few of them are seen, and Fieller's test errs 1.3 to 1.7 times as often as it may
    (docs/calibration.md). Where every problem loses alike there is no spread, and no ratio can be told from another.

    References
    ----------
    Fieller EC (1954). Some problems in interval estimation. Journal of the Royal Statistical Society B 16, 175-185.
    """
    import numpy as np

    check_requested(claim, "ratio", runs=(baseline, first, second), outcome=outcome)
    if claim.direction != "increase":
        raise StatisticsError(f"A ratio claims 'at least', got the direction {claim.direction!r}; use increase.")
    check_finite("margin", claim.margin)
    if claim.margin <= 0.0:
        raise StatisticsError(f"A ratio needs a margin above 0, got {claim.margin}; say how many times at least.")
    check_alpha(claim.alpha)
    n = check_runs(baseline, first, second)
    if n < 2:
        raise StatisticsError(f"A ratio needs at least two problems, got {n}; there is no spread in one.")
    before, one, other = (np.array(having(run, outcome), dtype=float) for run in (baseline, first, second))
    return _effect(Losses(before - one, before - other), claim.margin, claim.alpha)


def _effect(losses: "Losses", times: float, alpha: float) -> Effect:
    """Return the ratio with its test against `times` and its interval of level 1 − 2 alpha."""
    a, b = float(losses.first.mean()), float(losses.second.mean())
    if not losses.differ():
        trouble = "every problem loses alike under each condition, so nothing tells how far the ratio may be off"
    elif not losses.bounded(alpha):
        level = formatting.level(1.0 - 2.0 * alpha)
        trouble = f"the denominator is {formatting.points(b)} and its {level} interval does not lie above 0"
    else:
        trouble = ""
    low, high = (0.0, 0.0) if trouble else losses.interval(alpha, times)
    plain = losses.interval(TAIL_95, times) if losses.differ() and losses.bounded(TAIL_95) else None
    estimate = 0.0 if trouble else a / b
    effect = Effect(
        estimate=estimate,
        low=min(low, estimate),
        high=max(high, estimate),
        level=1.0 - 2.0 * alpha,
        p_value=1.0 if trouble else losses.p_value(times, above=True),
        n=len(losses.first),
        method="test of the mean of first loss − k · second loss, corrected for skewness and for a tail that the "
        "sample may have missed; interval from the same test",
        alternative="greater",
        margin=times,
        boundary=times,
        null=f"the first loss is at most {times:g} times the second",
        unit="ratio",
        details={"first_loss": a, "second_loss": b, "interval_95": None if plain is None else list(plain)},
    )
    return effect.no_estimate(trouble) if trouble else effect


@dataclass(frozen=True, slots=True)
class Losses:
    """Each problem's loss under two conditions: 1 lost, −1 gained, 0 neither; shape (n,) each."""

    first: "np.ndarray"
    """Of the numerator."""
    second: "np.ndarray"
    """Of the denominator."""

    def differ(self) -> bool:
        """Return whether some problem loses differently from another under either condition."""
        return not (_constant(self.first) and _constant(self.second))

    def bounded(self, tail: float) -> bool:
        """Return whether the denominator is above 0 at a level, which the interval's upper end needs."""
        return float(self.second.mean()) > 0.0 and (_constant(self.second) or _p_above_zero(self.second) <= tail)

    def p_value(self, times: float, *, above: bool) -> float:
        """Return p of the ratio being at most `times` (above) or at least (below)."""
        contrast = self.first - times * self.second
        return 1.0 if _constant(contrast) else _p_above_zero(contrast if above else -contrast)

    def interval(self, tail: float, times: float) -> tuple[float, float]:
        """Return the ratios that are rejected on neither side; `times` lies outside exactly where it is rejected."""
        return self._end(tail, times, above=True), self._end(tail, times, above=False)

    def _end(self, tail: float, times: float, *, above: bool) -> float:
        """Return the end below the estimate (above: it is a ratio above that end which is shown) or above it."""
        from scipy.optimize import brentq

        def beyond(ratio: float) -> float:
            return self.p_value(ratio, above=above) - tail

        side = -1.0 if above else 1.0
        inside = float(self.first.mean() / self.second.mean())
        outwards = side * (times - inside) > 0.0
        if outwards and beyond(times) <= 0.0:
            outside = times
        else:
            inside, step = times if outwards else inside, 1.0
            while beyond(outside := inside + side * step) > 0.0:
                step *= 2.0
                if step > _FURTHEST:
                    return side * _FURTHEST
        return float(brentq(beyond, inside, outside)) if beyond(inside) > 0.0 else inside


def _p_above_zero(values: "np.ndarray") -> float:
    """Return p of a mean being at most 0."""
    return max(part.p_value(0.0) for part in upper_sides(-values))


def _constant(values: "np.ndarray") -> bool:
    """Return whether every problem has the same value, but for rounding."""
    return float(values.std()) <= _CONSTANT * max(1.0, abs(float(values.mean())))
