"""A problem and another that differs from it in one result: what it is, and which of those that fit is taken."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ctlab.problems.problem import Problem
from ctlab.problems.text.exact import Exact

Answer = Exact | str
"""What a problem is answered by: a number, or the text of a candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What stands beside a problem."""

    donor: Problem
    """The other problem; its id is that of its question, as of any problem."""
    expected: Answer
    """The own answer once the donor's result takes the place of the own one; the own gold answer where they agree."""
    alternatives: Mapping[Answer, int]
    """How many could have been taken, the donor included, by what they would have led to."""
    change: str
    """What is another in the donor's question, in words."""


def in_order(problem_id: str, step: int, seed: int, names: Iterable[str]) -> list[str]:
    """Put changes in the order in which they are tried: a hash of seed, problem, step and change decides.

    So each is equally likely to be the first, whatever the batch and whatever other problems there are.
    """
    return sorted(names, key=lambda name: _hash(f"{seed}\n{problem_id}\n{step}\n{name}"))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
