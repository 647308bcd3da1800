"""What of a feature goes smoothly with continuous features that a claim adjusts for, and what is left of it."""

from collections.abc import Sequence
from typing import Any

KNOTS = (0.05, 0.275, 0.5, 0.725, 0.95)
"""Quantiles of the knots (Harrell 2015, table 2.3: five where there are over a hundred problems): a curve of four
terms. With one knot fewer the nulls of docs/calibration.md were held as well, so that little hangs on their number."""

_ROUNDING = 1e-9
"""Share of a spread that rounding leaves of one that is none."""
_NEIGHBOURS = 10
"""Problems whose values are neighbours: far fewer than a tenth of 200, so that what a curve does in a tenth shows."""
_CLEARLY = 0.001
"""Level of the check that a spline is enough: a check of that kind is not to take a slope away by chance."""


def left_over(values: Any, stratum: Any, smooth: Sequence[Any]) -> Any:
    r"""Return the feature less its least-squares fit by strata and smooth curves of other features, (n,).

    Parameters
    ----------
    values : array of float, (n,)
        The feature.
    stratum : array of int, (n,)
        Index of each problem's stratum.
    smooth : sequence of arrays of float, (n,) each
        Features with many values that are adjusted for.

    Notes
    -----
    Where the loss is f(other) + β · feature, whatever f is, and the feature m(other) + what is left, the sum of losses
    weighted by what is left knows nothing of f (Robinson 1988): not because f is modelled, but because what is left
    goes with no function of `other`. Strata alone, tenths of `other`, leave what f does inside them. m is a natural
    cubic spline of the normal scores of `other` beside the strata's own means: scores, because a length or a number may
    have any tail, and the spline is a straight line beyond its outer knots.

    References
    ----------
    Robinson PM (1988). Root-N-consistent semiparametric regression. Econometrica 56, 931-954.
    Harrell FE (2015). Regression Modeling Strategies, 2nd edition. Springer, section 2.4.5.
    """
    import numpy as np

    strata = (stratum[:, None] == np.arange(int(stratum.max()) + 1)).astype(float)
    design = np.column_stack([strata, *(spline(other) for other in smooth)])
    left = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    # Of a feature that is such a curve itself, rounding is left.
    return left if np.std(left) > _ROUNDING * np.std(values) else np.zeros_like(left)


def still_goes_with(left: Any, other: Any) -> bool:
    """Return whether what is left of a feature goes with another one all the same, in a way that no spline follows.

    An analysis of variance over bins of ten problems with neighbouring values of `other`, at a level of 1 in 1,000.
    Outcomes have no part in it, so that it selects nothing.
    """
    import numpy as np
    from scipy.special import fdtrc

    order = np.argsort(other, kind="stable")
    # Problems with the same value of `other` are in one bin: there is nothing between them that it could say.
    value = np.unique(other[order], return_index=True)[1]
    first = np.unique(value[np.searchsorted(value, np.arange(0, len(left), _NEIGHBOURS), side="right") - 1])
    sums, sizes = np.add.reduceat(left[order], first), np.diff([*first, len(left)])
    between = float((sums**2 / sizes).sum())
    within = float((left**2).sum()) - between
    bins = len(first)
    if bins < 2 or len(left) <= bins or between <= 0.0:
        return False
    ratio = between / (bins - 1) / max(within, _ROUNDING * between) * (len(left) - bins)
    return bool(fdtrc(bins - 1, len(left) - bins, ratio) < _CLEARLY)


def spline(values: Any) -> Any:
    """Return the natural cubic spline's terms of the normal scores of values, (n, terms); without a constant."""
    import numpy as np
    from scipy.special import ndtri
    from scipy.stats import rankdata

    scores = ndtri((rankdata(values) - 0.5) / len(values))
    knots = np.unique(np.quantile(scores, KNOTS))
    # Ties may leave two knots, between which a natural spline is a straight line.
    terms = [_bend(scores, knot, knots[-1]) - _bend(scores, knots[-2], knots[-1]) for knot in knots[:-2]]
    return np.column_stack([scores, *terms])


def _bend(scores: Any, knot: float, last: float) -> Any:
    """Return the term of one knot, whose cubic is gone beyond the last one once another's is subtracted."""
    import numpy as np

    return (np.maximum(scores - knot, 0.0) ** 3 - np.maximum(scores - last, 0.0) ** 3) / (last - knot)
