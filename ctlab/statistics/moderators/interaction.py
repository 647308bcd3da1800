"""Interaction: a condition that costs more on problems with more of a feature."""

from collections.abc import Sequence
from typing import Any

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.records.own_functions import named_feature
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.checks import check_alpha
from ctlab.statistics.moderators.feature import feature_codes, feature_values
from ctlab.statistics.moderators.feature_cells import continuous, sort_into_cells
from ctlab.statistics.moderators.fitted_adjustment import fitted_adjustment
from ctlab.statistics.moderators.influence import without_most_influential
from ctlab.statistics.moderators.loss_by_feature import describe_losses
from ctlab.statistics.moderators.loss_slope import SCALES, Sample, measure
from ctlab.statistics.paired.rates import side
from ctlab.statistics.pairing import AnsweredRun, FeatureLike, OutcomeLike, Question, check_runs, having
from ctlab.statistics.requested import check_requested

_OPERATIONS = "n_operations"
"""Whose levels are left out of a claim about a yes or no: what nearly every other feature of a problem goes with."""
_TESTS = {
    "log-odds": "robust score test of Mantel-Haenszel odds ratios, paired by problem",
    "points": "robust score test of losses, paired by problem",
}


@checked_arguments
def interaction(
    feature: FeatureLike,
    baseline: AnsweredRun,
    treated: AnsweredRun,
    claim: Question,
    *,
    outcome: OutcomeLike = "CORRECT",
    scale: str | None = None,
    adjust: Sequence[str] | None = None,
) -> Effect:
    """Return how the cost of a condition grows with a feature of the problem.

    Parameters
    ----------
    feature : str or function
        As `feature_values` reads it: `n_operations`, `n_operations >= 3`, `log10 max_number`, `has_division`,
        `difficulty` (a column of the problem's row, or of the suite's own), `type == algebra`.
    baseline, treated : Run
        Two runs of the same problems. All problems count, those that are wrong under the baseline too.
    claim : Question
        `increase`: the loss grows with the feature; `decrease`: it shrinks; `change`: either. No margin.
    outcome : Outcome, str or function
        The outcome that is lost.
    scale : str, optional
        `log-odds` or `points`, with or without per what. Left out, that of the claim; log-odds for a plain question.
    adjust : sequence of str, optional
        Features that are adjusted for: each of their values has a loss of its own, and β compares problems that have
        the same. Left out, those of the claim; none for a plain question.

    Returns
    -------
    Effect
        `estimate` is β, the change of the loss per unit of the feature: in log-odds (the logarithm of the odds ratio
        by which the condition lowers the outcome) or in points, a proportion. `details` hold the other scale, on which
        it may point the other way where accuracy is near 0 or 1; the lack of fit of a straight line; and what is left
        without the level that moves β most.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `rate_difference`; for a margin, a scale or a feature that is none, and a feature adjusted for itself.

    Notes
    -----
    .. math:: loss = δ(values of the adjusted features) + β · feature

    The baseline is not modelled. Problems are sorted into cells: a level per value of the feature up to ten values,
    else quantile bins of at most 20 problems, within each value of the adjusted features. Where one of those takes more
    than ten values, strata are its tenths, and a spline of it is taken off the feature (`left_over`), so that what it
    does inside a tenth does not come out as the feature's. In log-odds a cell
    contributes Mantel and Haenszel's estimating function over pairs of different problems, which has expectation 0
    whatever the cell's baseline is and however both answers to one problem depend on each other (Liang); in points the
    sum of its losses. δ is profiled out, β = 0 judged by a score test with one degree of freedom, and the interval
    holds every β that the same test does not reject.

    A level that is all right or all wrong under one condition stays in: its loss is bounded on one side, and the
    others say the rest. One that is so under both tells nothing. Where β itself has no end, the effect is `undecided`
    and has no estimate.

    References
    ----------
    Mantel N, Haenszel W (1959). Statistical aspects of the analysis of data from retrospective studies of disease.
    Journal of the National Cancer Institute 22, 719-748. Liang KY (1985). Odds ratio inference with dependent data.
    Biometrika 72, 678-682. Boos DD (1992). On generalized score tests. The American Statistician 46, 327-333.
    """
    asked = getattr(claim, "claim", None)
    scale = scale if scale is not None else getattr(asked, "scale", SCALES[0])
    adjust = tuple(adjust if adjust is not None else getattr(asked, "adjust", ()))
    pair = (baseline, treated)
    check_requested(claim, "interaction", runs=pair, outcome=outcome, feature=feature, scale=scale, adjust=adjust)
    if claim.margin != 0.0:
        raise StatisticsError(f"An interaction takes no margin, got {claim.margin}; declare the direction only.")
    if feature in adjust:
        raise StatisticsError(f"{feature!r} cannot be adjusted for itself: nothing would be left; adjust for others.")
    alternative, kind = side(claim.direction), scale_name(scale)
    check_alpha(claim.alpha)
    check_runs(baseline, treated)
    values, binary = feature_values(baseline, feature)
    others = [feature_codes(baseline, name) for name in adjust]
    feature = named_feature(feature)
    kept = [row for row, known in enumerate(zip(values, *others, strict=True)) if None not in known]
    others = [[other[row] for row in kept] for other in others]
    if not kept:
        raise StatisticsError(f"No problem has the feature {feature!r}; choose problems that have it.")
    before, after = having(baseline, outcome), having(treated, outcome)
    rows = [(float(values[row] or 0.0), before[row], after[row]) for row in kept]
    adjusted = [[float(value or 0.0) for value in other] for other in others]
    sample = _sample(rows, adjusted)
    slope, (other_kind,) = measure(sample, kind, alternative, claim.alpha), set(SCALES) - {kind}
    fitted = fitted_adjustment(slope, sample, adjust, adjusted, kind, alternative, claim.alpha)
    effect = Effect(
        estimate=slope.estimate,
        low=slope.low,
        high=slope.high,
        level=slope.level,
        p_value=slope.p_value,
        n=len(rows),
        method=f"{_TESTS[kind]}; {_levels(sample)}; score interval",
        alternative=alternative,
        null={"greater": "β ≤ 0", "less": "β ≥ 0", "two-sided": "β = 0"}[alternative]
        + f" for the interaction of condition and {feature}"
        + (f", adjusted for {' and '.join(fitted)}" if fitted else ""),
        unit=kind,
        undecided=slope.trouble if slope.estimated else "",
        groups=_sizes(rows, feature) if binary else {},
        details={
            "feature": feature,
            "adjusted_for": fitted,
            "adjusted_in_tenths": [name for name, other in zip(adjust, others, strict=True) if continuous(other)],
            "left_out": len(values) - len(rows),
            "open_ends": list(slope.open_ends),
            "lack_of_fit": slope.lack_of_fit,
            "without": _without(baseline, kept, sample, feature, binary, kind, alternative, claim.alpha),
            "other_scale": {"unit": other_kind, **measure(sample, other_kind, alternative, claim.alpha).to_json()},
            "losses": describe_losses(rows, feature, binary),
            **({"interval_95": list(slope.plain)} if slope.estimated else {}),
        },
    )
    return effect if slope.estimated else effect.no_estimate(slope.trouble)


