"""What a thought says: the number decoded from it, against the intermediate results of the worked solution."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ctlab.errors import AnswerKindError, PairingError, StatisticsError
from ctlab.measures.kept import kept_value
from ctlab.measures.shuffled import matches, projected
from ctlab.problems import Problem, a_kind, parse_number
from ctlab.problems.text.exact import Exact, slim
from ctlab.problems.text.numbers import numbers_in

if TYPE_CHECKING:
    import numpy as np

    from ctlab.records.measurement import Measurement


def intermediates(problem: Problem) -> frozenset[Exact]:
    """Return the results of a worked solution's steps that have to be calculated and are not the answer.

    Left out are the gold answer, which a thought could hold without any steps, and numbers that the question states,
    which it could copy. Empty for a problem without a readable solution, and for most of one step.
    """
    graph = problem.graph
    if graph is None:
        return frozenset()
    results = {slim(step.result.value) for step in graph.steps}
    return frozenset(results - {slim(problem.gold_number.value)} - set(numbers_in(problem.question)))


def decoded_numbers(measured: "Measurement") -> list[tuple[Exact | None, ...]]:
    """Return the number that each thought of each problem says most probably, None where it says something else.

    The text of the single most probable token is read. Where a tokenizer splits a number over tokens, its first piece
    is read as the number that it spells, so that long numbers are missed and short ones may be met by chance; the
    shuffled problems below are read the same way.
    """
    numbers = {token: parse_number(text.strip()) for token, text in measured.vocabulary.items()}
    exact = {token: None if number is None else slim(number.value) for token, number in numbers.items()}
    return [tuple(exact[int(token)] for token in row) for row in measured.decoded_ids[:, :, 0]]


@kept_value
def decoded_beyond_chance(measured: "Measurement", problems: Sequence[Problem]) -> "np.ndarray":
    r"""Return how much more often a problem's thoughts say its own intermediate results than another problem's.

    Parameters
    ----------
    measured : Measurement
        Decoded thoughts.
    problems : sequence of Problem
        The problems that were measured, in the same order.

    Returns
    -------
    ndarray of shape (n,)
        One number for each problem with intermediate results, a proportion of its thoughts; see Notes. Their mean is
        the share of thoughts that match, minus the share expected when problems are shuffled.

    Raises
    ------
    PairingError
        When the problems are not those that were measured.
    StatisticsError
        When no two problems have equally many intermediate results.

    Notes
    -----
    Let m(i, j) be the share of problem i's thoughts that say an intermediate result of problem j. Shuffled are
    problems with equally many intermediate results, so that having more of them, or smaller numbers, is no match. The
    expectation over all derangements is exact, no draw: every other problem of the group is equally likely, which
    makes it the mean U of m(i, j) over i ≠ j. Problem i contributes to both of its indices, hence its number is

    .. math:: m(i, i) - \overline{m(i, \cdot)} - \overline{m(\cdot, i)} + U

    (means over the other problems), the projection of a U-statistic: its spread is that of the mean. Problems that are
    alone in their group have no partner and are left out.

    References
    ----------
    Hoeffding W (1948). A class of statistics with asymptotically normal distribution. Annals of Mathematical
    Statistics 19, 293-325.
    """
    import numpy as np

    said, results = decoded_numbers(measured), _results(measured, problems)
    shared = _alike(results)
    if not shared:
        raise StatisticsError(
            "No two problems have equally many intermediate results, so that nothing can be shuffled; measure more "
            "problems with worked solutions."
        )
    contributions: dict[int, float] = {}
    for rows in shared.values():
        matched = matches([said[row] for row in rows], [results[row] for row in rows])
        contributions.update(zip(rows, projected(matched), strict=True))
    return np.array([contributions[row] for row in sorted(contributions)])


@kept_value
def decoded_change(
    baseline: "Measurement", treated: "Measurement", problems: Sequence[Problem], key: str = "CT0"
) -> "np.ndarray":
    """Return how much more often thoughts say an intermediate result of their problem when treated than at baseline.

    Parameters
    ----------
    baseline, treated : Measurement
        Decoded thoughts of both conditions.
    problems : sequence of Problem
        The problems that were measured, in the same order.
    key : str
        The hidden thought. It is read at later positions, and what is decoded as a thought is read one position
        earlier: the next thought cannot change, and thoughts from the second after the key on are counted.

    Returns
    -------
    ndarray of shape (n,)
        For each problem with intermediate results: share of those thoughts that say one, treated − baseline.

    Raises
    ------
    PairingError
        When the problems are not those that were measured.
    StatisticsError
        When no problem has intermediate results, or no thought comes late enough.
    """
    import numpy as np

    results = _results(baseline, problems)
    before, after = decoded_numbers(baseline), decoded_numbers(treated)
    if results != _results(treated, problems) or len(before) != len(after):
        raise PairingError("Both measurements must hold the same problems in the same order; measure them together.")
    first = int(key.removeprefix("CT")) + 2
    rows = [row for row, found in enumerate(results) if found]
    if not rows or first >= len(before[0]):
        raise StatisticsError(
            f"{len(rows)} problems with intermediate results and {len(before[0])} thoughts leave nothing to compare "
            f"after {key}; measure problems with worked solutions, and a thought with at least two after it."
        )
    pairs = ((after[row][first:], before[row][first:], results[row]) for row in rows)
    return np.array([_share(now, found) - _share(then, found) for now, then, found in pairs])


@kept_value
def decoded_rates(measured: "Measurement", problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Describe how often each thought says an intermediate result, beside the same when problems are shuffled.

    Parameters
    ----------
    measured : Measurement
        Decoded thoughts.
    problems : sequence of Problem
        The problems that were measured, in the same order.

    Returns
    -------
    list of dict
        ``{"thought", "hits", "n", "shuffled"}`` for each thought: ``n`` problems have intermediate results and a
        partner with equally many, ``hits`` of them match, and ``shuffled`` is the exact expected rate over all other
        problems of a problem's group (see `decoded_beyond_chance`). Empty when no two problems can be shuffled.

    Raises
    ------
    PairingError
        When the problems are not those that were measured.
    """
    import numpy as np

    said, groups = decoded_numbers(measured), _alike(_results(measured, problems))
    n = sum(len(rows) for rows in groups.values())
    found = []
    for thought in range(measured.thoughts if n else 0):
        hits, expected = 0.0, 0.0
        for rows in groups.values():
            results = [intermediates(problems[row]) for row in rows]
            matched = matches([said[row][thought : thought + 1] for row in rows], results)
            own = float(np.trace(matched))
            hits += own
            expected += (float(matched.sum()) - own) / (len(rows) - 1)
        found.append({"thought": f"CT{thought}", "hits": round(hits), "n": n, "shuffled": expected / n})
    return found


