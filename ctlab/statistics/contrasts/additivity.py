"""Additivity: whether two conditions together lose less than each does in sum."""

from collections.abc import Sequence
from typing import Any

from ctlab.records.effect import Effect
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.checks import NULL_SIGN, TAIL_95, check_alpha, check_alternative, check_margin
from ctlab.statistics.paired.rates import side
from ctlab.statistics.pairing import AnsweredRun, OutcomeLike, Question, check_runs, having
from ctlab.statistics.requested import check_requested

_BOOTSTRAPS = 20_000  # a p of .0083 (α of a family of six) is then known to ± .0006, its standard error
_TIE = 1e-12
"""Resampled means are multiples of 1 / n: two that are closer than this are the same but for rounding."""
_VALUES = (-2, -1, 0, 1, 2)
_FEW = 5
"""Problems on one side of 0 below which that side is not known from the sample: where three of 200 are expected, one
sample in twenty has none. One problem more, at the worst that it can be, then stands for those that were not seen."""


@checked_arguments
def additivity(
    baseline: AnsweredRun,
    first: AnsweredRun,
    second: AnsweredRun,
    both: AnsweredRun,
    claim: Question,
    *,
    outcome: OutcomeLike = "CORRECT",
    seed: int = 0,
) -> Effect:
    """Return by how much two conditions together lose less than they do in sum, in points.

    Parameters
    ----------
    baseline, first, second, both : Run
        Four runs of the same problems; `both` hides what `first` and `second` hide.
    claim : Question
        `increase`: together they lose less than in sum (sub-additive) by more than `margin`; `decrease`: more.
    outcome : Outcome, str or function
        The outcome that is lost.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Effect
        `estimate` is loss(first) + loss(second) − loss(both), a proportion: the scale is points, and additivity in
        points is not additivity in log-odds.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `rate_difference`.

    Notes
    -----
    Each problem has its own difference of differences, between −2 and 2; their mean is resampled over problems 20,000
    times (percentile interval; p is the share of resampled means on the wrong side of the margin). Where fewer than
    five problems lie on one side of 0, one more at the end of that side (−2 or 2) is resampled with them for the bound
    there: no resampling invents what the sample did not happen to hold.

    References
    ----------
    Efron B, Tibshirani RJ (1993). An Introduction to the Bootstrap. Chapman & Hall, chapter 13.
    """
    import numpy as np

    check_requested(claim, "additivity", runs=(baseline, first, second, both), outcome=outcome)
    check_alpha(claim.alpha)
    check_margin(claim.margin, below=2.0)  # two losses of everything and none together
    alternative = side(claim.direction)
    check_alternative(alternative, claim.margin)
    n = check_runs(baseline, first, second, both)
    columns = [having(run, outcome) for run in (baseline, first, second, both)]
    contrasts = [int(c) - int(a) - int(b) + int(ab) for c, a, b, ab in zip(*columns, strict=True)]
    counts = [contrasts.count(value) for value in _VALUES]
    from_below, from_above = (_resampled(counts, worst, seed) for worst in (-2, 2))
    tail = claim.alpha / 2.0 if alternative == "two-sided" else claim.alpha
    boundary = -claim.margin if alternative == "less" and claim.margin else claim.margin
    estimate = sum(contrasts) / n
    low, high = float(np.quantile(from_below, tail)), float(np.quantile(from_above, 1.0 - tail))
    plain = [float(np.quantile(from_below, TAIL_95)), float(np.quantile(from_above, 1.0 - TAIL_95))]
    below = (int((from_below <= boundary + _TIE).sum()) + 1) / (_BOOTSTRAPS + 1)
    above = (int((from_above >= boundary - _TIE).sum()) + 1) / (_BOOTSTRAPS + 1)
    p_value = {"greater": below, "less": above, "two-sided": 2.0 * min(below, above)}[alternative]
    rates = {
        run.condition.name: sum(column) / n
        for run, column in zip((baseline, first, second, both), columns, strict=True)
    }
    return Effect(
        estimate=estimate,
        low=min(low, estimate),
        high=max(high, estimate),
        level=1.0 - 2.0 * tail,
        p_value=min(1.0, p_value),
        n=n,
        method="paired bootstrap of the difference of differences, percentile interval",
        alternative=alternative,
        margin=claim.margin,
        boundary=boundary,
        null=f"loss(first) + loss(second) − loss(both) {NULL_SIGN[alternative]} {boundary:g}",
        details={
            "scale": "points",
            "interval_95": plain,
            "rates": rates,
            "contrasts": dict(zip(map(str, _VALUES), counts, strict=True)),
        },
    )


def _resampled(counts: Sequence[int], worst: int, seed: int) -> Any:
    """Return resampled means, shape (B,), with one unseen problem where too few lie on the side of the worst value."""
    import numpy as np

    seen = np.array(counts)
    if sum(count for value, count in zip(_VALUES, counts, strict=True) if value * worst > 0) < _FEW:
        seen[_VALUES.index(worst)] += 1
    n = int(seen.sum())
    return np.random.default_rng(seed).multinomial(n, seen / n, size=_BOOTSTRAPS) @ np.array(_VALUES) / n
