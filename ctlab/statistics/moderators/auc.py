"""AUC: a measurement that is larger on one group of problems than on another."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.checks import NULL_SIGN, TAIL_95, check_alpha, check_alternative, check_finite, check_margin
from ctlab.statistics.moderators.placements import Area, area_under_curve, together
from ctlab.statistics.moderators.strata import Strata, strata_rows
from ctlab.statistics.paired.rates import side
from ctlab.statistics.pairing import Question
from ctlab.statistics.requested import check_requested

if TYPE_CHECKING:
    import numpy as np

_LEAST_EXPECTED = 5.0
"""Problems that must be expected off the commonest value in either group, as in a table of counts (Cochran 1954)."""


@checked_arguments
def auc(values: Sequence[float], positive: Sequence[bool], claim: Question, *, strata: Strata | None = None) -> Effect:
    r"""Return the probability that a positive problem's value exceeds a negative one's.

    Parameters
    ----------
    values : sequence of float
        One measurement a problem.
    positive : sequence of bool
        Which problems belong to the group claimed to have larger values.
    claim : Question
        `increase`: the probability is above .5 by more than `margin`; `decrease`: below; `change`: either.
    strata : mapping of str to sequence, optional
        Each problem's value of every feature that is held fixed, those that the claim names in `adjust`: a problem is
        then compared only with problems that agree with it in all of them.

    Returns
    -------
    Effect
        `estimate` is the area under the receiver operating characteristic, a probability; ties count one half. With
        strata it is the same share of the pairs within strata, `details["strata"]` holds each stratum's area with an
        unadjusted 95 % interval, and `details["pooled"]` what it would be without strata; problems of a stratum without
        both groups are compared with none and not counted. `undecided` when nearly all problems have one value;
        without an estimate when a group is empty (in every stratum): of a model that is right on nothing, or on
        everything, no problem has one to be compared with.

    Raises
    ------
    ClaimError
        When the claim adjusts for other features than `strata` holds.
    StatisticsError
        When lengths differ, or a value is not finite.

    Notes
    -----
    With the area A, DeLong's standard error s and the third moment κ of the two means of placements that A is made of,

    .. math:: T = (A - b) / s, \qquad h(T) = T + g \left(\frac{T^2}{3} + \frac16\right) + \frac{g^2}{27} T^3,
        \qquad g = \kappa / s^3

    (Hall's transformation) is compared with Student's t on Satterthwaite's degrees of freedom, with a margin and
    without. The interval is its inverse and always says the same as the test. Mann and Whitney's rank test asks whether
    two distributions are the same: where they differ in spread and the area is one half, it rejects up to 3 times as
    often as it may, 7 times at α = .05 / 6 (`docs/calibration.md`). This one does not.

    References
    ----------
    DeLong ER, DeLong DM, Clarke-Pearson DL (1988). Comparing the areas under two or more correlated receiver operating
    characteristic curves. Biometrics 44, 837-845.
    Brunner E, Munzel U (2000). The nonparametric Behrens-Fisher problem. Biometrical Journal 42, 17-25.
    Hall P (1992). On the removal of skewness by transformation. Journal of the Royal Statistical Society B 54, 221-228.
    van Elteren PH (1960). On the combination of independent two-sample tests of Wilcoxon. Bulletin of the International
    Statistical Institute 37, 351-361.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> question = SimpleNamespace(direction="increase", margin=0.0, alpha=0.05)
    >>> auc([1, 2, 3, 4, 5, 6], [False, False, True, False, True, True], question).estimate
    0.8888888888888888
    """
    check_requested(claim, "auc", adjust=tuple(strata or ()))
    array, mask = _groups(values, positive)
    check_alpha(claim.alpha)
    check_margin(claim.margin, below=0.5)
    alternative = side(claim.direction)
    check_alternative(alternative, claim.margin)
    rows = {"": list(range(len(array)))} if strata is None else strata_rows(strata, len(array))
    areas = {name: _area(array[within], mask[within]) for name, within in rows.items()}
    compared = [row for name, within in rows.items() if areas[name] is not None for row in within]
    if not compared:
        return _nothing_to_compare(claim, mask, alternative, by_strata=bool(mask.any() and not mask.all()))
    found = together([area for area in areas.values() if area is not None])
    tail = claim.alpha / 2.0 if alternative == "two-sided" else claim.alpha
    boundary = 0.5 + (-claim.margin if alternative == "less" else claim.margin)
    above, below = found.p_values(boundary)
    low, high = found.interval(tail)
    m = int(mask[compared].sum())
    details: dict[str, Any] = {"interval_95": list(found.interval(TAIL_95))}
    if strata is not None:
        pooled = area_under_curve(array[mask], array[~mask])
        details |= {
            "strata": [_stratum(name, areas[name], mask[within]) for name, within in rows.items()],
            "pooled": {"estimate": pooled.area, "interval_95": list(pooled.interval(TAIL_95))},
        }
    return Effect(
        estimate=found.area,
        low=low,
        high=high,
        level=1.0 - 2.0 * tail,
        p_value={"greater": above, "less": below, "two-sided": min(1.0, 2.0 * min(above, below))}[alternative],
        n=len(compared),
        method="Brunner-Munzel test with DeLong's variance, skewness removed; interval from the same transformation"
        + ("" if strata is None else f"; pairs within strata of {formatting.listed(list(strata))}"),
        alternative=alternative,
        margin=claim.margin,
        boundary=boundary,
        null=f"AUC {NULL_SIGN[alternative]} {boundary:g}",
        unit="probability",
        undecided=_nearly_one_value(array[compared], mask[compared]),
        groups={"positive": m, "negative": len(compared) - m},
        details=details,
    )


def _groups(values: Sequence[float], positive: Sequence[bool]) -> "tuple[np.ndarray, np.ndarray]":
    """Return values and groups as arrays, or raise."""
    import numpy as np

    if len(values) != len(positive):
        raise StatisticsError(
            f"values and positive must pair up, got {len(values)} and {len(positive)}; give both a problem."
        )
    for value in values:
        check_finite("a measurement", value)
    return np.asarray(values, dtype=float), np.asarray(positive, dtype=bool)


def _nothing_to_compare(claim: Question, mask: "np.ndarray", alternative: str, *, by_strata: bool) -> Effect:
    """Return an effect without an estimate, because no problem has one of the other group to be compared with."""
    m = int(mask.sum())
    groups = {"positive": m, "negative": len(mask) - m}
    sizes = " and ".join(formatting.counted(size, f"{name} problem") for name, size in groups.items())
    boundary = 0.5 + (-claim.margin if alternative == "less" else claim.margin)
    effect = Effect(
        estimate=0.0,
        low=0.0,
        high=0.0,
        level=1.0 - (claim.alpha if alternative == "two-sided" else 2.0 * claim.alpha),
        p_value=1.0,
        n=len(mask),
        method="none: an area under the curve compares two groups",
        alternative=alternative,
        margin=claim.margin,
        boundary=boundary,
        null=f"AUC {NULL_SIGN[alternative]} {boundary:g}",
        unit="probability",
        groups=groups,
    )
    where = "no stratum holds both groups" if by_strata else f"there are {sizes}"
    return effect.no_estimate(f"{where}, so that no problem has one to be compared with")


def _area(values: "np.ndarray", mask: "np.ndarray") -> Area | None:
    """Return a stratum's area; None where a group is empty."""
    return area_under_curve(values[mask], values[~mask]) if mask.any() and not mask.all() else None


def _stratum(name: str, area: Area | None, mask: "np.ndarray") -> dict[str, Any]:
    """Return a stratum's numbers; without both groups there is no estimate."""
    m = int(mask.sum())
    low, high = (None, None) if area is None else area.interval(TAIL_95)
    estimate = None if area is None else area.area
    return {"group": name, "positive": m, "negative": len(mask) - m, "estimate": estimate, "low": low, "high": high}


def _nearly_one_value(values: "np.ndarray", mask: "np.ndarray") -> str:
    """Say that too few problems have another value than the commonest one; empty when enough have."""
    import numpy as np

    distinct, counts = np.unique(values, return_counts=True)
    others = len(values) - int(counts.max())
    expected = min(int(mask.sum()), int((~mask).sum())) * others / len(values)
    if expected >= _LEAST_EXPECTED:
        return ""
    return (
        f"all but {formatting.counted(others, 'problem')} have the value {distinct[counts.argmax()]:g}, and in the "
        f"smaller group {formatting.decimal(expected)} of those would be expected; {_LEAST_EXPECTED:g} are needed"
    )
