"""One mean: its test against a claim's margin, its interval, its groups, and what was not seen."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.checks import NULL_SIGN, TAIL_95, check_alpha, check_alternative, check_margin
from ctlab.statistics.means.bounded import BoundedSide
from ctlab.statistics.means.sides import UNBOUNDED, Bounds, Sides, check_bounds, constant
from ctlab.statistics.means.stratified import describe_strata, within_strata
from ctlab.statistics.moderators.strata import Strata, strata_rows
from ctlab.statistics.paired.rates import side
from ctlab.statistics.pairing import Question

if TYPE_CHECKING:
    import numpy as np

_UNIFORM = "every problem has the same value, so nothing tells how far it may be off"
_ALIKE = "every problem has the same value as all others of its stratum, so nothing tells how far the mean may be off"
_STUDENT = "t test of the mean, corrected for skewness and for a tail that the sample may have missed"
_GAFFKE = "Gaffke's test of a mean between known bounds"


def mean_effect(
    values: "np.ndarray", claim: Question, unit: str, *, bounds: Bounds | None, strata: Strata | None
) -> Effect:
    """Return the mean of finite numbers with its test and interval; `measured_mean` says what each argument is."""
    alternative = side(claim.direction)
    check_alternative(alternative, claim.margin)
    check_margin(claim.margin, below=math.inf)
    check_alpha(claim.alpha)
    n = len(values)
    if n < 2:
        raise StatisticsError(f"A mean needs at least two problems to have an interval, got {n}; measure more.")
    if bounds is not None:
        values = check_bounds(values, bounds)
    rows = None if strata is None else strata_rows(strata, n)
    boundary = 0.0 - claim.margin if alternative == "less" else claim.margin  # never -0
    tail = claim.alpha / 2.0 if alternative == "two-sided" else claim.alpha
    plain, centre, skewness = Sides.of(values, bounds), float(values.mean()), 0.0
    judged = plain if rows is None else _stratified(values, rows, plain, bounds)
    low, high, p_value, interval_95 = centre, centre, 1.0, (centre, centre)
    if judged is not None:
        (low, high), interval_95 = judged.interval(tail), judged.interval(TAIL_95)
        above, below = judged.p_values(boundary)
        p_value = {"greater": above, "less": below, "two-sided": min(1.0, 2.0 * min(above, below))}[alternative]
    if not constant(values):
        deviations = values - centre
        skewness = float((deviations**3).mean() / (deviations**2).mean() ** 1.5)
    details: dict[str, Any] = {
        "standard_deviation": float(values.std(ddof=1)),
        "skewness": skewness,
        "interval_95": list(interval_95),
        "bounds": None if bounds is None else [end if math.isfinite(end) else None for end in bounds],
        "unseen": unseen(values, boundary, tail, bounds or UNBOUNDED) if p_value <= tail else None,
    }
    if rows is not None:
        pooled = [centre, centre] if plain is None else list(plain.interval(TAIL_95))
        details |= {
            "group_means": describe_strata(values, rows, bounds),
            "pooled": {"estimate": centre, "interval_95": pooled},
        }
    return Effect(
        estimate=centre,
        low=min(low, centre),
        high=max(high, centre),
        level=1.0 - 2.0 * tail,
        p_value=p_value,
        n=n,
        method=f"{_method(bounds, strata)}; interval from the same test",
        alternative=alternative,
        margin=claim.margin,
        boundary=boundary,
        null=f"mean {NULL_SIGN[alternative]} {boundary:g}",
        unit=unit,
        undecided="" if judged is not None else _UNIFORM if plain is None else _ALIKE,
        details=details,
    )


def _stratified(
    values: "np.ndarray", rows: Mapping[str, Sequence[int]], plain: Sides | None, bounds: Bounds | None
) -> Sides | None:
    """Return the tests of the stratified mean, to which those that know bounds are added."""
    inside = Sides.unbounded(*within_strata(values, rows))
    return inside if inside is None or plain is None or bounds is None else inside.and_also(plain)


def _method(bounds: Bounds | None, strata: Strata | None) -> str:
    """Name the tests that must all reject."""
    inside = "" if strata is None else f" within strata of {formatting.listed(list(strata))}"
    if bounds is None:
        return f"{_STUDENT}{inside}"
    known = _GAFFKE if all(map(math.isfinite, bounds)) else f"{_GAFFKE} where one is known, else {_STUDENT}"
    return known if strata is None else f"{_STUDENT}{inside}, and {known}"


def unseen(values: "np.ndarray", boundary: float, tail: float, bounds: Bounds) -> dict[str, float] | None:
    """Return how far against the claim no problem may lie for the mean to stay beyond a boundary.

    `limit` is the bound with which the test that knows bounds still rejects at `tail`, `seen` the furthest value; None
    where the bound on that side is known, and the test has answered for it.
    """
    from scipy.optimize import brentq

    sign = 1.0 if float(values.mean()) > boundary else -1.0
    known = bounds[0] if sign > 0 else bounds[1]
    if math.isfinite(known):
        return None
    mirrored = -sign * values
    furthest, step = float(mirrored.max()), float(values.std(ddof=1))

    def beyond(out: float) -> float:
        return BoundedSide(values=mirrored, bound=furthest + out).p_value(-sign * boundary) - tail

    limit = furthest
    if beyond(0.0) < 0.0:
        while beyond(step) < 0.0:  # the further out, the nearer p comes to 1
            step *= 2.0
        limit += float(brentq(beyond, 0.0, step, rtol=1e-6))
    return {"seen": -sign * furthest, "limit": -sign * limit}
