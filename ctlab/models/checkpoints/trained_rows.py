"""Rows of an embedding that were trained alone: peft keeps them apart, and they replace the base's."""

from collections.abc import Mapping

import torch
from torch import Tensor

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.peft_config import CONFIG, PeftConfig
from ctlab.models.checkpoints.state_dict import StateDict


def enlarge(state: StateDict, peft: PeftConfig | None) -> Mapping[str, tuple[int, ...]]:
    """Make room for trained rows behind an embedding's last, where they stand there.

    Returns the ids by the weight whose rows are replaced. Nothing is written yet: the bytes may still be hashed.
    """
    places: dict[str, tuple[int, ...]] = {}
    for module, rows in state.rows.items():
        name, weight = state.names[f"{module}.trained_rows"], f"{module}.weight"
        ids = _ids(state, module, peft, name)
        if len(ids) != len(rows):
            raise CheckpointError(f"{name!r} holds {len(rows)} rows, and {CONFIG} names {len(ids)} ids")
        if weight not in state.weights:  # the other name of tied embeddings, of which one is saved
            if not any(torch.equal(rows, other) for key, other in state.rows.items() if key != module):
                raise CheckpointError(f"{name!r} holds rows of {weight!r}, which is not in the checkpoint")
            continue
        state.weights[weight] = _with_room(state.weights[weight], ids, rows, name)
        places[weight] = ids
    return places


def replace(state: StateDict, places: Mapping[str, tuple[int, ...]]) -> None:
    """Write the trained rows over the base's."""
    for weight, ids in places.items():
        table, rows = state.weights[weight], state.rows[weight.removesuffix(".weight")]
        state.weights[weight] = table.index_copy_(0, torch.tensor(ids), rows.to(table.dtype))


def _ids(state: StateDict, module: str, peft: PeftConfig | None, name: str) -> tuple[int, ...]:
    if peft is None:
        raise CheckpointError(
            f"{name!r} replaces rows, and {CONFIG}, which says which rows, is not beside it; fetch it"
        )
    named = peft.trained_rows(module)
    if named is None:  # of tied embeddings the config names one
        twins = (key for key, rows in state.rows.items() if key != module and torch.equal(rows, state.rows[module]))
        named = next((ids for key in twins if (ids := peft.trained_rows(key)) is not None), None)
    if named is None:
        raise CheckpointError(f"{name!r} replaces rows, and {CONFIG} does not say which ('trainable_token_indices')")
    return named


def _with_room(table: Tensor, ids: tuple[int, ...], rows: Tensor, name: str) -> Tensor:
    if table.dim() != 2 or rows.dim() != 2 or table.shape[1] != rows.shape[1]:
        raise CheckpointError(f"{name!r} has shape {tuple(rows.shape)}, for an embedding of {tuple(table.shape)}")
    needed = max(ids, default=-1) + 1
    if unknown := sorted(set(range(len(table), needed)) - set(ids)):
        raise CheckpointError(
            f"{name!r} replaces row {needed - 1} of {len(table)}, and nothing holds row {unknown[0]}; was the base's "
            f"vocabulary enlarged before training? Give that base"
        )
    return table if needed <= len(table) else torch.cat([table, table.new_zeros(needed - len(table), table.shape[1])])
