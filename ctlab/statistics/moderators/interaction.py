"""Interaction: a condition that costs more on problems with more of a feature."""

import warnings
from typing import Any

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.checks import check_alpha
from ctlab.statistics.moderators.feature import feature_values
from ctlab.statistics.moderators.loss_by_feature import describe_losses, loss_slope
from ctlab.statistics.moderators.wald import wald
from ctlab.statistics.paired.rates import side
from ctlab.statistics.pairing import AnsweredRun, Question, check_runs, having
from ctlab.statistics.requested import check_requested

_SEPARATED = 12.0
"""Log-odds per standard deviation of the feature above which a fit has run away: odds of 160,000 to 1, which would take
more problems than there are to see once."""


def interaction(
    feature: str, baseline: AnsweredRun, treated: AnsweredRun, claim: Question, *, outcome: str = "CORRECT"
) -> Effect:
    """Return how the cost of a condition grows with a feature of the problem, on the scale of log-odds.

    Parameters
    ----------
    feature : str
        As `feature_values` reads it: `n_operations`, `n_operations >= 3`, `log10 max_number`, `has_division`.
    baseline, treated : Run
        Two runs of the same problems. All problems count: those that are wrong under the baseline carry the
        baseline's own dependence on the feature.
    claim : Question
        `increase`: the loss grows with the feature; `decrease`: it shrinks; `change`: either. No margin.
    outcome : Outcome or str
        The outcome that is lost.

    Returns
    -------
    Effect
        `estimate` is β, the change per unit of the feature of the log odds ratio by which the condition lowers the
        outcome; positive when it loses more where the feature is larger. `details["points"]` holds the same question
        in points, which may point the other way where accuracy is near 0 or 1.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `rate_difference`; for a margin; for a feature that is none.

    Notes
    -----
    .. math:: logit P(correct) = a + b · treated + c · feature - β · treated · feature

    by generalised estimating equations with an independence working correlation, clustered by problem, with the
    robust covariance and a Wald test. The feature is standardised for the fit. When a group is all correct or all
    wrong, or the fit runs away, β is infinite: the effect is `undecided` and has no estimate.

    References
    ----------
    Liang KY, Zeger SL (1986). Longitudinal data analysis using generalized linear models. Biometrika 73, 13-22.
    """
    check_requested(claim, "interaction", runs=(baseline, treated), outcome=outcome, feature=feature)
    if claim.margin != 0.0:
        raise StatisticsError(f"An interaction takes no margin, got {claim.margin}; declare the direction only.")
    alternative = side(claim.direction)
    check_alpha(claim.alpha)
    check_runs(baseline, treated)
    values, binary = feature_values(baseline.problems, feature)
    rows = [
        (value, one, other)
        for value, one, other in zip(values, having(baseline, outcome), having(treated, outcome), strict=True)
        if value is not None
    ]
    if not rows:
        raise StatisticsError(f"No problem has the feature {feature!r}; choose problems with worked solutions.")
    fitted, trouble = _fit(rows, binary)
    estimate, error = fitted if fitted is not None else (0.0, 1.0)
    low, high, p_value, level = wald(estimate, error, alternative, claim.alpha)
    effect = Effect(
        estimate=estimate,
        low=low,
        high=high,
        level=level,
        p_value=p_value,
        n=len(rows),
        method="GEE logit, independence, robust, clustered by problem; Wald interval",
        alternative=alternative,
        null={"greater": "β ≤ 0", "less": "β ≥ 0", "two-sided": "β = 0"}[alternative]
        + f" for the interaction of condition and {feature}",
        unit="log-odds",
        groups=_sizes(rows, feature) if binary else {},
        details={
            "feature": feature,
            "left_out": len(values) - len(rows),
            "points": loss_slope(rows, level),
            "losses": describe_losses(rows, feature, binary),
        },
    )
    return effect.no_estimate(trouble) if trouble else effect


def _fit(rows: list[tuple[float, bool, bool]], binary: bool) -> tuple[tuple[float, float] | None, str]:
    """Return β and its standard error per unit of the feature, or None with what stands in the way."""
    import numpy as np

    values = np.array([row[0] for row in rows])
    spread = values.std()
    if spread == 0.0:
        return None, "every problem has the same value of the feature"
    if binary and (name := _separated(rows)):
        return None, f"separation: {name}, so the log-odds are infinite"
    scaled = (values - values.mean()) / spread
    n = len(rows)
    correct = np.array([row[1] for row in rows] + [row[2] for row in rows], dtype=float)
    treated = np.repeat([0.0, 1.0], n)
    design = np.column_stack([np.ones(2 * n), treated, np.tile(scaled, 2), treated * np.tile(scaled, 2)])
    found = _clustered_logit(correct, design, np.tile(np.arange(n), 2))
    if found is None or np.abs(found[0]).max() > _SEPARATED:
        return None, "separation: the fit runs away, so the log-odds are infinite"
    return (-float(found[0][3]) / spread, float(found[1][3]) / spread), ""


def _clustered_logit(correct: Any, design: Any, problem: Any) -> tuple[Any, Any] | None:
    """Return coefficients and robust standard errors, None when the fit does not converge to finite ones.

    With an independence working correlation the estimating equations are those of a logistic regression, and its
    covariance clustered by problem is the robust one. `statsmodels` finds the same numbers as GEE, ten times slower.
    """
    import numpy as np
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    clusters = {"groups": problem, "use_correction": False}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # overflow and non-convergence are what is checked below
        try:
            result = GLM(correct, design, family=Binomial()).fit(cov_type="cluster", cov_kwds=clusters)
            coefficients, errors = np.asarray(result.params), np.asarray(result.bse)
        except np.linalg.LinAlgError:
            return None
    usable = result.converged and np.all(np.isfinite(coefficients)) and np.all(np.isfinite(errors)) and errors.min() > 0
    return (coefficients, errors) if usable else None


def _separated(rows: list[tuple[float, bool, bool]]) -> str:
    """Name a group that is all correct or all wrong under a condition, empty when there is none."""
    for value, group in ((1.0, "with"), (0.0, "without")):
        for place, condition in ((1, "baseline"), (2, "treated condition")):
            cell = [row[place] for row in rows if row[0] == value]
            if all(cell) or not any(cell):
                return f"problems {group} the feature are all {'right' if all(cell) else 'wrong'} under the {condition}"
    return ""


def _sizes(rows: list[tuple[float, bool, bool]], feature: str) -> dict[str, int]:
    """Return how many problems say yes and no."""
    yes = sum(1 for row in rows if row[0] == 1.0)
    return {feature: yes, f"not {feature}": len(rows) - yes}
