"""Where a sweep's cells lose most, picked on one half of the problems and measured on the other, which did not pick."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.at_level import AtLevel
from ctlab.statistics.checks import NULL_SIGN, check_alpha, check_margin
from ctlab.statistics.many.axis_means import bounded_mean
from ctlab.statistics.many.discordance import check_right, cluster_numbers, discordance
from ctlab.statistics.many.exact_interval import exact_interval, melded_p, sign_test_p
from ctlab.statistics.paired.difference import PAIRED_NULL, paired_difference

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

SIGNS = {"greater": 1.0, "less": -1.0}
"""Which way a cell is extreme, by alternative."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gap:
    """How much further the picked cell lies out than others, in points; positive where it does."""

    estimate: float
    """The gap on the half that did not pick, a proportion."""
    low: float
    """Lower end, at the tail α."""
    high: float
    """Upper end; of the gap to the second at a tail that all cells share."""
    p_value: float
    """One-sided p-value of no gap."""
    cell: int | None
    """The cell that comes nearest; None for the mean of all others."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeldOut:
    """The cell that one half of the problems picked, as the other half shows it."""

    cell: int
    """Which one, from 0: row `cell` + 1 of the outcomes."""
    where_picked: float
    """Its difference on the half that picked it: too large on average, and no estimate."""
    effect: Effect
    """Its difference to the baseline on the other half."""
    over_second: Gap | None
    """How much further it lies out than each other cell; None for a sweep of one cell."""
    over_rest: Gap | None
    """How much further than the mean of all other cells; None likewise."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossFitted:
    """Both halves, each with what the other one picked."""

    cells: tuple[int, int]
    """Which cell each half picked."""
    estimate: float
    """Mean difference of what was picked, each where it was not, weighted by problems: a proportion."""
    low: float
    """Lower end."""
    high: float
    """Upper end."""
    level: float
    """Level of the interval: both halves' intervals hold together."""


def held_out_most(
    right: "np.ndarray",
    half: "Sequence[int] | np.ndarray",
    *,
    alternative: str = "less",
    margin: float = 0.0,
    alpha: float = 0.05,
    clusters: Sequence[Hashable] | None = None,
) -> HeldOut:
    """Pick the most extreme cell on half 0, and measure it on half 1.

    Parameters
    ----------
    right : numpy.ndarray of bool, (1 + cells, problems)
        Outcomes, the baseline's first.
    half : sequence of int, (problems,)
        0 or 1 for each problem (`halves_of`): 0 picks, 1 measures.
    alternative : {'less', 'greater'}
        Whether the lowest difference to the baseline is looked for, or the highest. Of equal ones the first is picked.
    margin : float
        As `paired_difference`, of the picked cell.
    alpha : float
        Level of the one-sided test; nothing of it is shared, because the half that measures did not pick.
    clusters : sequence of hashable, optional
        As `cell_differences`; all problems of a cluster must be in one half.

    Returns
    -------
    HeldOut
        `effect` is a `paired_difference` over half 1; with clusters one of effective counts (`discordance`), because
        the t test of `clustered_difference` errs where few clusters change.

    Raises
    ------
    StatisticsError
        For a half without problems, a cluster in both, and as `cell_differences`.

    Notes
    -----
    The picked cell depends on half 0 alone, so that every statement about it that half 1 makes is that of a cell named
    beforehand (Cox 1975). The gap to the second is an intersection-union test (Berger 1982): the picked cell is further
    out than *each* other one, every one tested at α, and the least gap's lower end is the least of all lower ends.

    References
    ----------
    Cox DR (1975). A note on data-splitting for the evaluation of significance levels. Biometrika 62(2), 441-444. Berger
    RL (1982). Multiparameter hypothesis testing and acceptance sampling. Technometrics 24(4), 295-300.
    """
    import numpy as np

    right = check_right(right)
    check_alpha(alpha)
    check_margin(margin)
    if alternative not in SIGNS:
        raise StatisticsError(f"alternative must be 'less' or 'greater', got {alternative!r}; most has a side.")
    picks, of = _picks(half, right.shape[1]), cluster_numbers(clusters, right.shape[1])
    if of is not None and len(np.intersect1d(of[picks], of[~picks])):
        raise StatisticsError(
            "A cluster has problems in both halves, so that one half knows of the other; keep it in one."
        )
    cell, where_picked = _most(right[:, picks], alternative)
    kept = right[:, ~picks]
    named = None if of is None else np.unique(of[~picks], return_inverse=True)[1].ravel()
    effect = one_difference(kept[0], kept[cell + 1], named, margin=margin, alternative=alternative, alpha=alpha)
    others = np.delete(np.arange(len(kept) - 1), cell)
    treated, rest = kept[cell + 1], kept[1:][others]
    alone = not len(others)
    return HeldOut(
        cell=cell,
        where_picked=where_picked,
        effect=effect,
        over_second=None if alone else _over_each(treated, rest, others, alternative, alpha, named),
        over_rest=None if alone else _over_mean(treated, rest, alternative, alpha, named),
    )


