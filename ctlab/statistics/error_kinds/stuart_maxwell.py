"""Stuart-Maxwell: whether the labels of the same problems are distributed alike under two conditions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ctlab.errors import StatisticsError

_PERMUTATIONS = 20_000  # a p of .0083 (α of a family of six) is then known to ± .0006, its standard error
_TIE = 1e-9
"""Statistics that differ by less are the same but for rounding; what is reached counts against the claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StuartMaxwell:
    """Result of a test of marginal homogeneity."""

    statistic: float
    """χ² statistic."""
    df: int
    """Degrees of freedom: labels that trade problems, minus the number of groups that trade among themselves."""
    p_value: float
    """p-value from χ²; 1 when no problem changed its label."""
    permutation_p: float
    """p-value from swapping each problem's two labels at random: right for any number of problems."""
    n: int
    """Problems in the table."""
    changed: int
    """Problems whose label changed."""


def stuart_maxwell(
    table: Sequence[Sequence[int]], *, seed: int = 0, permutations: int = _PERMUTATIONS
) -> StuartMaxwell:
    r"""Test whether rows and columns of a square table of counts have the same distribution.

    Parameters
    ----------
    table : sequence of sequence of int
        Counts, row = label under the baseline, column = label under the treated condition, in the same order.
    seed, permutations : int
        Seed and number of the permutations; none leave `permutation_p` at 1.

    Returns
    -------
    StuartMaxwell
        Statistic, degrees of freedom and both p-values.

    Raises
    ------
    StatisticsError
        When the table is empty, not square, or holds a negative count.

    Notes
    -----
    .. math:: χ^2 = d^T V^{+} d, \quad d_i = n_{i+} - n_{+i},
        \quad V_{ii} = n_{i+} + n_{+i} - 2 n_{ii}, \quad V_{ij} = -(n_{ij} + n_{ji})

    No count is changed (the `shift_zeros` of other software adds one half to every cell and turns no evidence into
    some). V is singular by construction, and more so when groups of labels trade no problem with each other; its
    pseudo-inverse and its rank take care of both. Swapping a problem's labels leaves V alone, so 20,000 permutations
    cost one matrix product.

    References
    ----------
    Stuart A (1955). A test for homogeneity of the marginal distributions in a two-way classification. Biometrika 42,
    412-416. Maxwell AE (1970). Comparing the classification of subjects by two independent judges. British Journal
    of Psychiatry 116, 651-655.

    Examples
    --------
    >>> found = stuart_maxwell([[20, 10, 5], [3, 30, 15], [0, 5, 40]])
    >>> round(found.statistic, 4), found.df
    (13.7647, 2)
    """
    import numpy as np
    from scipy.stats import chi2

    try:
        counts = np.asarray(table, dtype=float)
    except (TypeError, ValueError):
        raise StatisticsError(
            "Stuart-Maxwell needs a square table of counts; give every row one count a label."
        ) from None
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or counts.size == 0:
        raise StatisticsError(
            f"Stuart-Maxwell needs a square table of counts, got shape {counts.shape}; use one label order."
        )
    if not np.all(np.isfinite(counts)) or np.any(counts != np.round(counts)) or counts.min() < 0 or not counts.any():
        raise StatisticsError(
            f"Stuart-Maxwell needs whole counts of at least 0 and one problem, got {counts.tolist()}; count the labels."
        )
    both = counts + counts.T
    np.fill_diagonal(both, 0.0)
    laplacian = np.diag(both.sum(axis=1)) - both
    difference = counts.sum(axis=1) - counts.sum(axis=0)
    changed = int(both.sum() / 2)
    if changed == 0:
        return StuartMaxwell(statistic=0.0, df=0, p_value=1.0, permutation_p=1.0, n=int(counts.sum()), changed=0)
    inverse = np.linalg.pinv(laplacian, hermitian=True)
    df = int(np.linalg.matrix_rank(laplacian, hermitian=True))
    statistic = float(difference @ inverse @ difference)
    return StuartMaxwell(
        statistic=statistic,
        df=df,
        p_value=float(chi2.sf(statistic, df)),
        permutation_p=_permuted(both, inverse, statistic, seed, permutations),
        n=int(counts.sum()),
        changed=changed,
    )


def _permuted(both: Any, inverse: Any, statistic: float, seed: int, permutations: int) -> float:
    """Return how often the statistic is reached when each changed problem's labels are swapped with probability 1/2."""
    import numpy as np

    generator = np.random.default_rng(seed)
    first, second = np.nonzero(np.triu(both))
    traded = both[first, second].astype(int)
    forward = 2 * generator.binomial(traded, 0.5, size=(permutations, len(traded))) - traded
    moves = np.zeros((len(traded), len(both)))
    moves[np.arange(len(traded)), first] = 1.0
    moves[np.arange(len(traded)), second] = -1.0
    differences = forward @ moves
    statistics = np.einsum("pi,ij,pj->p", differences, inverse, differences)
    reached = int((statistics >= statistic - _TIE).sum())
    return (reached + 1) / (permutations + 1)
