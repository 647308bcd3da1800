"""Composition of errors: the share of each kind among all wrong answers of a condition."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ctlab.statistics.checks import TAIL_95

RARE = "rare"
"""Name of the label that pools labels too rare to be compared."""
_RARE_BELOW = 5  # the usual least count for χ² (Cochran 1954, Biometrics 10, 417-451)
_BOOTSTRAPS = 10_000  # of a whole table each: a p of .0083 is then known to ± .0009, its standard error
_SINGULAR = 1e-9
"""Eigenvalues of a covariance that are 0 but for rounding, relative to the largest: shares sum to 1, so that one is."""
_TIE = 1e-12
"""Statistics that differ by less are the same but for rounding; what is reached counts against the claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """Shares of each label among the errors of two conditions, and how they differ."""

    variation: float
    """Total variation distance of the two compositions: half the sum of absolute differences of shares, 0 to 1."""
    low: float
    """Lower end of its interval."""
    high: float
    """Upper end of its interval."""
    p_value: float
    """p-value of no difference in any share."""
    interval_95: tuple[float, float]
    """The same interval at level .95."""
    labels: tuple[str, ...]
    """Labels, the rare ones pooled."""
    before: tuple[float, ...]
    """Share of each label among the baseline's errors."""
    after: tuple[float, ...]
    """Share of each label among the treated condition's errors."""
    ends: tuple[tuple[float, float], ...]
    """Interval of each difference of shares, at the level that Bonferroni asks for over the labels."""
    errors: tuple[int, int]
    """Number of errors under the baseline and under the treated condition."""


def compare_compositions(
    before: Sequence[str | None], after: Sequence[str | None], *, alpha: float, seed: int = 0
) -> Composition:
    """Compare of what kinds the errors of two conditions are, on the same problems.

    Parameters
    ----------
    before, after : sequence of str or None
        Label of each problem's error under the baseline and under the treated condition; None where it was correct.
    alpha : float
        The interval of the variation has level 1 − 2 alpha, those of the shares 1 − alpha / labels.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Composition
        Shares, their differences, and the test.

    Notes
    -----
    Without any error under one condition there is no composition to compare: variation and interval are then 0, 0 and
    1, p is 1, and `errors` says so.

    Bootstrap over problems, 10,000 times: a problem brings its labels under both conditions, so the comparison stays
    paired although each condition has its own errors. The statistic is d'S⁺d, with d the differences of shares and S
    their covariance by the delta method; its null distribution is that of the bootstrap differences around d. Labels
    with fewer than 5 errors under both conditions together are pooled. The variation's interval is the basic
    bootstrap interval, which takes back the upward bias that a distance has, extended to hold the estimate.
    """
    return compare_joint(*joint_counts(before, after), alpha=alpha, seed=seed)


def compare_joint(
    names: Sequence[str], counts: Any, *, alpha: float, seed: int = 0, resamples: int = _BOOTSTRAPS
) -> Composition:
    """Compare compositions as `compare_compositions` does, from the table that `joint_counts` makes."""
    import numpy as np

    labels, joint = _pooled(names, counts)
    errors = (int(joint[:-1].sum()), int(joint[:, :-1].sum()))
    if not all(errors):
        return _nothing(labels, errors)
    cells = joint.ravel()
    n = int(cells.sum())
    share_before, share_after = _shares(joint[None])
    difference = (share_after - share_before)[0]
    inverse = np.linalg.pinv(_covariance(joint, share_before[0], share_after[0]), rcond=_SINGULAR, hermitian=True)
    filled = np.flatnonzero(cells)
    drawn = np.zeros((resamples, len(cells)))
    drawn[:, filled] = np.random.default_rng(seed).multinomial(n, cells[filled] / n, size=resamples)
    drawn = drawn.reshape(-1, *joint.shape)
    # A resample without any error has no composition; it is as good as impossible from 50 problems on.
    drawn = drawn[(drawn[:, :-1].sum(axis=(1, 2)) > 0) & (drawn[:, :, :-1].sum(axis=(1, 2)) > 0)]
    drawn_before, drawn_after = _shares(drawn)
    resampled = drawn_after - drawn_before
    around = resampled - difference
    statistic = difference @ inverse @ difference
    reached = (np.einsum("bi,ij,bj->b", around, inverse, around) >= statistic - _TIE).sum()
    variation = float(np.abs(difference).sum() / 2.0)
    distances = np.abs(resampled).sum(axis=1) / 2.0
    low, high = _basic(variation, distances, alpha)
    ends = np.quantile(resampled, [alpha / 2 / len(labels), 1.0 - alpha / 2 / len(labels)], axis=0)
    return Composition(
        variation=variation,
        low=low,
        high=high,
        p_value=float((reached + 1) / (len(drawn) + 1)),
        interval_95=_basic(variation, distances, TAIL_95),
        labels=labels,
        before=tuple(map(float, share_before[0])),
        after=tuple(map(float, share_after[0])),
        ends=tuple((float(low), float(high)) for low, high in ends.T),
        errors=errors,
    )


