"""Rank correlation as a claim: the more of one thing a problem has, the more it has of another."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.records.own_functions import OwnFeature, named_feature
from ctlab.statistics.arguments import check_values, checked_arguments
from ctlab.statistics.checks import NULL_SIGN, TAIL_95, check_alpha, check_alternative, check_finite, check_margin
from ctlab.statistics.moderators.feature import feature_values
from ctlab.statistics.moderators.rank_influence import rank_correlation_of
from ctlab.statistics.paired.rates import side
from ctlab.statistics.pairing import AnsweredRun, FeatureLike, OutcomeLike, Question, check_runs, having
from ctlab.statistics.requested import check_requested

if TYPE_CHECKING:
    import numpy as np

_FEWEST = 4
"""Problems that an estimate takes; of fewer, the error has no degrees of freedom (a verdict takes 50)."""
_LEAST_EXPECTED = 5.0
"""Problems that must be expected off the commonest value of both measurements, as in a table of counts (Cochran 1954).
"""


@checked_arguments
def rank_correlation(
    x: "FeatureLike | Sequence[float] | np.ndarray",
    y: "Sequence[float] | np.ndarray",
    claim: Question,
    *,
    of: Any = None,
) -> Effect:
    """Return Spearman's rho of two measurements of the same problems, tested as the claim says.

    Parameters
    ----------
    x : str, function or sequence of float
        A feature as `feature_values` reads it, its values read off `of`; or one number a problem. Problems that do not
        have the feature are left out, and counted.
    y : sequence of float
        One number a problem, in the same order, such as `later_distances` of a measurement.
    claim : Question
        `increase`: the more of x, the more of y (rho > margin); `decrease`: the less (rho < −margin); `change`: either.
        The margin is a correlation.
    of : Run or sequence of Problem, optional
        What a feature is read off.

    Returns
    -------
    Effect
        `estimate`, `low` and `high` lie between −1 and 1; `unit` is `correlation`. Without an estimate, and with the
        reason in `undecided`, where one side is constant or there are fewer than four problems; `undecided` too where
        nearly all problems have one value.

    Raises
    ------
    ClaimError
        When the claim names another kind or feature.
    StatisticsError
        When lengths differ, a value is not finite, a feature is none, and for a feature without `of`.

    Notes
    -----
    .. math:: T = (artanh rho - artanh m) / s

    with s from the influence of each problem (`rank_correlation_of`), its skewness removed (Hall), is compared with
    Student's t; the interval is its inverse and says the same. rho = 0 does not mean independence: the spread of y may
    depend on x. The usual test of rho (the t of a correlation, and every permutation of it that is not studentised)
    then rejects more than twice as often as it may (`docs/calibration.md`); this one does not.

    References
    ----------
    Spearman C (1904). The proof and measurement of association between two things. American Journal of Psychology 15,
    72-101. Fisher RA (1921). On the "probable error" of a coefficient of correlation. Metron 1, 3-32. Hall P (1992). On
    the removal of skewness by transformation. Journal of the Royal Statistical Society B 54, 221-228; and those of
    `rank_correlation_of`.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> question = SimpleNamespace(direction="increase", margin=0.0, alpha=0.05)
    >>> round(rank_correlation([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 7, 8], question).estimate, 4)
    0.8857
    """
    if not (isinstance(x, str | OwnFeature) or callable(x)):
        check_values("rank_correlation", "x", x)
        check_requested(claim, "rank_correlation")
        return _correlated(list(x), list(y), claim, "")
    check_requested(claim, "rank_correlation", feature=x)
    if of is None:
        raise StatisticsError(
            f"The feature {named_feature(x)!r} is read off problems, and there are none; write of=run, with a run "
            "of the same problems, or give one number a problem."
        )
    values, binary = feature_values(of, x)
    return _correlated(values, list(y), claim, named_feature(x), binary=binary)


@checked_arguments
def impact_correlation(
    feature: FeatureLike,
    baseline: AnsweredRun,
    treated: AnsweredRun,
    claim: Question,
    *,
    outcome: OutcomeLike = "CORRECT",
) -> Effect:
    """Return Spearman's rho of a feature and what a condition costs a problem, tested as the claim says.

    Parameters
    ----------
    feature : str or function
        As `feature_values` reads it.
    baseline, treated : Run
        Two runs of the same problems. The impact on a problem is 1 where the outcome was lost, −1 where it was gained,
        else 0.
    claim : Question
        `increase`: the more of the feature, the larger the impact; as for `rank_correlation`.
    outcome : Outcome, str or function
        The outcome that is lost.

    Returns
    -------
    Effect
        As that of `rank_correlation`. Impact has three values, so that rho is small even where every loss falls on the
        problems with the most of the feature: its size is comparable between features of the same two runs, and not
        between conditions. How many points more are lost is what `interaction` says.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `interaction`.
    """
    check_requested(claim, "impact_correlation", runs=(baseline, treated), outcome=outcome, feature=feature)
    check_runs(baseline, treated)
    values, binary = feature_values(baseline, feature)
    pairs = zip(having(baseline, outcome), having(treated, outcome), strict=True)
    impact = [float(before) - float(after) for before, after in pairs]
    return _correlated(values, impact, claim, named_feature(feature), binary=binary).with_details(of_impact=True)


def _correlated(
    x: Sequence[float | None], y: Sequence[float], claim: Question, feature: str, *, binary: bool = False
) -> Effect:
    """Return the effect of numbers; x is None for problems that are left out."""
    import numpy as np

    check_alpha(claim.alpha)
    check_margin(claim.margin)
    alternative = side(claim.direction)
    check_alternative(alternative, claim.margin)
    if len(x) != len(y):
        raise StatisticsError(f"x and y must pair up, got {len(x)} and {len(y)} values; give one of each a problem.")
    pairs = [(one, other) for one, other in zip(x, y, strict=True) if one is not None]
    for value in (*(one for one, _ in pairs), *(other for _, other in pairs)):
        check_finite("a measurement", float(value))
    tail = claim.alpha / 2.0 if alternative == "two-sided" else claim.alpha
    boundary = -claim.margin if alternative == "less" else claim.margin
    left_out: dict[str, Any] = {"feature": feature, "left_out": len(x) - len(pairs)} if feature else {}
    empty = Effect(
        estimate=0.0,
        low=0.0,
        high=0.0,
        level=1.0 - 2.0 * tail,
        p_value=1.0,
        n=len(pairs),
        method="Spearman's rank correlation, studentised by the influence of each problem, skewness removed; "
        "interval from the same transformation",
        alternative=alternative,
        margin=claim.margin,
        boundary=boundary,
        null=f"{formatting.RHO} {NULL_SIGN[alternative]} {boundary:g}".replace("-", formatting.MINUS),
        unit="correlation",
        groups=_sizes([one for one, _ in pairs], feature) if binary else {},
        details=left_out,
    )
    one, other = (np.array([pair[k] for pair in pairs], dtype=float) for k in (0, 1))
    if why := _no_correlation(one, other, feature):
        return empty.no_estimate(why)
    found = rank_correlation_of(one, other)
    above, below = found.p_values(boundary)
    low, high = found.interval(tail)
    return replace(
        empty,
        estimate=found.rho,
        low=low,
        high=high,
        p_value={"greater": above, "less": below, "two-sided": min(1.0, 2.0 * min(above, below))}[alternative],
        undecided=_nearly_one_value(one, other, feature),
        details={**left_out, "interval_95": list(found.interval(TAIL_95))},
    )


def _no_correlation(x: "np.ndarray", y: "np.ndarray", feature: str) -> str:
    """Say why two measurements have no correlation at all; empty where they have one."""
    if len(x) < _FEWEST:
        return f"{formatting.counted(len(x), 'problem')} to correlate, and {_FEWEST} are needed"
    for name, values in _named(x, y, feature):
        if (values == values[0]).all():
            return f"{name} is {values[0]:g} for every problem, and nothing goes with what does not vary"
    return ""


def _nearly_one_value(x: "np.ndarray", y: "np.ndarray", feature: str) -> str:
    """Say that too few problems are off the commonest value of both measurements; empty when enough are."""
    others = [len(values) - _commonest(values)[1] for values in (x, y)]
    expected = others[0] * others[1] / len(x)
    if expected >= _LEAST_EXPECTED:
        return ""
    name, values = min(_named(x, y, feature), key=lambda named: len(x) - _commonest(named[1])[1])
    value, count = _commonest(values)
    return (
        f"{name} is {value:g} for all but {formatting.counted(len(x) - count, 'problem')}: "
        f"{formatting.decimal(expected)} problems are expected off the commonest value of both measurements, and "
        f"{_LEAST_EXPECTED:g} are needed"
    )


def _commonest(values: "np.ndarray") -> tuple[float, int]:
    """Return the commonest value, and how many problems have it."""
    import numpy as np

    distinct, counts = np.unique(values, return_counts=True)
    return float(distinct[counts.argmax()]), int(counts.max())


def _named(x: "np.ndarray", y: "np.ndarray", feature: str) -> "tuple[tuple[str, np.ndarray], ...]":
    """Return both measurements with what a sentence calls them."""
    return (feature or "the first measurement", x), ("what it is held against" if feature else "the second one", y)


def _sizes(values: Sequence[float], feature: str) -> dict[str, int]:
    """Return how many problems say yes and no."""
    yes = sum(1 for value in values if value == 1.0)
    return {feature: yes, f"not {feature}": len(values) - yes}
