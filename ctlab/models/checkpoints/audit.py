"""The audit of names and shapes: every tensor that a module needs is there, and no tensor is left over."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ctlab.errors import CheckpointError

if TYPE_CHECKING:
    from torch import Tensor

_NAMED = 3  # names in one error: enough to see the pattern, and still one line


def audit(
    held: Mapping[str, "Tensor"],
    wanted: Mapping[str, "Tensor"],
    *,
    of: str,
    needs: str,
    remedy: str,
    names: Mapping[str, str] | None = None,
) -> None:
    """Refuse to load unless ``held`` fills ``wanted`` completely.

    ``of`` is what is filled and ``needs`` says so with a verb, ``remedy`` is what to correct when a shape is wrong, and
    ``names`` translates names to those in the checkpoint where they differ.
    """
    names = names or {}
    refuse("missing", sorted(set(wanted) - set(held)), of)
    refuse("without a place", [names.get(name, name) for name in sorted(set(held) - set(wanted))], of)
    for name, tensor in wanted.items():
        if held[name].shape != tensor.shape:
            raise CheckpointError(
                f"{names.get(name, name)!r} has shape {tuple(held[name].shape)}, {needs} {tuple(tensor.shape)}{remedy}"
            )


def refuse(what: str, names: list[str], of: str) -> None:
    """Refuse to load when ``names`` is not empty."""
    if names:
        first = ", ".join(names[:_NAMED])
        raise CheckpointError(f"{len(names)} tensors are {what} for {of}: {first}; nothing was loaded")
