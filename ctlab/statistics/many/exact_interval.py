"""Sign tests and intervals of many paired differences at once, exact far out in the tails where many cells share α.

Tango's interval, which one comparison is judged by, rests on a normal curve. It is right to within a few percent at a
tail of .025, and misses up to five times as often as it says at .05 / 6,144 (docs/calibration.md, "Sweeps").
"""

from typing import TYPE_CHECKING

from ctlab.errors import StatisticsError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_POINTS = 32
"""Places of Gauss and Legendre at which a density is summed for an end: with 256 it is the same to 2e-6."""
_POINTS_OF_P = 256
"""The same for a p-value, whose density is summed further out: with 32 it is 2 % off where two problems are asked."""
_OUTSIDE = 1e-6
"""Part of the tail that is left out beyond the first and the last place."""


def sign_test_p(lost: "npt.ArrayLike", gained: "npt.ArrayLike", alternative: str) -> "Floats":
    """Return exact McNemar p-values, one a cell; `lost` and `gained` are counts, or effective ones (not whole).

    Parameters
    ----------
    lost, gained : array-like of float, (cells,)
        Problems that had the outcome under the baseline only, and under the cell's condition only.
    alternative : {'greater', 'less', 'two-sided'}
        Claimed: more gained than lost, fewer, or either.

    Returns
    -------
    numpy.ndarray, (cells,)
        As `mcnemar_p`; 1 where nothing changed.

    References
    ----------
    McNemar Q (1947). Psychometrika 12, 153-157. A binomial tail as an incomplete beta function: DLMF 8.17.5.
    """
    import numpy as np
    from scipy.special import betainc

    lost, gained = np.broadcast_arrays(np.asarray(lost, dtype=float), np.asarray(gained, dtype=float))
    above = np.where(gained > 0, betainc(np.where(gained > 0, gained, 1.0), lost + 1.0, 0.5), 1.0)
    below = np.where(lost > 0, betainc(np.where(lost > 0, lost, 1.0), gained + 1.0, 0.5), 1.0)
    found: Floats
    if alternative == "greater":
        found = above
    elif alternative == "less":
        found = below
    elif alternative == "two-sided":
        found = np.minimum(1.0, 2.0 * np.minimum(above, below))
    else:
        raise StatisticsError(f"alternative must be 'two-sided', 'greater' or 'less', got {alternative!r}.")
    return found


def exact_interval(
    lost: "npt.ArrayLike", gained: "npt.ArrayLike", n: "npt.ArrayLike", tail: float
) -> "tuple[Floats, Floats]":
    """Return intervals of paired differences that say what the exact McNemar test says, one a cell.

    Parameters
    ----------
    lost, gained : array-like of float, (cells,)
        Discordant problems, as `sign_test_p`.
    n : array-like of float
        All problems of a cell.
    tail : float
        What an interval leaves out on either side, 1e-12 to .5 exclusively: .025 for 95 %.

    Returns
    -------
    low, high : numpy.ndarray, (cells,)
        Proportions between −1 and 1. An end lies beyond 0 exactly where the one-sided exact test rejects at `tail`.
        Where nothing changed they are ± the largest share of changing problems that may have been missed.

    Raises
    ------
    StatisticsError
        For counts that are no counts of `n` problems, and a tail outside its range.

    Notes
    -----
    The difference is θ = π (2β − 1), of the share π of discordant problems and the share β of gained ones among them.
    Each has the Clopper-Pearson limits, whose distributions are beta; those of θ come from melding both: the upper one
    is the quantile of π (2β − 1) with both at their upper distributions, and π at its lower one where 2β < 1. That its
    coverage never falls below the level is not proven in general; enumerated for the tails and sizes of sweeps it does
    not (`benchmarks/calibration_sweeps.py`).

    References
    ----------
    Fay MP, Lumbard K (2021). Confidence intervals for difference in proportions for matched pairs compatible with exact
    McNemar's or sign tests. Statistics in Medicine 40(5), 1147-1159. Fay MP, Proschan MA, Brittain E (2015). Combining
    one-sample confidence procedures for inference in the two-sample case. Biometrics 71(1), 146-156.

    Examples
    --------
    >>> low, high = exact_interval([0, 12], [0, 60], 1319, tail=0.025)
    >>> [round(float(end), 4) for end in (*low, *high)]
    [-0.0028, 0.0231, 0.0028, 0.0501]
    """
    import numpy as np

    lost, gained, n = np.broadcast_arrays(*(np.atleast_1d(np.asarray(each, float)) for each in (lost, gained, n)))
    if not 1e-12 <= tail < 0.5:
        raise StatisticsError(f"tail must lie between 1e-12 and 0.5, got {tail!r}; 0.025 is that of a 95 % interval.")
    if not (np.isfinite(n).all() and (lost >= 0).all() and (gained >= 0).all() and (lost + gained <= n).all()):
        raise StatisticsError("lost and gained must be counts of disjoint parts of n problems; count them again.")
    if not (n > 0).all():
        raise StatisticsError("n must be at least 1 in every cell; there is no effect without problems.")
    asked = np.stack([np.concatenate(each) for each in ((lost, gained), (gained, lost), (n, n))], axis=1)
    # Cells share counts, and lower ends are upper ends with both counts exchanged: each is worked out once.
    different, place = np.unique(asked, axis=0, return_inverse=True)
    ends = _upper(different[:, 0], different[:, 1], different[:, 2], tail)[place.ravel()]
    # Rounding must not put an estimate outside its own interval.
    estimate = (gained - lost) / n
    return np.minimum(-ends[len(lost) :], estimate), np.maximum(ends[: len(lost)], estimate)


