"""Means of measurements: one number a problem, several that must all go beyond a margin, a line through them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.at_level import CONTROL_ALPHA, AtLevel
from ctlab.statistics.checks import check_alpha
from ctlab.statistics.joint.all_of import all_of
from ctlab.statistics.means.sides import Bounds, check_bounds
from ctlab.statistics.means.tested import mean_effect
from ctlab.statistics.moderators.strata import Strata
from ctlab.statistics.paired.rates import side
from ctlab.statistics.pairing import Question
from ctlab.statistics.requested import check_requested

if TYPE_CHECKING:
    import numpy as np


_OF_THE_WEAKEST = ("interval_95", "bounds", "unseen", "group_means", "pooled")
"""Details of the weakest part that are shown as the whole's."""


@checked_arguments
def measured_mean(
    values: "Sequence[float] | np.ndarray",
    claim: Question,
    *,
    unit: str = "points",
    bounds: Bounds | None = None,
    strata: Strata | None = None,
    control: "Sequence[float] | np.ndarray | None" = None,
) -> Effect:
    r"""Return the mean of a measurement over problems, tested against the claim's margin.

    Parameters
    ----------
    values : sequence of float, shape (n,)
        One number a problem, such as a difference between two readings of the same problem.
    claim : Question
        `increase`: the mean lies above `margin`; `decrease`: below −`margin`; `change`: it is not 0.
    unit : str
        Unit of the numbers: `points` for proportions, `lengths` for distances relative to a state's length.
    bounds : tuple of float, optional
        The least and the largest number that the measurement can be, whatever the problem, such as −1 and 1 for a
        difference of two shares; infinite on a side without one. The test then answers for every value between them
        that was not seen.
    strata : mapping of str to sequence, optional
        Each problem's value of every feature that is held fixed, those that the claim names in `adjust`: what strata
        differ by is then no spread of the mean, and each stratum is shown.
    control : sequence of float, optional
        The same measurement under a condition that must not show what is claimed (`Shows.NOT_SO`).

    Returns
    -------
    Effect
        `estimate` is the mean. `undecided` when every problem has the same value, without bounds: the spread is then
        unknown. `details["unseen"]` says, of a claim that is shown without bounds, how far against it no problem may
        lie (`limit`) and how far one was seen (`seen`); with strata `details["group_means"]` holds each stratum's mean
        with an unadjusted 95 % interval, and `details["pooled"]` what it would be without strata.

    Raises
    ------
    ClaimError
        When the claim adjusts for other features than `strata` holds.
    StatisticsError
        For fewer than two problems, a number that is not finite or beyond its bounds, or a margin without a side.

    Notes
    -----
    With mean m, standard deviation s and skewness g of the sample, T = √n (m − margin) / s is transformed to

    .. math:: h(T) = T + \frac{g}{\sqrt n}\left(\frac{T^2}{3} + \frac16\right) + \frac{g^2}{27 n} T^3

    and compared with Student's t on n − 1 degrees of freedom. h rises everywhere, so the interval is its inverse and
    says the same as the test. Of a symmetric sample it is Student's test to the last digit; with skewness, which
    shares and distances have, Student's test errs by terms of order 1 / √n and this one by terms of order 1 / n. A long
    tail *against* the claim errs more, because the sample may not have seen it: there an unseen number is allowed for
    (`upper_sides`). Assumed is that problems are independent draws. No test of a mean holds its level for every
    distribution (Bahadur and Savage 1956): of values so rare that a sample of this size is likely to hold none, and so
    large that they move the mean, it knows nothing. A measurement with `bounds` has no such values: its mean is tested
    by Gaffke's test (`BoundedSide`), which costs power where the bounds are many standard deviations away.

    The stratified mean is that of populations with the sample's shares of the strata (`within_strata`); with bounds
    both tests must reject.

    References
    ----------
    Hall P (1992). On the removal of skewness by transformation. Journal of the Royal Statistical Society B 54, 221-228.
    Johnson NJ (1978). Modified t tests and confidence intervals for asymmetrical populations. JASA 73, 536-544.
    Bahadur RR, Savage LJ (1956). The nonexistence of certain statistical procedures in nonparametric problems. Annals
    of Mathematical Statistics 27, 1115-1122.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> question = SimpleNamespace(direction="increase", margin=0.0, alpha=0.05)
    >>> effect = measured_mean([0.1, 0.3, 0.2, 0.4, 0.2, 0.3, 0.1, 0.4], question)
    >>> round(effect.estimate, 3), round(effect.low, 3), round(effect.high, 3), round(effect.p_value, 5)
    (0.25, 0.17, 0.33, 0.00029)
    """
    check_requested(claim, "measured_mean", adjust=tuple(strata or ()))
    effect = mean_effect(_finite(values, "a measurement"), claim, unit, bounds=bounds, strata=strata)
    if control is None:
        return effect
    return _with_control(effect, measured_mean(control, _control(claim), unit=unit, bounds=bounds, strata=strata))


