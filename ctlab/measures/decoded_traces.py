"""Whether thoughts say a worked solution: all of its results, those before the last, and at which thoughts."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from ctlab.errors import PairingError, StatisticsError
from ctlab.measures.decoded_numbers import check_numbers, decoded_numbers, intermediates
from ctlab.measures.exchange import steps_of
from ctlab.measures.kept import kept_value
from ctlab.measures.shuffled import projected
from ctlab.measures.step_decoding import results_of_steps
from ctlab.problems import Problem, parse_number
from ctlab.problems.text.exact import Exact, slim
from ctlab.statistics.moderators.feature import feature_groups
from ctlab.statistics.pairing import AnsweredRun, having

if TYPE_CHECKING:
    import numpy as np

    from ctlab.records.measurement import Measurement

DECODED_TOP = 5
"""Tokens of a thought that are looked at, the most probable first; a measurement keeps as many."""


@kept_value
def whole_traces(measured: "Measurement", run: AnsweredRun, *, top: int = DECODED_TOP) -> "np.ndarray":
    """Return, of problems answered right, whether thoughts say the whole trace, beyond shuffled problems.

    Parameters
    ----------
    measured : Measurement
        Decoded thoughts.
    run : Run
        Answers to the problems that were measured.
    top : int
        How many of a thought's most probable tokens are looked at.

    Returns
    -------
    ndarray of shape (n,)
        One number for each problem that is answered right, has a result that the question does not state, and a
        partner with equally many. Their mean is the share of problems of which every such result is said by some
        thought, less the share of which those of another problem are (`projected`).

    Raises
    ------
    AnswerKindError
        When the problems are not answered by numbers.
    PairingError
        When the problems are not those that were measured.
    StatisticsError
        When no two problems can be shuffled.
    """
    said, traces = _told(measured, run.problems, top)
    right = having(run, "CORRECT")
    return _beyond_shuffled(said, traces, [row for row, found in enumerate(traces) if found and right[row]])


@kept_value
def traces_and_answers(
    measured: "Measurement", run: AnsweredRun, *, top: int = DECODED_TOP
) -> tuple["np.ndarray", list[bool]]:
    """Return whether thoughts say the whole trace of a problem, and whether it is answered right: the groups of `auc`.

    Returns
    -------
    tuple
        (n,) numbers 0 and 1, and n answers yes or no, for every problem with a result that the question does not
        state. The area is one half and half the difference between both shares: .6 is 20 points.

    Raises
    ------
    AnswerKindError, PairingError
        As `whole_traces`.
    """
    import numpy as np

    said, traces = _told(measured, run.problems, top)
    right = having(run, "CORRECT")
    rows = [row for row, found in enumerate(traces) if found]
    return np.array([float(traces[row] <= said[row]) for row in rows]), [bool(right[row]) for row in rows]


@kept_value
def strata_of_traces(run: AnsweredRun, features: Sequence[str]) -> dict[str, list[Hashable]]:
    """Return features of the problems that `traces_and_answers` keeps, in its order: strata for `auc`."""
    kept = [any(value is not None for value in results_of_steps(problem)) for problem in run.problems]
    return {
        feature: [value for value, keep in zip(feature_groups(run, feature), kept, strict=True) if keep]
        for feature in features
    }


@kept_value
def whole_bridges(
    measured: "Measurement", problems: Sequence[Problem], *, steps: Sequence[int], top: int = DECODED_TOP
) -> "np.ndarray":
    """Return whether thoughts say every result before the last, of problems of so many steps, beyond shuffled ones.

    Parameters
    ----------
    measured, problems
        Decoded thoughts, and the problems that were measured, in the same order.
    steps : sequence of int
        Numbers of steps of a worked solution; problems of other lengths are left out.
    top : int
        As `whole_traces`.

    Returns
    -------
    ndarray of shape (n,)
        As `whole_traces`, of `intermediates` and whether answered right or wrong.

    Raises
    ------
    AnswerKindError, PairingError, StatisticsError
        As `whole_traces`.
    """
    said, _ = _told(measured, problems, top)
    bridges = [intermediates(problem) for problem in problems]
    asked = set(steps)
    return _beyond_shuffled(
        said, bridges, [row for row, found in enumerate(bridges) if found and steps_of(problems[row]) in asked]
    )


@kept_value
def bridges_and_length(
    measured: "Measurement", problems: Sequence[Problem], *, few: int, top: int = DECODED_TOP
) -> tuple["np.ndarray", list[bool]]:
    """Return the share of results before the last that thoughts say, and whether the solution has at most `few` steps.

    Returns
    -------
    tuple
        (n,) shares and n answers yes or no, of every problem with intermediate results: the groups of `auc`.

    Raises
    ------
    AnswerKindError, PairingError
        As `whole_traces`.
    """
    import numpy as np

    said, _ = _told(measured, problems, top)
    bridges = [intermediates(problem) for problem in problems]
    rows = [row for row, found in enumerate(bridges) if found]
    shares = np.array([len(bridges[row] & said[row]) / len(bridges[row]) for row in rows])
    return shares, [steps_of(problems[row]) <= few for row in rows]


@kept_value
def even_above_odd(measured: "Measurement", problems: Sequence[Problem]) -> "np.ndarray":
    r"""Return how much more often thoughts of even number say an intermediate result than their neighbours do.

    Parameters
    ----------
    measured, problems
        Decoded thoughts, at least three; and the problems that were measured, in the same order.

    Returns
    -------
    ndarray of shape (n,)
        One number for each problem with intermediate results and a partner with equally many, less the same with a
        partner's results (`projected`). CT0 is even.

    Raises
    ------
    AnswerKindError, PairingError
        As `whole_traces`.
    StatisticsError
        For fewer than three thoughts, and when no two problems can be shuffled.

    Notes
    -----
    With x_k = 1 where thought k says an intermediate result as its most probable token, of T thoughts,

    .. math:: \frac{1}{T - 2} \sum_{k=1}^{T-2} (-1)^k \left(x_k - \frac{x_{k-1} + x_{k+1}}{2}\right)

    is 0 of every series that rises or falls evenly: even thoughts begin one earlier than odd ones, and results that
    are said early or late alone would favour one kind.
    """
    import numpy as np

    _check(measured, problems)
    if measured.thoughts < 3:
        raise StatisticsError(
            f"A thought between two others is compared with both, and {measured.thoughts} are there; measure a model "
            f"with at least three."
        )
    weights = np.zeros(measured.thoughts)
    for k in range(1, measured.thoughts - 1):
        sign = (1.0 if k % 2 == 0 else -1.0) / (measured.thoughts - 2)
        weights[k - 1 : k + 2] += sign * np.array([-0.5, 1.0, -0.5])
    said, results = decoded_numbers(measured), [intermediates(problem) for problem in problems]
    parts: dict[int, np.float64] = {}
    for rows in _groups(results, [row for row, found in enumerate(results) if found]).values():
        matched = np.array([[weights @ [number in results[j] for number in said[i]] for j in rows] for i in rows])
        parts.update(zip(rows, projected(matched), strict=True))
    return _in_order(parts)


def _told(
    measured: "Measurement", problems: Sequence[Problem], top: int
) -> tuple[list[frozenset[Exact]], list[frozenset[Exact]]]:
    """Return of each problem all numbers that its thoughts say, and the results that its question does not state."""
    _check(measured, problems)
    kept = measured.decoded_ids.shape[-1]
    if not 1 <= top <= kept:
        raise StatisticsError(f"top must be from 1 to {kept}, the tokens that were measured of a thought, not {top!r}.")
    numbers = {int(token): parse_number(text.strip()) for token, text in measured.vocabulary.items()}
    exact = {token: slim(number.value) for token, number in numbers.items() if number is not None}
    said = [
        frozenset(exact[int(token)] for token in row.ravel() if int(token) in exact)
        for row in measured.decoded_ids[:, :, :top]
    ]
    return said, [frozenset(v for v in results_of_steps(problem) if v is not None) for problem in problems]


def _check(measured: "Measurement", problems: Sequence[Problem]) -> None:
    check_numbers(problems, "numbers that thoughts decode to")
    if tuple(problem.id for problem in problems) != tuple(measured.problem_ids):
        raise PairingError("The problems are not those that were measured, in the same order; measure them together.")


def _groups(results: Sequence[frozenset[Exact]], rows: Sequence[int]) -> dict[int, list[int]]:
    """Return rows with equally many results, which can be shuffled among each other; those alone are left out."""
    groups: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        groups[len(results[row])].append(row)
    return {size: inside for size, inside in groups.items() if len(inside) > 1}


def _beyond_shuffled(
    said: Sequence[frozenset[Exact]], results: Sequence[frozenset[Exact]], rows: Sequence[int]
) -> "np.ndarray":
    """Return each problem's part in the share of which all results are said, less that when they are another's."""
    import numpy as np

    parts: dict[int, np.float64] = {}
    for inside in _groups(results, rows).values():
        matched = np.array([[float(results[j] <= said[i]) for j in inside] for i in inside])
        parts.update(zip(inside, projected(matched), strict=True))
    return _in_order(parts)


def _in_order(parts: "dict[int, np.float64]") -> "np.ndarray":
    import numpy as np

    if not parts:
        raise StatisticsError(
            "No two of these problems have equally many results, so that nothing can be shuffled; measure more "
            "problems with worked solutions."
        )
    # Sums over other orders differ in the last bits; equal numbers must stay equal, which makes their test fast.
    return np.round([parts[row] for row in sorted(parts)], 12)
