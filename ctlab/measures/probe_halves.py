"""Problems that a probe is fitted on and those that it is held to: a seed and the question decide, and nothing else."""

import hashlib
from collections.abc import Sequence

from ctlab.errors import StatisticsError
from ctlab.problems import Problem


def held_out(problems: Sequence[Problem], *, seed: int = 0, share: float = 0.5) -> list[bool]:
    """Return which problems a probe is not fitted on.

    Parameters
    ----------
    problems : sequence of Problem
        Any problems; which others are there changes nothing.
    seed : int
        Another seed is another split.
    share : float
        Share that is held out, about.

    Returns
    -------
    list of bool
        One a problem. Two problems of one question, whatever their case and spaces, stand on one side: else a probe
        that remembers a question would seem to read it.

    Raises
    ------
    StatisticsError
        For a share that leaves nothing on one side.
    """
    if not 0.0 < share < 1.0:
        raise StatisticsError(f"The share that is held out lies between 0 and 1, got {share!r}; half is usual.")
    return [_place(problem, seed) < share for problem in problems]


def check_apart(problems: Sequence[Problem], held: Sequence[bool]) -> None:
    """Raise StatisticsError where a question stands on both sides, or one side is empty."""
    if len(held) != len(problems):
        raise StatisticsError(f"A split has one side for each of {len(problems)} problems, got {len(held)}.")
    sides: tuple[set[str], set[str]] = (set(), set())
    for problem, out in zip(problems, held, strict=True):
        sides[bool(out)].add(_told(problem))
    if not all(sides):
        raise StatisticsError("A probe needs problems to be fitted on and problems to be held to; give more of them.")
    if both := sorted(sides[0] & sides[1]):
        raise StatisticsError(
            f"A question stands among those that the probe is fitted on and among those that it is held to: "
            f"{both[0][:60]!r}; split by `held_out`."
        )


def first_of_each_question(problems: Sequence[Problem], rows: Sequence[int]) -> list[int]:
    """Return of some rows those whose question stands in none before them."""
    first: dict[str, int] = {}
    for row in rows:
        first.setdefault(_told(problems[row]), row)
    return list(first.values())


def _told(problem: Problem) -> str:
    return " ".join(problem.question.casefold().split())


def _place(problem: Problem, seed: int) -> float:
    """Return a number from 0 to 1, uniform over questions."""
    digest = hashlib.sha256(f"{seed}\n{_told(problem)}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2.0**64
