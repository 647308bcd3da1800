"""Selectivity: by how much more often a learned probe is right than probes of shuffled labels, on held-out problems."""

from dataclasses import replace

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.records.probe_fit import ProbeFit
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.checks import check_alpha
from ctlab.statistics.means.tested import mean_effect
from ctlab.statistics.pairing import Question
from ctlab.statistics.requested import check_requested

_BOUNDS = (-1.0, 1.0)  # right or wrong, less a share of labellings


@checked_arguments
def selectivity(fit: ProbeFit, claim: Question) -> Effect:
    """Return the held-out accuracy of a probe less that of probes of shuffled labels, tested against the margin.

    Parameters
    ----------
    fit : ProbeFit
        What a probe read of problems that it was not fitted on.
    claim : Question
        `increase`: the difference lies above `margin`.

    Returns
    -------
    Effect
        `estimate` is the mean over held-out problems of right or wrong less the share of shuffled labellings of which
        it is right, a proportion. `details["probe"]` holds both accuracies, that of always naming the most common
        label, how many shuffled labellings reach the probe's accuracy, and what was kept and chosen.

    Raises
    ------
    StatisticsError
        For another direction, fewer than two problems, and too few shuffled labellings for the claim's α.

    Notes
    -----
    Two tests that must both reject, so p is the larger of both. The mean is tested by Gaffke's test between −1 and 1
    (`measured_mean`): it asks how this probe does on further problems. That a probe of meaningless labels can be
    lucky in its fit it does not know; the permutation test does, whose p is the share of labellings, the own one among
    them, of which a probe is as often right (Phipson and Smyth 2010).

    References
    ----------
    Hewitt J, Liang P (2019). Designing and interpreting probes with control tasks. EMNLP-IJCNLP, 2733-2743.
    Phipson B, Smyth GK (2010). Permutation P-values should never be zero. Statistical Applications in Genetics and
    Molecular Biology 9, 39.
    """
    import numpy as np

    check_requested(claim, "selectivity")
    check_alpha(claim.alpha)
    if claim.direction != "increase":
        raise StatisticsError(f"A probe reads more than its control: the direction is increase, not {claim.direction}.")
    least = 1.0 / (1.0 + len(fit.draws))
    if least > claim.alpha:
        raise StatisticsError(
            f"{len(fit.draws)} shuffled labellings give a p of at least {least:.2g}, and α is {claim.alpha:.2g}; fit "
            f"the probe with more draws."
        )
    # Shares of labellings are sums; equal ones must stay equal, which makes the test of a mean fast.
    values = np.round(np.array(fit.right, dtype=float) - np.array(fit.control), 12)
    effect = mean_effect(values, claim, "points", bounds=_BOUNDS, strata=None)
    reached = sum(accuracy >= fit.accuracy - 1e-12 for accuracy in fit.draws)
    permuted = (1 + reached) / (1 + len(fit.draws))
    effect = replace(
        effect,
        p_value=max(effect.p_value, permuted),
        method=f"{effect.method}; and a permutation test of {len(fit.draws)} shuffled labellings",
    )
    return effect.with_details(
        probe={
            "label": fit.label,
            "thought": fit.thought,
            "level": fit.level,
            "accuracy": fit.accuracy,
            "control": fit.control_accuracy,
            "most_common": fit.most_common,
            "trained": fit.trained,
            "classes": fit.classes,
            "labellings": len(fit.draws),
            "reached": reached,
            "kept": fit.kept,
            "penalty": fit.penalty,
        }
    )
