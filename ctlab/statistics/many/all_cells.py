"""Every cell of a sweep against one baseline: differences, intervals that hold together, adjusted p-values."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ctlab.errors import StatisticsError
from ctlab.statistics.checks import check_alpha
from ctlab.statistics.many.discordance import check_right, cluster_numbers, discordance
from ctlab.statistics.many.exact_interval import exact_interval, sign_test_p
from ctlab.statistics.many.shared_level import DRAWS, largest_differences

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

Together = Literal["bonferroni", "joint"]
Dependence = Literal["positive", "any"]
_DISCOVERY = {"positive": "fdr_bh", "any": "fdr_by"}
"""How statsmodels calls Benjamini and Hochberg's procedure, and Benjamini and Yekutieli's."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellDifferences:
    """What was measured in every cell; (cells,) each, differences as proportions."""

    estimate: "Floats"
    """Rate under the cell less the rate under the baseline."""
    low: "Floats"
    """Lower ends; all intervals hold together with a probability of 1 − α."""
    high: "Floats"
    """Upper ends."""
    p_value: "Floats"
    """Two-sided exact McNemar p-values, each by itself."""
    family_wise: "Floats"
    """p-values adjusted so that the chance of any false discovery among all cells is bounded."""
    discovery: "Floats"
    """p-values adjusted so that the expected share of false ones among the discoveries is bounded."""
    lost: "Ints"
    """Problems that had the outcome under the baseline only."""
    gained: "Ints"
    """Problems that had it under the cell only."""
    n: int
    """Paired problems."""
    alpha: float
    """What all cells share."""
    level: float
    """Level of each interval by itself."""
    method: str
    """Names of the tests, intervals and adjustments."""

    @property
    def marked(self) -> "npt.NDArray[np.bool_]":
        """Cells that differ, all of them true with a probability of 1 − α."""
        found: npt.NDArray[np.bool_] = self.family_wise <= self.alpha
        return found

    @property
    def discovered(self) -> "npt.NDArray[np.bool_]":
        """Cells that differ, of which a share of α is expected to be false."""
        found: npt.NDArray[np.bool_] = self.discovery <= self.alpha
        return found


def cell_differences(
    right: "np.ndarray",
    *,
    alpha: float = 0.05,
    together: Together = "bonferroni",
    dependence: Dependence = "positive",
    clusters: Sequence[Hashable] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> CellDifferences:
    """Return what every cell of a sweep changed.

    Parameters
    ----------
    right : numpy.ndarray of bool, (1 + cells, problems)
        Whether each problem has the outcome: the baseline's row first, then one a cell.
    alpha : float
        Probability, at most, that any interval misses its cell's true difference.
    together : {'bonferroni', 'joint'}
        How cells share α: in equal parts, which holds whatever they have in common, and for p-values step by step
        (Holm); or by what they have in common, drawn (`largest_differences`), which is narrower where cells move
        together and right as samples grow.
    dependence : {'positive', 'any'}
        For `discovery`: Benjamini and Hochberg's procedure, proven for cells that are independent or depend positively;
        or Benjamini and Yekutieli's, for any, which asks for p-values smaller by a factor of about the logarithm of the
        number of cells.
    clusters : sequence of hashable, optional
        Each problem's cluster: problems that are asked twice, or made of one template, are not independent.
    draws, seed
        Of `joint`.

    Returns
    -------
    CellDifferences
        Cells in which nothing changed have p = 1 and an interval of what may have been missed.

    Raises
    ------
    StatisticsError
        For a table that is none, and arguments outside their range.

    References
    ----------
    Holm S (1979). Scandinavian Journal of Statistics 6, 65-70. Benjamini Y, Hochberg Y (1995). Journal of the Royal
    Statistical Society B 57, 289-300. Benjamini Y, Yekutieli D (2001). Annals of Statistics 29(4), 1165-1188.
    """
    from statsmodels.stats.multitest import multipletests

    right = check_right(right)
    check_alpha(alpha)
    if together not in ("bonferroni", "joint") or dependence not in _DISCOVERY:
        raise StatisticsError(
            f"together is 'bonferroni' or 'joint', and dependence 'positive' or 'any'; got {together!r} and "
            f"{dependence!r}."
        )
    of = cluster_numbers(clusters, right.shape[1])
    found = discordance(right[0], right[1:], of)
    lost, gained, n = found.effective
    p_value = sign_test_p(lost, gained, "two-sided")
    cells = len(p_value)
    if together == "joint":
        largest = largest_differences(right, of, draws=draws, seed=seed)
        share, family_wise = largest.share(alpha), largest.chance(p_value)
        how = f"at a level that {cells} cells share by what they have in common ({draws} draws)"
    else:
        share, family_wise = alpha / cells, multipletests(p_value, alpha, method="holm")[1]
        how = f"at α / {cells} (Bonferroni; p-values by Holm)"
    low, high = exact_interval(lost, gained, n, share / 2.0)
    rate = "Benjamini-Hochberg" if dependence == "positive" else "Benjamini-Yekutieli"
    return CellDifferences(
        estimate=found.estimate,
        low=low,
        high=high,
        p_value=p_value,
        family_wise=family_wise,
        discovery=multipletests(p_value, alpha, method=_DISCOVERY[dependence])[1],
        lost=found.lost,
        gained=found.gained,
        n=found.n,
        alpha=alpha,
        level=1.0 - share,
        method=f"exact McNemar tests and their melded intervals {how}; false discoveries by {rate}"
        + ("" if of is None else f"; problems in {int(of.max()) + 1} clusters"),
    )
