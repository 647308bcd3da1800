"""Which families a checkpoint's tensors may belong to, by their names alone: for sentences that say what to correct."""

import json
from collections.abc import Collection, Iterable
from pathlib import Path

from ctlab.models.checkpoints.tensor_names import unwrapped
from ctlab.models.families import FAMILIES
from ctlab.models.families.base import Family

_TRUNKS = ("transformer.", "model.", "gpt_neox.", "lm_head.", "embed_out.")
"""What the names of a base model's tensors begin with, in transformers."""
_LOOPED = ".attn.Wqkv."
"""What the names of a network with recurrent depth hold, and no other's."""
_SIGNS = (".attn.c_attn.", ".attention.query_key_value.", ".self_attn.q_proj.", _LOOPED)
"""What some of them hold, attention by its names in the supported base models: without a prefix nothing else tells."""
_LONGEST = 100_000_000
"""Longest header that safetensors itself reads."""


def families_of(names: Iterable[str]) -> tuple[str, ...]:
    """Name the families that have a place for every tensor, of these the ones whose own names are there.

    Raises CheckpointError where wrappers of training code stand before some names only.
    """
    plain = tuple(unwrapped(names).values())
    known = any(sign in name for sign in _SIGNS for name in plain)
    looped = any(_LOOPED in name for name in plain)
    fitting = [
        family
        for family in FAMILIES.values()
        if plain
        and all(_has_place(family, name) for name in plain)
        and (known or "" not in family.layout.prefixes)
        and looped == ("num_steps" in family.knows)
    ]
    closest = max((_closeness(family, plain) for family in fitting), default=(0, False))
    return tuple(family.name for family in fitting if _closeness(family, plain) == closest)


def headed(path: Path) -> tuple[Path, ...]:
    """Files of a checkpoint whose headers say what their tensors are called, in order."""
    if path.is_file():
        return (path,) if path.suffix == ".safetensors" else ()
    return tuple(sorted(path.glob("*.safetensors")))


def named_in(path: Path) -> tuple[str, ...]:
    """Names of a safetensors file's tensors, from its header; none of a file that does not say."""
    try:
        with path.open("rb") as file:
            length = min(int.from_bytes(file.read(8), "little"), _LONGEST)  # safetensors' format
            return tuple(name for name in json.loads(file.read(length)) if name != "__metadata__")
    except (OSError, ValueError, TypeError):
        return ()


def remedy(names: Collection[str], family: str, *, strange: int) -> str:
    """Say what to correct where ``strange`` of the tensors have no place in ``family``."""
    fitting = families_of(names)
    if fitting and family not in fitting:
        return f"its tensors are named as those of family {' or '.join(fitting)}: correct 'family'"
    if not fitting and strange == len(names):
        return nobody()
    return "if they belong to another family, correct 'family'"


def nobody() -> str:
    """Say that no family reads such tensors, and where it stands what another would take."""
    return (
        f"no family that is read here has tensors of such names ({', '.join(FAMILIES)}); docs/adding/family.md says "
        f"what another takes"
    )


def _closeness(family: Family, names: Collection[str]) -> tuple[int, bool]:
    """Length of the prefix that names have, and whether a tensor of the family's own is among them."""
    lengths = [len(prefix) for prefix in family.layout.prefixes for name in names if name.startswith(prefix)]
    return max(lengths, default=0), bool(set(family.layout.own) & set(names))


def _has_place(family: Family, name: str) -> bool:
    layout = family.layout
    if name in layout.own or name.startswith(layout.training_only):
        return True
    prefix = next((prefix for prefix in layout.prefixes if name.startswith(prefix)), None)
    return prefix is not None and name.removeprefix(prefix).removeprefix("base_model.model.").startswith(_TRUNKS)
