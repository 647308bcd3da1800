"""What an interchange does beyond chance and beyond a pair of the same result: numbers that claims are about."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab.errors import StatisticsError
from ctlab.measures.apart import apart
from ctlab.measures.exchange import matching_of
from ctlab.measures.interchange import Interchange, interchanges, kept_apart, length_of
from ctlab.measures.kept import kept_value
from ctlab.statistics.cells.cell import Measured, Place, thought_of
from ctlab.statistics.pairing import check_pairs

if TYPE_CHECKING:
    import numpy as np

    from ctlab.outcomes import Run

INTERCHANGES = "interchanges"
"""The question that cells of interchanges answer."""
INTERCHANGED = ("interchanged", "not interchanged")
"""What such a cell shows."""


@kept_value
def interchanged(run: "Run") -> "np.ndarray":
    """Return how much more often answers are as expected than those would be that do not depend on the pair.

    Parameters
    ----------
    run : Run
        Answers under a condition that patches by ``matched``.

    Returns
    -------
    ndarray of shape (n,)
        For problems with a pair and another that could have been taken and leads elsewhere, no two of which share a
        problem: 1 or 0 for the expected answer, minus the share of pairs that fit that lead to the answer given. The
        mean is 0 where the answer depends on no pair: a hash decides which is taken (randomisation inference).

    Raises
    ------
    StatisticsError
        As `interchanges`; for pairs of the same result; where no problem is left, as of graphs, whose one other
        candidate all pairs lead to (`interchanged_beyond_same`).
    """
    import numpy as np

    _refuse_same(run)
    kept = kept_apart([each for each in interchanges(run) if each.can_differ])
    if not kept:
        raise StatisticsError(
            f"No problem has two pairs under {run.condition.name!r} that lead to different answers, so that nothing is "
            f"known of chance; compare with pairs of the same result, by 'interchanged_beyond_same'."
        )
    return np.array([float(each.follows) - each.by_chance for each in kept])


@kept_value
def interchanged_beyond_same(run: "Run", same: "Run", *, at_most: int | None = None) -> "np.ndarray":
    """Return how much more often answers are as expected than by chance, and than a thought that copies would have it.

    Parameters
    ----------
    run, same : Run
        Answers under conditions that patch the same thought at the same step, with pairs, by ``matched`` and by
        ``matched-same``.
    at_most : int, optional
        Steps, or hops, that a problem has at most; any number where it is not given.

    Returns
    -------
    ndarray of shape (n,)
        For problems that have both pairs and whose answer another pair of the same result would change, which is not so
        of the last step: 1 or 0 for the expected answer, minus the larger of what chance gives (`interchanged`) and of
        1 or 0 for the donor's own answer after an interchange of the same result. A thought that holds the final answer
        brings it along whatever the step: it follows in both, and counts 0.

    Raises
    ------
    StatisticsError
        As `interchanges`; when the conditions are no such two; when no problem has both pairs.
    PairingError
        When the runs are not the same problems, once each, in the same order.
    """
    import numpy as np

    values = [value for each, value in _beyond_same(run, same) if at_most is None or length_of(each.problem) <= at_most]
    if not values:
        raise StatisticsError(
            f"No problem has a pair under both {run.condition.name!r} and {same.condition.name!r} that lead to "
            f"different answers; name an earlier step, or give more problems."
        )
    return np.array(values)


@kept_value
def every_interchange(runs: Sequence["Run"], same: Sequence["Run"]) -> "dict[str, np.ndarray]":
    """Return `interchanged_beyond_same` of several thoughts, over the problems that have the pairs of all of them."""
    import numpy as np

    parts = {}
    for run, control in zip(runs, same, strict=True):
        name = f"{thought_of(run.condition)} at step {matching_of(run).step}"
        parts[name] = {each.problem.id: value for each, value in _beyond_same(run, control)}
    shared = [name for name in next(iter(parts.values()), {}) if all(name in part for part in parts.values())]
    if not shared:
        raise StatisticsError("No problem has the pairs of all these thoughts; name fewer of them, or earlier steps.")
    return {name: np.array([part[problem] for problem in shared]) for name, part in parts.items()}


@kept_value
def interchanged_steps(runs: Sequence["Run"], same: Sequence["Run"]) -> list[Measured]:
    """Return cells of a claim, thought by step: `interchanged_beyond_same`, of steps that are not the last.

    ``rate`` is the interchange accuracy over a cell's problems. A cell may be empty.
    """
    import numpy as np

    if len(runs) != len(same):
        raise StatisticsError(
            f"Every interchange has one of the same result beside it: got {len(runs)} runs and {len(same)}."
        )
    cells = []
    for run, control in zip(runs, same, strict=True):
        found = _beyond_same(run, control)
        step = matching_of(run).step
        rate = {"rate": sum(each.follows for each, _ in found) / len(found)} if found else {}
        place = Place(thought=thought_of(run.condition), place=f"step {step}", value=float(step))
        cells.append(Measured(place=place, values=np.array([value for _, value in found]), more=rate))
    return cells


@kept_value
def same_value_change(same: Sequence["Run"], baseline: "Run") -> "np.ndarray":
    """Return what thoughts of the same result do to correctness: 1 or 0 after, less 1 or 0 before.

    Parameters
    ----------
    same : sequence of Run
        Answers under conditions that patch by ``matched-same``, one or several.
    baseline : Run
        Nothing patched.

    Returns
    -------
    ndarray of shape (n,)
        For problems with a pair under any of them, of which no two share a problem: the mean over those under which it
        has one. Where a thought holds that result and no more, the mean is 0.

    Raises
    ------
    StatisticsError, PairingError
        As `interchanges`; for a condition of another result; for none.
    """
    import numpy as np

    before = dict(zip(baseline.ids, baseline.correct(), strict=True))
    found: dict[str, list[Interchange]] = {}
    for run in same:
        if not matching_of(run).same:
            raise StatisticsError(f"{run.condition.name!r} patches by another result; name its 'matched-same'.")
        check_pairs(run.ids, baseline.ids, names=(run.condition.name, baseline.condition.name))
        for each in interchanges(run):
            found.setdefault(each.problem.id, []).append(each)
    if not found:
        raise StatisticsError("No problem has a pair of the same result; give more problems, or name other steps.")
    groups = [group for _, group in sorted(found.items())]
    kept = apart([frozenset[str]().union(*(each.names for each in group)) for group in groups])
    changes = [[float(each.keeps) - float(before[each.problem.id]) for each in groups[row]] for row in kept]
    return np.array([sum(change) / len(change) for change in changes])


def within(values: "np.ndarray", margin: float) -> "dict[str, np.ndarray]":
    """Return both sides of an equivalence of a mean, as parts that must each exceed 0 (two one-sided tests).

    Schuirmann DJ (1987), Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680.
    """
    return {"no lower": margin + values, "no higher": margin - values}


@kept_value
def with_length(run: "Run", same: "Run") -> "tuple[np.ndarray, np.ndarray]":
    """Return the number of steps, or hops, of each problem, and its `interchanged_beyond_same`."""
    import numpy as np

    found = _beyond_same(run, same)
    lengths = [float(length_of(each.problem)) for each, _ in found]
    return np.array(lengths), np.array([value for _, value in found])


def _beyond_same(run: "Run", same: "Run") -> list[tuple[Interchange, float]]:
    mine, theirs = matching_of(run), matching_of(same)
    if mine.same or not theirs.same or (mine.step, mine.pairs) != (theirs.step, theirs.pairs):
        raise StatisticsError(
            f"{same.condition.name!r} is no interchange of the same result at step {mine.step}, with pairs found as "
            f"under {run.condition.name!r}; name that one."
        )
    if thought_of(run.condition) != thought_of(same.condition):
        raise StatisticsError(f"{run.condition.name!r} and {same.condition.name!r} feed other thoughts; name one.")
    check_pairs(run.ids, same.ids, names=(run.condition.name, same.condition.name))
    under = {each.problem.id: each for each in interchanges(same) if not each.is_last}
    able = [each for each in interchanges(run) if each.problem.id in under]
    found = []
    for each in kept_apart(able):
        chance = each.by_chance if each.can_differ else 0.0
        found.append((each, float(each.follows) - max(chance, float(under[each.problem.id].copies))))
    return found


def _refuse_same(run: "Run") -> None:
    if matching_of(run).same:
        raise StatisticsError(
            f"Pairs under {run.condition.name!r} have the problem's own result, so that there is nothing to follow; "
            f"use it beside a run that patches by 'matched' (`interchanged_beyond_same`)."
        )