@checked_arguments
def every_measured_mean(
    parts: "Mapping[str, Sequence[float] | np.ndarray]",
    claim: Question,
    *,
    unit: str = "points",
    bounds: Bounds | None = None,
    strata: Strata | None = None,
    control: "Mapping[str, Sequence[float] | np.ndarray] | None" = None,
) -> Effect:
    """Return the weakest of several means of which every one must lie beyond the claim's margin.

    Parameters
    ----------
    parts : mapping of str to sequence of float, each of shape (n,)
        One measurement a problem for each part, such as a reader or a thought; all of the same problems.
    claim, unit, bounds, strata
        As `measured_mean`.
    control : mapping, optional
        The same parts under a condition that must not show what is claimed.

    Returns
    -------
    Effect
        The weakest part; `details["parts"]` holds every part by name.

    Raises
    ------
    StatisticsError
        As `measured_mean`; for no parts, and for parts of different length.

    Notes
    -----
    Intersection-union test (`all_of`): every part is tested at α by `measured_mean`, one part refuted at α / K
    refutes the whole. Parts of one problem may depend on each other as they like.

    References
    ----------
    Berger RL (1982). Multiparameter hypothesis testing and acceptance sampling. Technometrics 24, 295-300.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> question = SimpleNamespace(direction="increase", margin=0.0, alpha=0.05)
    >>> effect = every_measured_mean({"CT1": [0.2, 0.4, 0.3], "CT2": [0.1, -0.1, 0.06]}, question)
    >>> effect.details["weakest"], round(effect.estimate, 3)
    ('CT2', 0.02)
    """
    check_requested(claim, "every_measured_mean", adjust=tuple(strata or ()))
    if not parts:
        raise StatisticsError("A claim about every part needs parts, got none; measure at least one.")
    if len({len(values) for values in parts.values()}) != 1:
        sizes = ", ".join(f"{name} {len(values)}" for name, values in parts.items())
        raise StatisticsError(f"Parts must be measured on the same problems, got {sizes}; subset them alike.")
    check_alpha(claim.alpha)
    strict = AtLevel(direction=claim.direction, margin=claim.margin, alpha=claim.alpha / len(parts))
    each = AtLevel(direction=claim.direction, margin=claim.margin, alpha=claim.alpha)
    plain = {
        name: measured_mean(values, each, unit=unit, bounds=bounds, strata=strata) for name, values in parts.items()
    }
    effect = all_of(
        plain,
        {
            name: measured_mean(values, strict, unit=unit, bounds=bounds, strata=strata)
            for name, values in parts.items()
        },
        null=f"of {', '.join(parts)} some mean {_null(claim)}",
    )
    weakest = plain[effect.details["weakest"]].details
    effect = effect.with_details(**{name: weakest[name] for name in _OF_THE_WEAKEST if name in weakest})
    if control is None:
        return effect
    return _with_control(effect, every_measured_mean(control, _control(claim), unit=unit, bounds=bounds, strata=strata))


