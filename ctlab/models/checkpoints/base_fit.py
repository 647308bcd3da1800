"""Whether a checkpoint was trained on the base that is given: sentences that name the model, not a tensor."""

from collections.abc import Iterable

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.base_model import BaseModel
from ctlab.models.checkpoints.config_keys import RECURRENT_DEPTH
from ctlab.models.checkpoints.family_names import families_of, remedy
from ctlab.models.checkpoints.state_dict import StateDict
from ctlab.models.families.base import Family

_TOLD_BY: tuple[tuple[str, tuple[str, ...]], ...] = (
    (".attn.Wqkv.", (RECURRENT_DEPTH,)),
    (".attn.c_attn.", ("gpt2",)),
    (".attention.query_key_value.", ("gpt_neox",)),
    (".self_attn.q_norm.", ("qwen3",)),
    (".self_attn.dense.", ("phi",)),
    (".mlp.gate_proj.", ("llama", "mistral", "qwen2")),
)
"""What stands in the names of an architecture's tensors and not in those before it in the list, and its names."""


def embedding_rows(state: StateDict, model: BaseModel, family: Family) -> int:
    """Rows of the checkpoint's input embedding: the base's vocabulary, with the ids that the family added.

    Refuses a checkpoint of another architecture, vocabulary or width than its base (CheckpointError).
    """
    embedding = state.weights.get(model.input_embedding)
    if embedding is None or embedding.dim() != 2:
        kinds = _architectures(state.weights)
        if kinds and model.kind not in kinds:
            raise CheckpointError(
                f"its tensors are those of a {' or '.join(kinds)} model, and base {model.folder} is a {model.kind} "
                f"model; is the base the right one?"
            )
        names = (*state.names.values(), *state.own, *state.unused)
        whole = "is the base the right one, and the file whole?"
        way = whole if family.name in families_of(names) else remedy(names, family.name, strange=len(names))
        raise CheckpointError(
            f"it has no input embedding {model.input_embedding}, which a {model.kind} model needs; {way}"
        )
    rows, vocabulary, added = int(embedding.shape[0]), model.vocabulary, family.added_ids
    if rows not in family.possible_rows(vocabulary, len(model.tokenizer)):
        raise CheckpointError(
            f"it was trained with a vocabulary of {rows} ids; base {model.folder} has {vocabulary}, so "
            f"{vocabulary + added} with the {added} that training adds: is the base the right one?"
        )
    if embedding.shape[1] != model.width:
        raise CheckpointError(
            f"it is {embedding.shape[1]} wide, and base {model.folder} {model.width}; is the base the right one?"
        )
    return rows


def refuse_untrained_ids(state: StateDict, model: BaseModel, added: int) -> None:
    """Refuse an adapter without embeddings for the ids that training added: the base's own tokens would be taken."""
    table = state.weights[model.input_embedding]
    replaced = state.names[model.input_embedding] != model.input_embedding or state.rows
    if added and not replaced and len(model.tokenizer) > len(table) - added:
        raise CheckpointError(
            f"the adapter holds no embedding, and its base has {len(table)} rows, all for the {len(model.tokenizer)} "
            f"tokens of its own; the {added} ids that training added are missing: save the adapter with its embeddings "
            f"(save_embedding_layers=True)"
        )


def _architectures(names: Iterable[str]) -> tuple[str, ...]:
    held = list(names)
    return next((kinds for sign, kinds in _TOLD_BY if any(sign in name for name in held)), ())
