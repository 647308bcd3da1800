"""What edits of a thought are made of, worked out apart from the engine: whose half, its mean, subspace and groups.

Shared with the engine are the patch as data, a problem's features and the numbers of a file of directions. Principal
components are the leading eigenvectors of a covariance here, and a singular value decomposition there; what lies within
a subspace is the least-squares fit here, and two products there.
"""

import hashlib
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from ctlab.certify.auditor import Array
from ctlab.certify.of_others import mean_over
from ctlab.certify.tolerance import relative
from ctlab.engine.activation_cache import ActivationCache
from ctlab.interventions import Patch
from ctlab.interventions.direction_files import Directions, read_directions
from ctlab.interventions.patch_kind import Source
from ctlab.problems import Problem

EDITED = frozenset(
    {
        Source.FACTOR,
        Source.DIFFERENCE,
        Source.HALF_MEAN,
        Source.WITHIN_COMPONENTS,
        Source.WITHIN_RANDOM,
        Source.GIVEN,
        Source.GIVEN_CENTRE,
        Source.WITHIN_GIVEN,
    }
)
"""Sources that are worked out here."""
_NO_PROBLEMS = "a certificate of an edit that is fitted needs the thoughts of the problem set"


def edited_source(
    source: Source,
    patch: Patch,
    problem: str,
    number: int,
    thought: int,
    projected: Tensor,
    found: ActivationCache | None,
) -> Tensor:
    """Work out a source (D,), or a number, for one problem's vector ``number``, which is fed as CT``thought``."""
    own = projected.double().numpy()
    if source is Source.FACTOR:
        return torch.tensor(patch.edit.factor, dtype=torch.float64)
    if source in (Source.GIVEN, Source.GIVEN_CENTRE, Source.WITHIN_GIVEN):
        given = _given(patch)
        centre = np.array(given.centre)
        if source is Source.GIVEN_CENTRE:
            return torch.from_numpy(centre)
        axes = np.array(given.directions)
        return torch.from_numpy(axes[0] if source is Source.GIVEN else _within(own - centre, axes))
    if found is None:
        raise RuntimeError(_NO_PROBLEMS)
    others = others_of(problem, found, patch.seed)
    if source is Source.DIFFERENCE:
        return torch.from_numpy(_difference(found, others, number, patch))
    mean = mean_over(found, others, number)
    if source is Source.HALF_MEAN:
        return torch.from_numpy(mean)
    count = patch.edit.dimensions or 0
    if source is Source.WITHIN_RANDOM:
        name = hashlib.sha256(f"subspace\n{patch.seed}\nCT{thought}\n{problem}".encode("utf-8", "surrogatepass"))
        drawn = np.random.default_rng(int.from_bytes(name.digest(), "big")).standard_normal((count, len(own)))
        return torch.from_numpy(_within(own - mean, drawn))
    return torch.from_numpy(_within(own - mean, _components(found, others, number, count)))


def others_of(problem: str, found: ActivationCache, seed: int) -> tuple[str, ...]:
    """Name the problems that a problem's edit is fitted on: of all, in the order of their hashes, every second one."""
    first, second = _in_order(found, seed)
    return second if problem in first else first


def drawn_on(problem: str, found: ActivationCache, seed: int, at_hand: Iterable[str]) -> str | None:
    """Name a problem at hand whose thought a problem's edit is fitted on; None where there is none."""
    others = {*others_of(problem, found, seed)}
    return next((name for name in at_hand if name in others), None)


def off_by(mine: Tensor, expected: Tensor, projected: Tensor) -> float:
    """Largest distance in units of the larger of two vectors.

    What is left of a thought without a part of it is as exact as the thought, however little is left.
    """
    larger = projected if projected.abs().max() > expected.abs().max() else expected
    larger = larger.double()
    return relative(larger + (mine.double() - expected.double()), larger)


def _within(vector: Array, axes: Array) -> Array:
    """The point of the space that ``axes`` (k, D) span, at whatever angles, that is nearest to a vector."""
    weights = np.linalg.lstsq(axes.T, vector, rcond=None)[0]
    return np.asarray(weights @ axes)


@lru_cache(maxsize=16)
def _in_order(found: ActivationCache, seed: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    def place(name: str) -> str:
        return hashlib.sha256(b"half\n%d\n" % seed + name.encode("utf-8", "surrogatepass")).hexdigest()

    order = sorted(found.problem_ids, key=place)
    return tuple(order[::2]), tuple(order[1::2])


@lru_cache(maxsize=64)
def _components(found: ActivationCache, names: tuple[str, ...], number: int, count: int) -> Array:
    """Eigenvectors (count, D) of the largest eigenvalues of those thoughts' covariance."""
    mean = mean_over(found, names, number)
    away = np.stack([found.of(name)[number].astype(np.float64) - mean for name in names])
    if away.shape[1] <= away.shape[0]:
        return np.asarray(np.linalg.eigh(away.T @ away)[1][:, ::-1][:, :count].T)
    # Of few problems in many dimensions: of the matrix of their products, whose eigenvectors say how much of each.
    return np.asarray((np.linalg.eigh(away @ away.T)[1][:, ::-1][:, :count].T) @ away)


def _difference(found: ActivationCache, names: tuple[str, ...], number: int, patch: Patch) -> Array:
    feature, _, least = str(patch.edit.contrast).partition(">=")
    groups: dict[bool, list[str]] = {True: [], False: []}
    for name in names:
        value = getattr(_problem(found, name).features, feature.strip())
        if value is not None:
            groups[value >= float(least)].append(name)
    return mean_over(found, tuple(groups[True]), number) - mean_over(found, tuple(groups[False]), number)


def _problem(found: ActivationCache, name: str) -> Problem:
    return _by_name(found)[name]


@lru_cache(maxsize=8)
def _by_name(found: ActivationCache) -> dict[str, Problem]:
    return {problem.id: problem for problem in found.problems}


def _given(patch: Patch) -> Directions:
    return read_directions(str(patch.edit.file), str(patch.edit.digest))
