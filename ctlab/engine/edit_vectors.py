"""The vectors that edits of a thought are made of, as the engine works them out for rows of a batch."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ctlab.engine import fitted
from ctlab.engine.activation_cache import ActivationCache, Array
from ctlab.engine.thought_sources import ThoughtSource
from ctlab.errors import ConditionError
from ctlab.interventions import Condition
from ctlab.interventions.contrast import Contrast
from ctlab.interventions.direction_files import Directions, read_directions
from ctlab.interventions.patch_kind import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """Rows whose thought is edited."""

    thought: int
    """k of CTk."""
    number: int
    """Which of all vectors that are fed as thoughts this is."""
    problems: Sequence[str]
    """Problem of each row."""
    projected: Tensor
    """(N, D) float64, what the model made of the thought."""


def edit_vectors(source: Source, patch: ThoughtSource, rows: Edited, others: Callable[[], ActivationCache]) -> Tensor:
    """Work out a source (N, D), or one vector or number for all rows; ``others`` gives the whole set's thoughts."""
    device = rows.projected.device
    match source:
        case Source.FACTOR:
            return torch.tensor(patch.edit.factor, dtype=torch.float64, device=device)
        case Source.GIVEN:
            return torch.tensor(_given(patch).directions[0], dtype=torch.float64, device=device)
        case Source.GIVEN_CENTRE:
            return torch.tensor(_given(patch).centre, dtype=torch.float64, device=device)
        case Source.WITHIN_GIVEN:
            centre, axes = (
                torch.tensor(numbers, dtype=torch.float64, device=device)
                for numbers in (_given(patch).centre, _given(patch).directions)
            )
            return (rows.projected - centre) @ axes.T @ axes
        case Source.WITHIN_RANDOM:
            away = rows.projected - _by_half(fitted.half_mean, patch, rows, others())
            drawn = [random_axes(each, rows.thought, patch.seed, _size(patch), away.shape[1]) for each in rows.problems]
            axes = torch.from_numpy(np.stack(drawn)).to(device)  # (N, dimensions, D)
            return torch.einsum("nd,nkd,nke->ne", away, axes, axes)
        case Source.WITHIN_COMPONENTS:
            away = rows.projected - _by_half(fitted.half_mean, patch, rows, others())
            axes = _by_half(fitted.components, patch, rows, others(), _size(patch))
            return torch.einsum("nd,nkd,nke->ne", away, axes, axes)
        case Source.HALF_MEAN:
            return _by_half(fitted.half_mean, patch, rows, others())
        case _:
            contrast = Contrast.read(patch.edit.contrast)
            return _by_half(fitted.difference, patch, rows, others(), contrast)


def random_axes(problem_id: str, thought: int, seed: int, count: int, size: int) -> Array:
    """Directions (count, size) of norm 1 at right angles; all subspaces are alike probable, and a seed decides."""
    name = f"subspace\n{seed}\nCT{thought}\n{problem_id}".encode("utf-8", "surrogatepass")
    drawn = np.random.default_rng(int(hashlib.sha256(name).hexdigest(), 16)).standard_normal((count, size))
    return np.asarray(np.linalg.qr(drawn.T)[0].T)


def refuse_unfit_edits(conditions: Sequence[Condition], width: int, thoughts: int) -> None:
    """Refuse edits that a model of so many thoughts of ``width`` cannot have, and those that change nothing."""
    for condition in conditions:
        for patch in condition.patches:
            if patch.edit.dimensions is not None and patch.edit.dimensions >= width:
                raise ConditionError(
                    f"condition {condition.name!r}: 'dimensions' is {patch.edit.dimensions}, and this model's thoughts "
                    f"have {width} in all; name fewer"
                )
            if patch.edit.file is not None:
                _refuse_unfit_file(condition.name, patch.by, _read(patch.edit.file, patch.edit.digest), width)
        fewer = condition.fed(thoughts) < thoughts
        alone = condition.patches and not condition.no_op and not condition.on_edges and not fewer
        if alone and all(patch.idle for patch in condition.patches):
            raise ConditionError(
                f"condition {condition.name!r} scales by 1 or adds 0 times something, which changes nothing; give "
                f'another factor, or declare it a no-op control ("no_op": true)'
            )


def _refuse_unfit_file(condition: str, by: str, given: Directions, width: int) -> None:
    if given.dim != width:
        raise ConditionError(
            f"condition {condition!r}: the file of directions is for thoughts of {given.dim} dimensions ('dim'), and "
            f"this model's have {width}; give one that was made with this model"
        )
    if by == "add-given" and len(given.directions) != 1:
        raise ConditionError(
            f"condition {condition!r}: a patch by 'add-given' adds one direction, and its file holds "
            f"{len(given.directions)}; give a file with one"
        )


def _by_half(
    fit: Callable[..., Array], patch: ThoughtSource, rows: Edited, activations: ActivationCache, *more: object
) -> Tensor:
    """Give each row what was fitted on the half that its problem is not in (N, …)."""
    own = fitted.halves_of(activations, patch.seed)[activations.rows(rows.problems)]
    both = np.stack([fit(activations, half, patch.seed, rows.number, *more) for half in (0, 1)])
    return torch.from_numpy(both).to(rows.projected.device)[torch.from_numpy(own).to(rows.projected.device)]


def _size(patch: ThoughtSource) -> int:
    if patch.edit.dimensions is None:
        raise ConditionError("a way that keeps or removes dimensions needs to know how many")
    return patch.edit.dimensions


def _given(patch: ThoughtSource) -> Directions:
    return _read(patch.edit.file, patch.edit.digest)


def _read(file: str | None, digest: str | None) -> Directions:
    if file is None or digest is None:
        raise ConditionError("a way that takes directions from a file needs the file and its digest")
    return read_directions(file, digest)
