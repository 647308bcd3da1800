"""What a problem is fed of others: whose thought `resample` gives it, and means, apart from how the engine does it."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ctlab.certify.auditor import Array
from ctlab.engine.activation_cache import ActivationCache


def resample_source(problem_id: str, problem_ids: Sequence[str], seed: int) -> str:
    """Whose thought a problem is given: of those whose hash is larger the one with the smallest, else the smallest."""
    hashes = _hashes(tuple(problem_ids), seed)
    larger = [other for other in problem_ids if hashes[other] > hashes[problem_id]]
    return min(larger or problem_ids, key=hashes.__getitem__)


@lru_cache(maxsize=8)
def _hashes(problem_ids: tuple[str, ...], seed: int) -> dict[str, str]:
    return {
        other: hashlib.sha256(f"{seed}\n{other}".encode("utf-8", "surrogatepass")).hexdigest() for other in problem_ids
    }


@lru_cache(maxsize=64)  # asked for once an audited row; found by identity, and the numbers do not change
def mean_over(activations: ActivationCache, names: tuple[str, ...], number: int) -> Array:
    """Mean (D,) of one vector that is fed as a thought over some problems."""
    total = np.zeros(activations.thoughts.shape[-1])
    for name in names:
        total += activations.of(name)[number]
    return total / len(names)