def _basic(estimate: float, resampled: Any, tail: float) -> tuple[float, float]:
    """Return the basic bootstrap interval of a distance, kept between 0 and 1 and around the estimate."""
    import numpy as np

    upper, lower = np.quantile(resampled, [1.0 - tail, tail])
    return float(np.clip(2 * estimate - upper, 0.0, estimate)), float(np.clip(2 * estimate - lower, estimate, 1.0))


def joint_counts(before: Sequence[str | None], after: Sequence[str | None]) -> tuple[tuple[str, ...], Any]:
    """Return the labels and how many problems have which under both, shape (labels + 1, labels + 1); last: correct."""
    import numpy as np

    labels = tuple(sorted({label for label in (*before, *after) if label is not None}))
    places: dict[str | None, int] = {label: place for place, label in enumerate(labels)} | {None: len(labels)}
    joint = np.zeros((len(labels) + 1, len(labels) + 1))
    for one, other in zip(before, after, strict=True):
        joint[places[one], places[other]] += 1
    return labels, joint


def wald_p(names: Sequence[str], counts: Any) -> float:
    """Return the p-value of the same comparison from χ² instead of the bootstrap: right for many errors."""
    import numpy as np
    from scipy.stats import chi2

    _, joint = _pooled(names, counts)
    if not joint[:-1].any() or not joint[:, :-1].any():
        return 1.0
    share_before, share_after = (each[0] for each in _shares(joint[None]))
    covariance = _covariance(joint, share_before, share_after)
    inverse = np.linalg.pinv(covariance, rcond=_SINGULAR, hermitian=True)
    rank = np.linalg.matrix_rank(covariance, hermitian=True)
    difference = share_after - share_before
    return float(chi2.sf(difference @ inverse @ difference, rank)) if rank else 1.0


def _pooled(names: Sequence[str], counts: Any) -> tuple[tuple[str, ...], Any]:
    """Return labels and table with the rare labels as one; a label that nothing has is dropped."""
    import numpy as np

    sums = counts[:-1].sum(axis=1) + counts[:, :-1].sum(axis=0)
    kept = [place for place, total in enumerate(sums) if total >= _RARE_BELOW]
    rare = [place for place, total in enumerate(sums) if 0 < total < _RARE_BELOW]
    groups = [[place] for place in kept] + ([rare] if rare else []) + [[len(names)]]
    joint = np.array([[counts[np.ix_(rows, columns)].sum() for columns in groups] for rows in groups])
    return (*(names[place] for place in kept), *((RARE,) if rare else ())), joint


def _nothing(labels: tuple[str, ...], errors: tuple[int, int]) -> Composition:
    """Return what is known where one condition has no error: nothing."""
    shares = tuple(0.0 for _ in labels)
    return Composition(
        variation=0.0,
        low=0.0,
        high=1.0,
        p_value=1.0,
        interval_95=(0.0, 1.0),
        labels=labels,
        before=shares,
        after=shares,
        ends=tuple((-1.0, 1.0) for _ in labels),
        errors=errors,
    )


def _shares(joint: Any) -> tuple[Any, Any]:
    """Return the shares of the labels among the errors of each condition, shape (B, labels) each."""
    before, after = joint[:, :-1].sum(axis=2), joint[:, :, :-1].sum(axis=1)
    return before / before.sum(axis=1, keepdims=True), after / after.sum(axis=1, keepdims=True)


def _covariance(joint: Any, before: Any, after: Any) -> Any:
    """Return the covariance of the differences of shares by the delta method, shape (labels, labels)."""
    import numpy as np

    k, n = len(before), joint.sum()
    unit = np.vstack([np.eye(k), np.zeros(k)])  # what an error of each label, or none, adds
    wrong = np.append(np.ones(k), 0.0)[:, None]
    from_before = (unit - wrong * before) / (joint[:-1].sum() / n)
    from_after = (unit - wrong * after) / (joint[:, :-1].sum() / n)
    influence = (from_after[None, :, :] - from_before[:, None, :]).reshape(-1, k)
    weights = joint.ravel() / n
    return (influence * weights[:, None]).T @ influence / n