def scale_name(scale: str) -> str:
    """Return which scale a text names, with or without per what."""
    for name in SCALES:
        if scale == name or scale.startswith(f"{name} per "):
            return name
    raise StatisticsError(f"An interaction is in {' or '.join(SCALES)}, got the scale {scale!r}; choose one of them.")


def _sample(rows: Sequence[tuple[float, bool, bool]], adjusted: Sequence[Sequence[float]]) -> Sample:
    """Return rows as arrays."""
    import numpy as np

    values, before, after = zip(*rows, strict=True)
    return Sample(
        values=np.array(values),
        before=np.array(before),
        after=np.array(after),
        adjusted=tuple(np.array(other) for other in adjusted),
    )


def _levels(sample: Sample) -> str:
    """Say which levels the baseline's dependence on the feature has."""
    cells = sort_into_cells(sample.values, sample.adjusted)
    within = " within each value of what is adjusted for" if sample.adjusted else ""
    if cells.smooth:
        within = " within each value or tenth of what is adjusted for, less a spline of what takes more than ten values"
    bins = cells.binned or cells.smooth
    count = len(cells.value) if bins else len(set(cells.value.tolist()))
    return f"saturated baseline, {count} {'quantile bins' if bins else 'levels, one a value'}{within}"


def _without(
    baseline: AnsweredRun,
    kept: Sequence[int],
    sample: Sample,
    feature: str,
    binary: bool,
    kind: str,
    alternative: str,
    alpha: float,
) -> dict[str, Any] | None:
    """Return what is left without the most influential level: of the feature, or for a yes or no of n_operations."""
    import numpy as np

    if not binary:
        return without_most_influential(sample, sample.values, feature, kind, alternative, alpha)
    everything = baseline.problems
    problems = [everything[row] for row in kept]
    if not all(hasattr(problem.features, _OPERATIONS) for problem in problems):
        return None
    operations = feature_values(problems, _OPERATIONS)[0]
    by = np.array([np.nan if value is None else value for value in operations])
    return without_most_influential(sample, by, _OPERATIONS, kind, alternative, alpha)


def _sizes(rows: list[tuple[float, bool, bool]], feature: str) -> dict[str, int]:
    """Return how many problems say yes and no."""
    yes = sum(1 for row in rows if row[0] == 1.0)
    return {feature: yes, f"not {feature}": len(rows) - yes}
