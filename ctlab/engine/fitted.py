"""What is fitted to one half of a problem set's undisturbed thoughts, for problems of the other half."""

from collections.abc import Sequence

import numpy as np

from ctlab.engine.activation_cache import ActivationCache, Array
from ctlab.errors import InputError
from ctlab.interventions import Condition, Patch
from ctlab.interventions.contrast import Contrast
from ctlab.interventions.halves import halves
from ctlab.interventions.patch_kind import Source

_APART = 1e-9  # of the largest variance: between nearer ones float32 thoughts leave open which component is which


def halves_of(activations: ActivationCache, seed: int) -> Array:
    """In which half each problem of the set is (problems,): 0 or 1."""

    def make() -> Array:
        found = halves(activations.problem_ids, seed)
        return np.array([found[problem] for problem in activations.problem_ids])

    return activations.remembered(("halves", seed), make)


def half_mean(activations: ActivationCache, half: int, seed: int, number: int) -> Array:
    """Mean (D,) of thought ``number`` over the problems that are not in ``half``."""
    return activations.remembered(
        ("mean", half, seed, number), lambda: np.asarray(_of_the_other(activations, half, seed, number).mean(axis=0))
    )


def components(activations: ActivationCache, half: int, seed: int, number: int, count: int) -> Array:
    """First principal components (count, D) of those thoughts, about their mean; of norm 1, at right angles."""

    def make() -> Array:
        thoughts = _of_the_other(activations, half, seed, number)
        _, spread, axes = np.linalg.svd(thoughts - thoughts.mean(axis=0), full_matrices=False)
        variances = np.append(spread**2, 0.0)
        if not variances[count - 1] - variances[count] > _APART * variances[0]:
            raise InputError(
                f"vector number {number} that is fed as a thought has no {count} first principal components among "
                f"{len(thoughts)} problems: what comes after them is as large as the last; name fewer dimensions"
            )
        return np.asarray(axes[:count])

    return activations.remembered(("components", half, seed, number, count), make)


def difference(activations: ActivationCache, half: int, seed: int, number: int, contrast: Contrast) -> Array:
    """Mean (D,) of those thoughts over the problems that a contrast holds for, minus that over the others."""

    def make() -> Array:
        thoughts, groups = _of_the_other(activations, half, seed, number), _groups(activations, half, seed, contrast)
        with_it, without = (thoughts[groups == wanted].mean(axis=0) for wanted in (1, 0))
        return np.asarray(with_it - without)

    return activations.remembered(("difference", half, seed, number, contrast), make)


def refuse_unfitted(conditions: Sequence[Condition], activations: ActivationCache) -> None:
    """Refuse what too few problems, or none of a kind, can be fitted to."""
    for condition in conditions:
        for patch in condition.patches:
            if why := _unfitted(patch, activations):
                raise InputError(f"condition {condition.name!r}: {why}")


def _unfitted(patch: Patch, activations: ActivationCache) -> str:
    """Say what is lacking; empty where nothing is."""
    fewest, asked = len(activations.problems) // 2, patch.edit.dimensions or 0
    if Source.WITHIN_COMPONENTS in patch.kind.sources and fewest <= asked:
        return (
            f"{asked} principal components need more than {asked} problems in each half of the set, and there are "
            f"{fewest}; give more problems, or name fewer dimensions"
        )
    if patch.contrast is not None:
        found = [{*_groups(activations, half, patch.seed, patch.contrast).tolist()} for half in (0, 1)]
        if not all({0, 1} <= groups for groups in found):
            lacking = "with" if any(1 not in groups for groups in found) else "without"
            return (
                f"a half of the {len(activations.problems)} problems has none {lacking} {patch.contrast.text!r}; name "
                f"another value, or give more problems"
            )
    return ""


def _of_the_other(activations: ActivationCache, half: int, seed: int, number: int) -> Array:
    rows = halves_of(activations, seed) != half
    return np.asarray(activations.thoughts[rows, number], dtype=np.float64)


def _groups(activations: ActivationCache, half: int, seed: int, contrast: Contrast) -> Array:
    """Whether a contrast holds for each of the other half's problems: 1, 0, or -1 where nobody can say."""
    holds = [contrast.holds(problem.features) for problem in activations.problems]
    groups = [-1 if each is None else int(each) for each in holds]
    return np.asarray(np.array(groups)[halves_of(activations, seed) != half])
