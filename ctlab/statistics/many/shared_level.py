"""The level at which each of many cells is looked at, so that all of them hold together."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab.errors import StatisticsError
from ctlab.statistics.many.discordance import FEW, check_right, in_clusters

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

DRAWS = 4000
_BLOCK = 500
"""Draws at a time: 3,072 cells × 500 numbers are 6 MB."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Largest:
    """How large the largest of all cells' standardised differences is where no cell differs, by what cells share."""

    sizes: "Floats"
    """(draws,) largest absolute standardised difference of a draw, ascending."""
    poor: int
    """Cells with too few changed problems to be drawn, which take a share of α as Bonferroni has it."""
    cells: int
    """All cells."""

    def chance(self, p: "npt.ArrayLike") -> "Floats":
        """Return the probability that some cell's two-sided p-value is that small, never above Bonferroni's bound."""
        import numpy as np
        from scipy.special import ndtri

        each: Floats = np.minimum(np.asarray(p, dtype=float), 1.0)
        draws = len(self.sizes)
        beyond = draws - np.searchsorted(self.sizes, -ndtri(each / 2.0), side="left")
        joint = (beyond + 1.0) / (draws + 1.0) + self.poor * each
        if self.poor == self.cells:
            joint = self.cells * each
        found: Floats = np.minimum(1.0, np.minimum(joint, self.cells * each))
        return found

    def share(self, alpha: float) -> float:
        """Return the two-sided p-value at which that probability is `alpha`: each cell's own level."""
        import numpy as np
        from scipy.special import ndtr

        p = np.concatenate([[alpha / self.cells], 2.0 * ndtr(-self.sizes) * (1.0 - 1e-9)])
        return float(p[self.chance(p) <= alpha].max())


def largest_differences(
    right: "Bools", clusters: "Ints | None" = None, *, draws: int = DRAWS, seed: int = 0
) -> Largest:
    """Draw how large the largest standardised difference of a sweep is where nothing differs.

    Parameters
    ----------
    right : numpy.ndarray of bool, (1 + cells, problems)
        Outcomes, the baseline's first.
    clusters : numpy.ndarray of int, (problems,), optional
        Each problem's cluster, which keeps one sign.
    draws, seed
        How many, and where they start; the same seed draws the same.

    Notes
    -----
    Each problem's (cluster's) differences, less their cell's mean, get one random sign for all cells, so that what
    cells share stays: the multiplier bootstrap of the largest studentised mean, valid for many more cells than problems
    as long as each cell changes enough problems (Chernozhukov, Chetverikov and Kato). Cells in which fewer than 20
    changed are not normal, are left out, and take their full share of α.

    References
    ----------
    Chernozhukov V, Chetverikov D, Kato K (2013). Gaussian approximations and multiplier bootstrap for maxima of sums of
    high-dimensional random vectors. Annals of Statistics 41(6), 2786-2819. Hothorn T, Bretz F, Westfall P (2008).
    Simultaneous inference in general parametric models. Biometrical Journal 50(3), 346-363.
    """
    import numpy as np

    if draws < 100:
        raise StatisticsError(f"draws must be 100 at least, got {draws}; {DRAWS} is usual.")
    right = check_right(right)
    differences = right[1:].astype(np.int8) - right[0].astype(np.int8)
    changed = differences != 0 if clusters is None else in_clusters(np.abs(differences), clusters) > 0
    rich = changed.sum(axis=1) >= FEW
    cells = len(differences)
    if not rich.any():
        return Largest(sizes=np.full(draws, np.inf), poor=cells, cells=cells)
    kept = differences[rich].astype(np.float32)
    kept -= kept.mean(axis=1, keepdims=True)
    if clusters is not None:
        kept = in_clusters(kept, clusters).astype(np.float32)
    length = np.sqrt((kept**2).sum(axis=1, keepdims=True))
    if not length.all():  # every problem was lost, or gained
        raise StatisticsError("A cell changed every problem in one way, so that nothing says how much another would.")
    kept /= length
    generator = np.random.default_rng(seed)
    sizes = []
    for start in range(0, draws, _BLOCK):
        count = min(_BLOCK, draws - start)
        signs = generator.integers(0, 2, size=(kept.shape[1], count), dtype=np.int8).astype(np.float32) * 2.0 - 1.0
        sizes.append(np.abs(kept @ signs).max(axis=0))
    return Largest(sizes=np.sort(np.concatenate(sizes).astype(np.float64)), poor=int((~rich).sum()), cells=cells)
