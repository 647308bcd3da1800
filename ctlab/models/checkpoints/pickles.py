"""A pickle of tensors, read through ``torch.load(weights_only=True)`` and nothing else, whatever it is nested in."""

import hashlib
import os
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ctlab.errors import CheckpointError
from ctlab.inputs import shown

NESTED = ("model", "state_dict", "model_state_dict", "module")
"""What training code calls the weights among what it saves: plain loops, Lightning, DeepSpeed."""
_DEEPEST = 3  # a state_dict within a model within a checkpoint
_BLOCK = 1 << 22  # bytes hashed at once: large enough for the disk, small beside a model


@dataclass(frozen=True, slots=True)
class Unpickled:
    """What a pickle held."""

    path: Path
    """Where it lies."""
    tensors: Mapping[str, object]
    """Its weights by name."""
    beside: tuple[str, ...]
    """Names of what it holds beside them."""
    stamp: tuple[int, ...]
    """Size, inode and times of change of the file before it was read."""

    def digest(self) -> str:
        """Hash the file, and refuse one that is no longer the one that was read (CheckpointError)."""
        digest = hashlib.sha256()
        with self.path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
            if _stamp(file.fileno()) != self.stamp:
                raise CheckpointError(f"{self.path} was changed while it was read; load it again")
        return digest.hexdigest()


def read(path: Path) -> Unpickled:
    """Read a pickle's tensors, each into memory of its own; OSError where the file cannot be opened."""
    with path.open("rb") as file:
        stamp = _stamp(file.fileno())
        try:
            # weights_only: nothing but tensors and plain containers may be built; there is no fallback.
            form = torch.load(file, map_location="cpu", weights_only=True)
        except (pickle.UnpicklingError, RuntimeError, EOFError, OSError, ValueError) as error:
            reason = str(error).strip().splitlines()[0]
            raise CheckpointError(
                f"{path} cannot be read with torch.load(weights_only=True), and nothing else is tried: {reason}"
            ) from None
    weights, beside = _weights(path, form)
    return Unpickled(path, weights, beside, stamp)


def _weights(path: Path, form: Any) -> tuple[Mapping[str, object], tuple[str, ...]]:
    """Find the dictionary of tensors, at the top or behind one of the names that training code gives it."""
    beside: list[str] = []
    for _ in range(_DEEPEST):
        if not isinstance(form, Mapping) or not all(isinstance(name, str) for name in form):
            raise CheckpointError(f"{path} must hold a dictionary of tensors, not {type(form).__name__}")
        holding = [name for name in NESTED if isinstance(form.get(name), Mapping)]
        if not holding:
            break
        if len(holding) > 1 or any(isinstance(value, Tensor) for value in form.values()):
            names = " and ".join(map(repr, holding))
            other = next((name for name, value in form.items() if isinstance(value, Tensor)), None)
            more = f" and tensors beside it, {shown(other)} among them" if other is not None else ""
            raise CheckpointError(f"{path} holds {names}{more}, and one set of weights is meant; save that one alone")
        beside += [name for name in form if name != holding[0]]
        form = form[holding[0]]
    return form, tuple(beside)


def _stamp(file: int) -> tuple[int, ...]:
    of = os.fstat(file)
    return of.st_size, of.st_ino, of.st_mtime_ns, of.st_ctime_ns