def cross_fitted_most(
    right: "np.ndarray",
    half: "Sequence[int] | np.ndarray",
    *,
    alternative: str = "less",
    alpha: float = 0.05,
    clusters: Sequence[Hashable] | None = None,
) -> CrossFitted:
    """Pick on each half and measure on the other one; arguments as `held_out_most`.

    Notes
    -----
    The halves' estimates are not independent of each other, because each half picks for the other: both intervals are
    made at half the tail, so that they hold together whatever they share (Bonferroni), and with them their mean.
    """
    import numpy as np

    right, half = check_right(right), np.asarray(half)
    check_alpha(alpha)
    both = [
        held_out_most(right, each, alternative=alternative, alpha=alpha / 2.0, clusters=clusters)
        for each in (half, 1 - half)
    ]
    weights = [each.effect.n / right.shape[1] for each in both]
    return CrossFitted(
        cells=(both[0].cell, both[1].cell),
        estimate=sum(weight * each.effect.estimate for weight, each in zip(weights, both, strict=True)),
        low=sum(weight * each.effect.low for weight, each in zip(weights, both, strict=True)),
        high=sum(weight * each.effect.high for weight, each in zip(weights, both, strict=True)),
        level=1.0 - 2.0 * alpha,
    )


def halves_of(problem_ids: Sequence[str], seed: int = 0, clusters: Sequence[Hashable] | None = None) -> "Ints":
    """Return in which half each problem is, 0 or 1, by the ids that it and its cluster have, in any order.

    With clusters all problems of one are in one half; halves then differ by a cluster at most, in number of clusters.
    """
    import numpy as np

    from ctlab.interventions.halves import halves

    if clusters is None:
        placed = halves(problem_ids, seed)
        return np.array([placed[each] for each in problem_ids])
    if len(clusters) != len(problem_ids):
        raise StatisticsError(f"clusters needs one value a problem, got {len(clusters)} for {len(problem_ids)}.")
    first: dict[Hashable, str] = {}
    for problem, cluster in zip(problem_ids, clusters, strict=True):
        first[cluster] = min(problem, first.get(cluster, problem))  # whatever the order and the cluster's own name
    placed = halves(list(first.values()), seed)
    return np.array([placed[first[cluster]] for cluster in clusters])


def _picks(half: "Sequence[int] | np.ndarray", n: int) -> "Bools":
    """Return which problems pick."""
    import numpy as np

    found = np.asarray(half)
    if found.shape != (n,) or not np.isin(found, (0, 1)).all():
        raise StatisticsError(f"half says 0 or 1 of each of {n} problems; make it with halves_of.")
    picks: Bools = found == 0
    if not 2 <= picks.sum() <= n - 2:
        raise StatisticsError(f"Each half needs two problems, and of {n} one has fewer; make both with halves_of.")
    return picks


def _most(right: "Bools", alternative: str) -> tuple[int, float]:
    """Return the most extreme cell of some problems, the first of equal ones, and its difference there."""
    changed = right[1:].sum(axis=1) - right[0].sum()
    cell = int((SIGNS[alternative] * changed).argmax())
    return cell, float(changed[cell] / right.shape[1])


def one_difference(
    before: "Bools", after: "Bools", clusters: "Ints | None", *, margin: float, alternative: str, alpha: float
) -> Effect:
    """Return one paired difference, by the house's own test."""
    lost, gained = int((before & ~after).sum()), int((~before & after).sum())
    if clusters is None or len(set(clusters.tolist())) == len(clusters):
        return paired_difference(lost, gained, len(before), margin=margin, alternative=alternative, alpha=alpha)
    found = discordance(before, after[None, :], clusters)
    (fewer,), (more,), (of,) = found.effective
    (low,), (high,) = exact_interval(fewer, more, of, alpha)
    boundary = -margin if alternative == "less" and margin else margin
    count = int(clusters.max()) + 1
    return Effect(
        estimate=(gained - lost) / len(before),
        low=float(low),
        high=float(high),
        level=1.0 - 2.0 * alpha,
        p_value=melded_p(fewer, more, of, boundary, greater=alternative == "greater"),
        n=len(before),
        lost=lost,
        gained=gained,
        method=f"exact McNemar test and melded interval, counts over the design effect of {count} clusters",
        alternative=alternative,
        margin=margin,
        boundary=boundary,
        null=f"{PAIRED_NULL} {NULL_SIGN[alternative]} {boundary:g}",
        details={"clusters": count, "design_effect": float(found.design_effect[0])},
    )


def _over_each(
    treated: "Bools", rest: "Bools", others: "Ints", alternative: str, alpha: float, clusters: "Ints | None"
) -> Gap:
    """Return the least gap to any other cell, each tested at α."""
    import numpy as np

    picked = np.broadcast_to(treated, rest.shape)
    found = discordance(*((picked, rest) if alternative == "less" else (rest, picked)), clusters)
    lost, gained, n = found.effective
    nearest = int(found.estimate.argmin())
    return Gap(
        estimate=float(found.estimate[nearest]),
        low=float(exact_interval(lost, gained, n, alpha)[0].min()),
        # Of several upper ends the least may be any: they must hold together.
        high=float(exact_interval(lost, gained, n, alpha / len(rest))[1].min()),
        p_value=float(sign_test_p(lost, gained, "greater").max()),
        cell=int(others[nearest]),
    )


def _over_mean(treated: "Bools", rest: "Bools", alternative: str, alpha: float, clusters: "Ints | None") -> Gap:
    """Return the gap to the mean of all other cells."""
    values = -SIGNS[alternative] * (rest.mean(axis=0) - treated)
    asked = AtLevel(direction="increase", margin=0.0, alpha=alpha)
    effect = bounded_mean(values, asked, clusters)
    return Gap(estimate=effect.estimate, low=effect.low, high=effect.high, p_value=effect.p_value, cell=None)
