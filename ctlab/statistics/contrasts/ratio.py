"""Ratio: how many times as much one condition costs as another."""

import math
from statistics import NormalDist

from ctlab import formatting
from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.checks import TAIL_95, check_alpha, check_finite
from ctlab.statistics.pairing import AnsweredRun, Question, check_runs, having
from ctlab.statistics.requested import check_requested


def ratio(
    baseline: AnsweredRun, first: AnsweredRun, second: AnsweredRun, claim: Question, *, outcome: str = "CORRECT"
) -> Effect:
    """Return how many times as much `first` costs as `second`, on the same problems.

    Parameters
    ----------
    baseline, first, second : Run
        Three runs of the same problems.
    claim : Question
        `increase`: the ratio is above `margin`, a number of times (2 for "at least twice").
    outcome : Outcome or str
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
    Fieller: R ≤ k is tested by (a − k b) / s(a − k b), with a and b the mean losses and s from their covariance over
    problems; the interval holds every R that is not rejected. It is bounded only when b differs from 0. Where every
    problem loses alike under both conditions there is no spread, and no ratio can be told from another.

    References
    ----------
    Fieller EC (1954). Some problems in interval estimation. Journal of the Royal Statistical Society B 16, 175-185.
    """
    check_requested(claim, "ratio", runs=(baseline, first, second), outcome=outcome)
    if claim.direction != "increase":
        raise StatisticsError(f"A ratio claims 'at least', got the direction {claim.direction!r}; use increase.")
    check_finite("margin", claim.margin)
    if claim.margin <= 0.0:
        raise StatisticsError(f"A ratio needs a margin above 0, got {claim.margin}; say how many times at least.")
    check_alpha(claim.alpha)
    n = check_runs(baseline, first, second)
    before = having(baseline, outcome)
    moments = _moments(before, having(first, outcome), having(second, outcome))
    return fieller(*moments, n=n, times=claim.margin, alpha=claim.alpha)


def fieller(
    a: float, b: float, var_a: float, var_b: float, covariance: float, *, n: int, times: float, alpha: float
) -> Effect:
    """Return the ratio a / b of two means with Fieller's interval, tested against `times`.

    Parameters
    ----------
    a, b : float
        Mean losses, proportions.
    var_a, var_b, covariance : float
        Variances of the two means and their covariance.
    n : int
        Number of problems.
    times : float
        The ratio under the null hypothesis a / b ≤ times.
    alpha : float
        Level of the test; the interval has level 1 − 2 alpha.
    """
    low, high, possible = _roots(a, b, var_a, var_b, covariance, alpha)
    level = formatting.level(1 - 2 * alpha)
    may_be_zero = f"the denominator is {formatting.points(b)} and its {level} interval does not lie above 0"
    *plain, plain_possible = _roots(a, b, var_a, var_b, covariance, TAIL_95)
    spread = var_a - 2.0 * times * covariance + times * times * var_b
    z_observed = (a - times * b) / math.sqrt(spread) if spread > 0.0 else 0.0
    estimate = a / b if possible else 0.0
    effect = Effect(
        estimate=estimate,
        low=min(low, estimate),
        high=max(high, estimate),
        level=1.0 - 2.0 * alpha,
        p_value=NormalDist().cdf(-z_observed),
        n=n,
        method="Fieller test and interval",
        alternative="greater",
        margin=times,
        boundary=times,
        null=f"the first loss is at most {times:g} times the second",
        unit="ratio",
        details={"first_loss": a, "second_loss": b, "interval_95": plain if plain_possible else None},
    )
    return effect if possible else effect.no_estimate(may_be_zero)


def _roots(a: float, b: float, var_a: float, var_b: float, covariance: float, tail: float) -> tuple[float, float, bool]:
    """Return the ends of Fieller's interval and whether it is bounded, which it is when the denominator is above 0."""
    z = NormalDist().inv_cdf(1.0 - tail)
    leading = b * b - z * z * var_b
    if leading <= 0.0 or b <= 0.0:
        return 0.0, 0.0, False
    middle = a * b - z * z * covariance
    root = math.sqrt(max(middle * middle - leading * (a * a - z * z * var_a), 0.0))
    return (middle - root) / leading, (middle + root) / leading, True


def _moments(
    before: tuple[bool, ...], first: tuple[bool, ...], second: tuple[bool, ...]
) -> tuple[float, float, float, float, float]:
    """Return both mean losses, the variances of the means and their covariance, over problems."""
    n = len(before)
    if n < 2:
        raise StatisticsError(f"A ratio needs at least two problems, got {n}; there is no spread in one.")
    one = [int(had) - int(has) for had, has in zip(before, first, strict=True)]
    other = [int(had) - int(has) for had, has in zip(before, second, strict=True)]
    a, b = sum(one) / n, sum(other) / n
    scale = n * (n - 1)
    var_a = math.fsum((x - a) ** 2 for x in one) / scale
    var_b = math.fsum((y - b) ** 2 for y in other) / scale
    covariance = math.fsum((x - a) * (y - b) for x, y in zip(one, other, strict=True)) / scale
    return a, b, var_a, var_b, covariance