@checked_arguments
def measured_trend(
    values: "Sequence[Sequence[float]] | np.ndarray",
    claim: Question,
    *,
    unit: str = "points",
    bounds: Bounds | None = None,
    strata: Strata | None = None,
    control: "Sequence[Sequence[float]] | np.ndarray | None" = None,
) -> Effect:
    r"""Return by how much a measurement rises from the first position to the last, along each problem's own line.

    Parameters
    ----------
    values : sequence of sequence of float, shape (n, k)
        One number a problem and position; positions are equally far apart, at least two.
    claim, unit, bounds, strata, control
        As `measured_mean`, with the bounds of one number and not of the rise; `increase`: it rises by more than
        `margin`; `decrease`: it falls.

    Returns
    -------
    Effect
        `estimate` is the mean rise; `details["means"]` holds the mean at each position.

    Raises
    ------
    StatisticsError
        As `measured_mean`, and for fewer than two positions.

    Notes
    -----
    .. math:: r_i = (k - 1) \frac{\sum_p (p - \bar p) x_{ip}}{\sum_p (p - \bar p)^2}

    is the rise of problem i's least-squares line, tested by `measured_mean`. A line per problem keeps the positions
    of one problem together: k means are not k independent points. Unlike an ordered trend it does not ask for a rise
    at every step.

    References
    ----------
    Matthews JNS et al. (1990). Analysis of serial measurements in medical research. BMJ 300, 230-235.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> question = SimpleNamespace(direction="increase", margin=0.0, alpha=0.05)
    >>> effect = measured_trend([[0.1, 0.2, 0.3], [0.1, 0.2, 0.2], [0.0, 0.1, 0.3]], question)
    >>> round(effect.estimate, 3)
    0.2
    """
    import numpy as np

    check_requested(claim, "measured_trend", adjust=tuple(strata or ()))
    table = _finite(values, "a measurement", dimensions=2)
    if table.shape[1] < 2:
        raise StatisticsError(f"A line needs at least two positions, got {table.shape[1]}; measure more of them.")
    place = np.arange(table.shape[1]) - (table.shape[1] - 1) / 2
    rises = (table.shape[1] - 1) * (table @ place) / (place @ place)
    between = None if bounds is None else _bounds_of_rises(table, place, bounds)
    effect = mean_effect(rises, claim, unit, bounds=between, strata=strata)
    effect = replace(effect, method=f"least-squares line of each problem; {effect.method}")
    effect = effect.with_details(means=table.mean(axis=0).tolist())
    if control is None:
        return effect
    return _with_control(effect, measured_trend(control, _control(claim), unit=unit, bounds=bounds, strata=strata))


def _bounds_of_rises(table: "np.ndarray", place: "np.ndarray", bounds: Bounds) -> Bounds:
    """Return the furthest rises of lines through numbers between bounds: one half at one bound, one at the other."""
    check_bounds(table.ravel(), bounds)
    most = (table.shape[1] - 1) * float(place[place > 0.0].sum() / (place @ place)) * (bounds[1] - bounds[0])
    return -most, most


def _finite(values: Any, name: str, dimensions: int = 1) -> "np.ndarray":
    """Return numbers as an array of the right shape, or raise."""
    import numpy as np

    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise StatisticsError(f"{name} must be numbers, as many for every problem; leave out what is none.") from None
    if array.ndim != dimensions or array.size == 0:
        raise StatisticsError(
            f"{name} needs {dimensions} dimensions and at least one problem, got {array.shape}; give one row a problem."
        )
    if not np.isfinite(array).all():
        row = int(np.argwhere(~np.isfinite(array))[0][0])
        raise StatisticsError(
            f"{name} must be a finite number for every problem, got {array[row].tolist()!r} in row {row}; "
            "leave such problems out before measuring, and say so in the claim."
        )
    return array


def _null(claim: Question) -> str:
    """Say where one part's null hypothesis lies."""
    return f"≥ {0.0 - claim.margin:g}" if side(claim.direction) == "less" else f"≤ {claim.margin:g}"


def _control(claim: Question) -> AtLevel:
    """Return the claim's question at the level of a control."""
    return AtLevel(direction=claim.direction, margin=claim.margin, alpha=CONTROL_ALPHA)


def _with_control(effect: Effect, control: Effect | None) -> Effect:
    """Return the effect with its control's in the details, for `check_controls` to read."""
    return effect if control is None else effect.with_details(control=control.to_json())
