"""Several conditions that may cost the same: Cochran's Q, and which pairs differ."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.records.own_functions import named_outcome
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.checks import check_alpha
from ctlab.statistics.paired.difference import paired_difference
from ctlab.statistics.paired.rates import side
from ctlab.statistics.pairing import AnsweredRun, OutcomeLike, Question, check_runs, having, lost_and_gained
from ctlab.statistics.requested import check_requested

FEW = 60
"""Problems that tell conditions apart, below which the p-value comes from permutations instead of χ².

Tate and Brown (1970, JASA 65, 155-160) call χ² good from 24 cells (such problems × conditions) on: 60 make 120 or more.
"""
_PERMUTATIONS = 20_000  # a p of .0056 (α of a family of nine) is then known to ± .0005, its standard error


@checked_arguments
def cochran_q(
    runs: Sequence[AnsweredRun], claim: Question, *, outcome: OutcomeLike = "CORRECT", seed: int = 0
) -> Effect:
    r"""Return whether the rate of an outcome differs among conditions, with the pairs that differ.

    Parameters
    ----------
    runs : sequence of Run
        Runs of the same problems, at least two; the baseline is not one of them.
    claim : Question
        `alpha` is the level of the test as a whole; pairs are corrected by Holm inside it.
    outcome : Outcome, str or function
        The outcome whose rates are compared.
    seed : int
        Seed of the permutations, used when few problems tell the conditions apart.

    Returns
    -------
    Effect
        `estimate` is the largest paired difference between two conditions, a proportion, with an interval at the
        level that Bonferroni asks for over all pairs; `details["pairs"]` holds every pair with its Holm-adjusted p.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `rate_difference`; for fewer than two runs, the same condition twice, and a claim with a direction.

    Notes
    -----
    .. math:: Q = (k - 1) \frac{k \sum_j C_j^2 - (\sum_j C_j)^2}{k \sum_i R_i - \sum_i R_i^2}

    with column sums C over conditions and row sums R over problems; χ² with k − 1 degrees of freedom when at least 60
    problems have the outcome under some conditions and not under others, otherwise the permutation distribution that
    shuffles each problem's row. Pairs are compared by exact McNemar tests.

    References
    ----------
    Cochran WG (1950). The comparison of percentages in matched samples. Biometrika 37, 256-266.
    """
    check_requested(claim, "cochran_q", runs=runs, outcome=outcome)
    if len(runs) < 2:
        raise StatisticsError(f"Comparing conditions needs at least two runs, got {len(runs)}; add the others.")
    if side(claim.direction) != "two-sided":
        raise StatisticsError(
            f"That conditions are not all equal has no direction, got {claim.direction!r}; use change, or compare two "
            "conditions by `stronger`."
        )
    if claim.margin != 0.0:
        raise StatisticsError(
            f"That conditions are not all equal takes no margin, got margin={claim.margin}; "
            "choose two conditions and a direction for one."
        )
    check_alpha(claim.alpha)
    import numpy as np

    n = check_runs(*runs)
    names = [run.condition.name for run in runs]
    if len(set(names)) != len(names):
        raise StatisticsError(
            f"Every condition may be compared once, got {', '.join(names)}; leave out the double one."
        )
    has = [having(run, outcome) for run in runs]
    table = np.array(has, dtype=int).T  # (n problems, k conditions)
    p_value, statistic, how = _test(table, seed)
    pairs = _pairs(dict(zip(names, has, strict=True)), n, claim.alpha)
    largest = max(pairs.values(), key=lambda effect: abs(effect.estimate))
    return Effect(
        estimate=largest.estimate,
        low=largest.low,
        high=largest.high,
        level=largest.level,
        p_value=p_value,
        n=n,
        lost=largest.lost,
        gained=largest.gained,
        method=f"Cochran's Q ({how}); exact McNemar pairs with Holm; Tango score interval of the largest difference",
        alternative="two-sided",
        null=f"all {len(runs)} conditions have the same rate of {named_outcome(outcome)}",
        details={
            "q": statistic,
            "rates": {name: sum(each) / n for name, each in zip(names, has, strict=True)},
            "pairs": _holm(pairs),
        },
    )


def _test(table: Any, seed: int) -> tuple[float, float, str]:
    """Return p, Q and how p was found, for a table of shape (problems, conditions)."""
    import numpy as np
    from statsmodels.stats.contingency_tables import cochrans_q

    sums = table.sum(axis=1)
    telling = table[(sums > 0) & (sums < table.shape[1])]
    if len(telling) == 0:
        return 1.0, 0.0, "no problem tells the conditions apart"
    found = cochrans_q(telling)
    statistic = float(found.statistic)
    if len(telling) >= FEW:
        return float(found.pvalue), statistic, f"χ² with {table.shape[1] - 1} degrees of freedom"
    # Given the row sums Q grows with the sum of squared column sums and with nothing else.
    generator = np.random.default_rng(seed)
    shuffled = np.broadcast_to(telling, (_PERMUTATIONS, *telling.shape)).copy()
    squares = (generator.permuted(shuffled, axis=2).sum(axis=1) ** 2).sum(axis=1)
    reached = int((squares >= (telling.sum(axis=0) ** 2).sum()).sum())
    return (reached + 1) / (_PERMUTATIONS + 1), statistic, f"{_PERMUTATIONS} permutations"


def _pairs(has: Mapping[str, Sequence[bool]], n: int, alpha: float) -> dict[tuple[str, str], Effect]:
    """Return the paired difference of every two conditions, at the level that Bonferroni asks for."""
    count = len(has) * (len(has) - 1) // 2
    return {
        (one, other): paired_difference(*lost_and_gained(has[one], has[other]), n, alpha=alpha / count)
        for one, other in combinations(has, 2)
    }


def _holm(pairs: Mapping[tuple[str, str], Effect]) -> list[dict[str, Any]]:
    """Return every pair as a JSON row with its Holm-adjusted p-value."""
    from statsmodels.stats.multitest import multipletests

    adjusted = multipletests([effect.p_value for effect in pairs.values()], method="holm")[1]
    return [
        {
            "first": one,
            "second": other,
            "estimate": effect.estimate,
            "low": effect.low,
            "high": effect.high,
            "level": effect.level,
            "p_value": effect.p_value,
            "holm_p": float(min(1.0, p)),
            "lost": effect.lost,
            "gained": effect.gained,
        }
        for ((one, other), effect), p in zip(pairs.items(), adjusted, strict=True)
    ]
