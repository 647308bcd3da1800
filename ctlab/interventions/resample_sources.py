"""What a seed decides: whose thought a problem is given, and which noise; by ids alone, whatever is run beside."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt


def resample_sources(problem_ids: Sequence[str], seed: int) -> Mapping[str, str]:
    """Assign every problem a source: all stand in one circle, in an order that hashes decide, and each takes the next.

    No problem is its own source, each is the source of one other, and the order of ``problem_ids`` does not matter.
    """
    # A random permutation would depend on which problems come first, and may leave one where it is.
    circle = sorted(problem_ids, key=lambda problem: _hash(seed, problem))
    return dict(zip(circle, [*circle[1:], *circle[:1]], strict=True))


def direction(problem_id: str, thought: int, seed: int, size: int) -> npt.NDArray[np.float64]:
    """A vector (size,) of norm 1, all directions alike probable: the same for a problem, a thought and a seed."""
    # Independent normal coordinates are alike in every direction; only their length is not 1.
    drawn = np.random.default_rng(int(_hash(seed, f"CT{thought}", problem_id), 16)).standard_normal(size)
    unit: npt.NDArray[np.float64] = drawn / np.linalg.norm(drawn)
    return unit


def _hash(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()
