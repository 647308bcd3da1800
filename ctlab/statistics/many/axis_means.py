"""Means over a sweep's cells along one axis: what hiding at one layer costs on average over positions and heads."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.at_level import AtLevel
from ctlab.statistics.checks import check_alpha
from ctlab.statistics.many.discordance import check_right, cluster_numbers, in_clusters
from ctlab.statistics.means.tested import mean_effect
from ctlab.statistics.pairing import Question

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AxisMean:
    """The mean over the cells of one place of an axis."""

    place: int
    """The place, as the axis counts them from 0."""
    cells: int
    """How many cells it is the mean of."""
    effect: Effect
    """Mean difference to the baseline, a proportion; the intervals of all places of the axis hold together."""


def axis_means(
    right: "np.ndarray",
    along: "Sequence[int] | np.ndarray",
    *,
    alpha: float = 0.05,
    clusters: Sequence[Hashable] | None = None,
) -> list[AxisMean]:
    """Return the mean difference to the baseline at each place of an axis.

    Parameters
    ----------
    right : numpy.ndarray of bool, (1 + cells, problems)
        Outcomes, the baseline's first.
    along : sequence of int, (cells,)
        Where each cell stands along the axis (`Grid.along`).
    alpha : float
        Probability, at most, that any of the intervals misses its mean: each place has α / places (Bonferroni).
    clusters : sequence of hashable, optional
        As `cell_differences`.

    Returns
    -------
    list of AxisMean
        In the order of places.

    Notes
    -----
    Each problem has one number, the mean of its differences over the cells of a place, between −1 and 1; what cells
    share is in it. Its mean is tested as `measured_mean` tests one with known bounds.
    """
    import numpy as np

    right, along = check_right(right), np.asarray(along)
    check_alpha(alpha)
    if along.shape != (len(right) - 1,):
        raise StatisticsError(f"along says of each of {len(right) - 1} cells where it is, got shape {along.shape}.")
    of, places = cluster_numbers(clusters, right.shape[1]), np.unique(along)
    asked = AtLevel(direction="change", margin=0.0, alpha=alpha / len(places))
    found = []
    for place in places:
        cells = right[1:][along == place]
        effect = bounded_mean(cells.mean(axis=0) - right[0], asked, of)
        found.append(AxisMean(place=int(place), cells=len(cells), effect=effect))
    return found


def bounded_mean(values: "Floats", asked: Question, clusters: "Ints | None" = None) -> Effect:
    """Return the mean of differences between −1 and 1, one a problem, with its test and interval.

    With clusters each cluster is one value, its sum over the mean size, so that the mean stays that of all problems.
    """
    import numpy as np

    bound = 1.0
    if clusters is not None:
        sizes = np.bincount(clusters)
        mean_size = len(values) / len(sizes)
        values, bound = in_clusters(values[None, :], clusters)[0] / mean_size, float(sizes.max()) / mean_size
    effect = mean_effect(values, asked, "points", bounds=(-bound, bound), strata=None)
    return effect