def check_numbers(problems: Sequence[Problem], what: str) -> None:
    """Raise AnswerKindError unless problems are answered by numbers; `what` is compared with a worked solution's."""
    if problems and problems[0].kind != "number":
        raise AnswerKindError(
            f"{what} are compared with those of a worked solution, and these problems are "
            f"answered by {a_kind(problems[0].kind)}; claim it of problems that are answered by a number"
        )


def _alike(results: Sequence[frozenset[Exact]]) -> dict[int, list[int]]:
    """Group problems by their number of intermediate results; those without any, or without a partner, are left out."""
    groups: dict[int, list[int]] = defaultdict(list)
    for row, found in enumerate(results):
        if found:
            groups[len(found)].append(row)
    return {size: rows for size, rows in groups.items() if len(rows) > 1}


def _results(measured: "Measurement", problems: Sequence[Problem]) -> list[frozenset[Exact]]:
    """Return each measured problem's intermediate results."""
    check_numbers(problems, "numbers that thoughts decode to")
    ids = tuple(problem.id for problem in problems)
    if ids != tuple(measured.problem_ids):
        raise PairingError(
            f"{len(ids)} problems are given and {len(measured.problem_ids)} were measured under "
            f"{measured.condition!r}; they must be the same, in the same order."
        )
    return [intermediates(problem) for problem in problems]


def _share(said: Sequence[Exact | None], results: frozenset[Exact]) -> float:
    """Return the share of thoughts that say a result."""
    return sum(number in results for number in said) / len(said)
