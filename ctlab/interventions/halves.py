"""The two halves of a problem set: what edits a problem's thoughts is fitted on the half that the problem is not in."""

import hashlib
from collections.abc import Mapping, Sequence


def halves(problem_ids: Sequence[str], seed: int) -> Mapping[str, int]:
    """Say of each problem in which half it is, 0 or 1: every second one of an order that hashes decide.

    The halves differ by one problem at most, and the order of ``problem_ids`` does not matter.
    """
    order = sorted(problem_ids, key=lambda problem: _hash(seed, problem))
    return {problem: place % 2 for place, problem in enumerate(order)}


def _hash(seed: int, problem_id: str) -> str:
    # Not the circle of sources and donors: who is whose source must not decide who is fitted on whom.
    return hashlib.sha256(f"half\n{seed}\n{problem_id}".encode("utf-8", "surrogatepass")).hexdigest()
