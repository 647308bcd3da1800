"""Where thoughts put probability in a graph: on all that follows in so many hops, the way, or what does not follow.

CTk is made of the state before it. What that state decodes to is held against the nodes k + 1 hops away: a search that
goes breadth first holds the whole frontier there, one that follows the way holds one node of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab.errors import InputError, PairingError, StatisticsError
from ctlab.measures.kept import kept_value
from ctlab.problems import Problem
from ctlab.problems.frontier import Frontier, frontier, node_names

if TYPE_CHECKING:
    import numpy as np

    from ctlab.records.scores import Scores

SHARE = (-1.0, 1.0)
"""Between which numbers differences of probabilities lie."""


def entity_texts(form: str = "is a {}.") -> Callable[[Problem], tuple[str, ...]]:
    """Return the answers that a graph problem's thoughts are scored by: each entity, in the words of ``form``.

    The first token must tell entities apart: of the embedded graphs' models ``is a bafin.`` is one token. Problems in
    which it does not are left out by the measures here.
    """
    return lambda problem: tuple(form.replace("{}", name) for name in node_names(problem).values())


@kept_value
def frontier_beyond_unreachable(scores: "Scores", problems: Sequence[Problem], thoughts: Sequence[int]) -> "np.ndarray":
    """Return how much more probability a node of the frontier holds than one as far from the other root.

    Parameters
    ----------
    scores : Scores
        Entities (`entity_texts`), scored at these thoughts.
    problems : sequence of Problem
        The problems that were scored, in the same order.
    thoughts : sequence of int
        k of each CTk that is looked at; what it is made of is held against nodes k + 1 hops away.

    Returns
    -------
    ndarray of shape (n,)
        For each problem: mean probability of a node that follows from the asked root in exactly k + 1 hops, minus that
        of a node at the same distance from another root which does not follow; the mean over those thoughts at which
        both are there. Problems without such a thought are left out.

    Raises
    ------
    PairingError
        When the problems are not those that were scored.
    StatisticsError
        When no problem has both.
    """
    return _each(scores, problems, thoughts, lambda held: (held.way + held.beside, held.other_way + held.other_beside))


@kept_value
def beside_beyond_unreachable(scores: "Scores", problems: Sequence[Problem], thoughts: Sequence[int]) -> "np.ndarray":
    """Return how much more a node of the frontier beside the way holds than one beside the other root's way.

    Both lead to no candidate and are equally far from their root: they differ in whether they follow. What follows the
    way alone holds neither; a search that goes breadth first holds the first. Parameters, returns and errors are those
    of `frontier_beyond_unreachable`.
    """
    return _each(scores, problems, thoughts, lambda held: (held.beside, held.other_beside))


@kept_value
def way_beyond_beside(scores: "Scores", problems: Sequence[Problem], thoughts: Sequence[int]) -> "np.ndarray":
    """Return how much more a node on the way holds than one of the same frontier beside it.

    Parameters, returns and errors are those of `frontier_beyond_unreachable`.
    """
    return _each(scores, problems, thoughts, lambda held: (held.way, held.beside))


@kept_value
def mass_narrows(scores: "Scores", problems: Sequence[Problem], first: int, last: int) -> "np.ndarray":
    """Return how much more a node beside the way holds at an early thought than one does at a late thought.

    Returns
    -------
    ndarray of shape (n,)
        For each problem whose frontiers at CT``first`` and CT``last`` both have nodes beside the way: mean probability
        of such a node at the first, minus that at the last. Errors are those of `frontier_beyond_unreachable`.
    """
    both = zip(_held(scores, problems, first), _held(scores, problems, last), strict=True)
    return _found([_mean(early.beside) - _mean(late.beside) for early, late in both if early.beside and late.beside])


@kept_value
def largest_share(scores: "Scores", problems: Sequence[Problem], thoughts: Sequence[int]) -> "np.ndarray":
    """Return the probability of the entity that holds most, one number a problem, the mean over thoughts.

    Errors are those of `frontier_beyond_unreachable`.
    """
    import numpy as np

    _check(scores, problems)
    most = [[float(np.exp(scores.at_thought(k, row).max())) for k in thoughts] for row in range(len(problems))]
    return _found([_mean(each) for each in most])


@kept_value
def reachable_change(before: "Scores", after: "Scores", problems: Sequence[Problem], thought: int) -> "np.ndarray":
    """Return how much more probability the whole frontier holds under one condition than under another, a problem.

    Errors are those of `frontier_beyond_unreachable`.
    """
    pairs = zip(_held(before, problems, thought), _held(after, problems, thought), strict=True)
    sums = [(sum(each.way + each.beside), sum(now.way + now.beside)) for each, now in pairs if each.way + each.beside]
    return _found([now - then for then, now in sums])


@dataclass(frozen=True, slots=True)
class _Held:
    """Probability of each node of a frontier's four groups; all empty where first tokens do not tell them apart."""

    way: tuple[float, ...] = ()
    beside: tuple[float, ...] = ()
    other_way: tuple[float, ...] = ()
    other_beside: tuple[float, ...] = ()


def _held(scores: "Scores", problems: Sequence[Problem], thought: int) -> list[_Held]:
    import numpy as np

    _check(scores, problems)
    found = []
    for row, problem in enumerate(problems):
        nodes, firsts = list(node_names(problem)), [ids[0] for ids in scores.token_ids[row]]
        if len(firsts) != len(nodes):
            raise InputError(
                f"problem {problem.id} was given {len(firsts)} answers, and its graph has {len(nodes)} entities; score "
                f"answers=entity_texts()"
            )
        odds = dict(zip(nodes, np.exp(scores.at_thought(thought, row)).tolist(), strict=True))
        found.append(_groups(frontier(problem, thought + 1), odds) if len(set(firsts)) == len(firsts) else _Held())
    return found


def _groups(at: Frontier, odds: dict[int, float]) -> _Held:
    groups = (at.way, at.beside, at.other_way, at.other_beside)
    return _Held(*(tuple(odds[node] for node in sorted(group)) for group in groups))


def _each(
    scores: "Scores",
    problems: Sequence[Problem],
    thoughts: Sequence[int],
    sides: Callable[[_Held], tuple[tuple[float, ...], tuple[float, ...]]],
) -> "np.ndarray":
    """One number for each problem in which both sides are there at some thought."""
    at = [_held(scores, problems, thought) for thought in thoughts]
    found = []
    for held in zip(*at, strict=True):
        pairs = [sides(each) for each in held]
        differences = [_mean(one) - _mean(other) for one, other in pairs if one and other]
        found += [_mean(differences)] if differences else []
    return _found(found)


def _found(numbers: list[float]) -> "np.ndarray":
    import numpy as np

    if not numbers:
        raise StatisticsError(
            "No problem has nodes of both kinds that far from its roots, with first tokens that tell them apart; look "
            "at earlier thoughts, or at graphs with more branches."
        )
    return np.array(numbers)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _check(scores: "Scores", problems: Sequence[Problem]) -> None:
    if tuple(problem.id for problem in problems) != scores.problem_ids:
        raise PairingError("The problems are not those that were scored, in the same order; score them together.")