def melded_p(lost: float, gained: float, n: float, boundary: float, *, greater: bool) -> float:
    """Return the one-sided p-value that goes with the interval: of θ ≤ `boundary` (`greater`) or θ ≥ `boundary`.

    At most `tail` exactly where the end on that side of `exact_interval` lies beyond the boundary; at 0 it is that of
    the sign test. Counts are one cell's, as there, and may be effective ones.
    """
    import numpy as np
    from scipy.special import betaincc

    if greater:
        return melded_p(gained, lost, n, -boundary, greater=False)
    changed = lost + gained
    if lost == 0.0:  # β's upper distribution is all at 1
        return float(betaincc(changed + 1.0, n - changed, boundary)) if boundary > 0.0 and changed < n else 1.0
    if changed == n and boundary >= 0.0:  # π's is
        return float(betaincc(gained + 1.0, lost, (1.0 + boundary) / 2.0))
    cell = np.array([[lost], [gained], [n]], dtype=float)
    beyond = _Melded(cell[0], cell[1], cell[2], tail=1e-9, points=_POINTS_OF_P)
    return min(1.0, float(beyond(np.array([boundary]), np.array([0]))[0]))


def _upper(lost: "Floats", gained: "Floats", n: "Floats", tail: float) -> "Floats":
    """Return upper ends."""
    import numpy as np
    from scipy.optimize.elementwise import find_root
    from scipy.special import betainccinv

    found, changed = np.ones_like(n), lost + gained
    alone = (lost == 0) & (changed < n)  # β's upper distribution is all at 1
    found[alone] = betainccinv(changed[alone] + 1.0, (n - changed)[alone], tail)
    every = (lost > 0) & (changed == n)  # π's is
    found[every] = 2.0 * betainccinv(gained[every] + 1.0, lost[every], tail) - 1.0
    rest = (lost > 0) & ((changed < n) | (found < 0.0))
    if rest.any():
        beyond = _Melded(lost[rest], gained[rest], n[rest], tail)
        cells = np.arange(int(rest.sum()))
        solved = find_root(
            lambda end, which: np.log(np.maximum(beyond(end, which.astype(int)), 1e-300)) - np.log(tail),
            beyond.around(),
            args=(cells,),
            tolerances={"xatol": 1e-12, "xrtol": 1e-10},
        )
        if not solved.success.all():
            raise StatisticsError("An interval's end could not be found; report the counts of the sweep.")
        found[rest] = solved.x
    return found


class _Melded:
    """The melded upper distribution of θ, for cells with a loss: P(θ > t) = ∫ P(2β − 1 > t / π) dF(π)."""

    def __init__(self, lost: "Floats", gained: "Floats", n: "Floats", tail: float, points: int = _POINTS) -> None:
        import numpy as np
        from scipy.special import betaincinv, roots_legendre

        self._lost, self._gained, self._n = lost, gained, n
        self._places, self._weights = roots_legendre(points)
        changed, least = lost + gained, tail * _OUTSIDE
        # Where every problem changed the end is negative, and which π goes with positive ones does not matter.
        unchanged = np.where(changed < n, n - changed, 1.0)
        # π's parameters and where it lies, for ends above 0 and below.
        self._of = np.stack([[changed + 1.0, unchanged], [changed, n - changed + 1.0]])
        self._first = np.stack([_logit(betaincinv(*each, least)) for each in self._of])
        self._last = np.stack([-_logit(betaincinv(*each[::-1], least)) for each in self._of])

    def around(self) -> "tuple[Floats, Floats]":
        """Return values below and above the ends: the estimates, and 1."""
        estimate: Floats = (self._gained - self._lost) / self._n
        return estimate, estimate * 0.0 + 1.0

    def __call__(self, end: "Floats", which: "npt.NDArray[np.int64]") -> "Floats":
        """Return the probability of lying above an end, of some of the cells."""
        import numpy as np
        from scipy.special import betainc, betaincc, betaln

        below = (end < 0.0).astype(int)
        (a, b), lost, gained = self._of[below, :, which].T, self._lost[which], self._gained[which]
        # Where π lies below |t|, θ cannot lie beyond t: no place is spent there.
        size = np.clip(np.abs(end), 1e-300, 1.0 - 1e-16)
        last = self._last[below, which]
        first = np.minimum(np.maximum(self._first[below, which], _logit(size)), last)
        half = (last - first)[:, None] / 2.0
        x = (first + last)[:, None] / 2.0 + half * self._places
        log_density = -a[:, None] * np.logaddexp(0.0, -x) - b[:, None] * np.logaddexp(0.0, x) - betaln(a, b)[:, None]
        share = np.clip((1.0 + end[:, None] * (1.0 + np.exp(-x))) / 2.0, 0.0, 1.0)
        above = betaincc((gained + 1.0)[:, None], lost[:, None], share)
        total: Floats = (half * self._weights * np.exp(log_density) * above).sum(axis=1)
        return total + np.where(below, betainc(a, b, size), 0.0)


def _logit(share: "Floats") -> "Floats":
    import numpy as np

    found: Floats = np.log(share) - np.log1p(-share)
    return found
