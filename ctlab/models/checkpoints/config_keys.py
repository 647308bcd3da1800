"""A base model's config as far as transformers gets to see it: keys that decide the network, with checked values.

Everything else is left out: silently what is known to decide nothing here (dropout, labels, who trained it), and named
in the model's card what nobody here knows, because a network that needs such a key would be another one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ctlab.errors import CheckpointError
from ctlab.inputs import shown
from ctlab.models.checkpoints import config_rules as rules
from ctlab.models.checkpoints.config_rules import Extent, Rule, kept
from ctlab.models.checkpoints.foreign_code import ATTENTION, refuse_code

_ANY: Mapping[str, Rule] = {
    "vocab_size": rules.SIDE,
    "tie_word_embeddings": rules.FLAG,
    "is_encoder_decoder": rules.NO,
    "add_cross_attention": rules.NO,
}
_GPT2: Mapping[str, Rule] = {
    **_ANY,
    **dict.fromkeys(("n_positions", "max_position_embeddings"), rules.SIDE),  # learned positions: rows of a tensor
    **dict.fromkeys(("n_embd", "hidden_size", "n_head", "num_attention_heads"), rules.SIDE),
    **dict.fromkeys(("n_layer", "num_hidden_layers"), rules.LAYERS),
    "n_inner": rules.MAYBE_SIDE,
    "activation_function": rules.ACTIVATION,
    "layer_norm_epsilon": rules.EPSILON,
    "scale_attn_weights": rules.FLAG,
    "scale_attn_by_inverse_layer_idx": rules.FLAG,
    "reorder_and_upcast_attn": rules.FLAG,
}
_ROTARY: Mapping[str, Rule] = {
    **_ANY,
    "hidden_size": rules.SIDE,
    "intermediate_size": rules.SIDE,
    "num_hidden_layers": rules.LAYERS,
    "num_attention_heads": rules.SIDE,
    "hidden_act": rules.ACTIVATION,
    "max_position_embeddings": rules.POSITIONS,
    "rope_theta": rules.MAYBE_NUMBER,
    "partial_rotary_factor": rules.SHARE,
    **dict.fromkeys(rules.TABLES, rules.TABLE),
}
_LLAMA: Mapping[str, Rule] = {
    **_ROTARY,
    "num_key_value_heads": rules.MAYBE_SIDE,
    "head_dim": rules.MAYBE_SIDE,
    "rms_norm_eps": rules.EPSILON,
}
_WINDOWS: Mapping[str, Rule] = {
    "use_sliding_window": rules.FLAG,
    "sliding_window": rules.WINDOW,
    "max_window_layers": rules.FROM_ZERO,
    "layer_types": rules.LAYER_KINDS,
}
RECURRENT_DEPTH = "huginn_raven"
"""``model_type`` of a network that is written out in `models.recurrent_depth`; transformers has none."""
_RECURRENT_DEPTH: Mapping[str, Rule] = {
    **dict.fromkeys(("vocab_size", "n_embd", "n_heads", "num_attention_heads", "intermediate_size"), rules.SIDE),
    **dict.fromkeys(("num_key_value_heads", "head_dim"), rules.MAYBE_SIDE),
    "padded_vocab_size": rules.MAYBE_SIDE,
    **dict.fromkeys(("n_layers_in_prelude", "n_layers_in_recurrent_block", "n_layers_in_coda"), rules.LAYERS),
    "block_size": rules.POSITIONS,
    "rope_base": rules.NUMBER,
    "rope_theta": rules.MAYBE_NUMBER,  # transformers' word for the same
    "rope_scaling": rules.UNSTRETCHED,
    "norm_eps": rules.EPSILON,
    "qk_bias": rules.FLAG,
    "bias": rules.PLAIN,
    "tie_embeddings": rules.FLAG,
    "init_values": rules.TABLE,
    # Words for which the published code has other networks too.
    "block_class_name": rules.one_of(("SandwichBlock",), rules.Null.ABSENT),
    "norm_class_name": rules.one_of(("RMSNorm_llama", "RMSNorm"), rules.Null.ABSENT),
    "mlp_class_name": rules.one_of(("GatedMLP",), rules.Null.ABSENT),
    "nonlin_name": rules.one_of(("SiLU",), rules.Null.ABSENT),
    "injection_type": rules.one_of(("linear",), rules.Null.ABSENT),
    "test_time_noise": rules.NOTHING,
}
KEYS: Mapping[str, Mapping[str, Rule]] = {
    RECURRENT_DEPTH: _RECURRENT_DEPTH,
    "gpt2": _GPT2,
    "llama": {**_LLAMA, "attention_bias": rules.FLAG, "mlp_bias": rules.FLAG},
    "mistral": {**_LLAMA, "sliding_window": rules.WINDOW},
    "qwen2": {**_LLAMA, **_WINDOWS},
    "qwen3": {**_LLAMA, **_WINDOWS, "attention_bias": rules.FLAG},
    "phi": {
        **_ROTARY,
        "num_key_value_heads": rules.MAYBE_SIDE,
        "layer_norm_eps": rules.EPSILON,
        "qk_layernorm": rules.FLAG,
    },
    "gpt_neox": {
        **_ROTARY,
        "layer_norm_eps": rules.EPSILON,
        "attention_bias": rules.FLAG,
        "use_parallel_residual": rules.FLAG,
        "rotary_pct": rules.SHARE,
        "rotary_emb_base": rules.MAYBE_NUMBER,
    },
}
"""Keys that decide a network, by the ``model_type`` of each supported architecture."""

DECIDES_NOTHING = frozenset(
    {
        *ATTENTION,
        *("model_type", "architectures", "transformers_version", "_name_or_path", "name_or_path", "_commit_hash"),
        *("torch_dtype", "dtype", "use_cache", "return_dict", "output_hidden_states", "output_attentions"),
        *("initializer_range", "pretraining_tp", "tokenizer_class", "chunk_size_feed_forward"),
        *("bos_token_id", "eos_token_id", "pad_token_id"),  # the tokenizer and the settings say which ids these are
        *("attention_dropout", "resid_pdrop", "embd_pdrop", "attn_pdrop", "gradient_checkpointing", "n_ctx"),
        *("hidden_dropout", "classifier_dropout"),
        *("summary_type", "summary_use_proj", "summary_activation", "summary_proj_to_labels", "summary_first_dropout"),
        *("id2label", "label2id", "num_labels", "problem_type", "finetuning_task", "task_specific_params"),
        *("is_decoder", "tie_encoder_decoder", "cross_attention_hidden_size", "_attn_implementation_autoset"),
        *("activation_checkpoint_impl", "effective_expected_depth", "mean_backprop_depth", "mean_recurrence"),
        *("init_orthogonal", "init_strategy", "sampling_scheme", "state_init", "test_time_noise_type"),
        *("architecture_class_name", "n_layers", "padding_multiple"),  # of the layers each part says its own
        *("auto_map", "trust_remote_code", "quantization_config"),  # refused unless they are empty
    }
)
"""Keys of ordinary configs that say nothing about what is computed here: how it was trained, how it was saved."""
_NO_IDS = dict.fromkeys(("bos_token_id", "eos_token_id", "pad_token_id"))
"""Said to be none, or transformers would take those of the first model of the architecture."""
_OTHER_NETWORK = ("per_layer_config",)
"""Keys of transformers that make a network whose layers differ; leaving them out would compute something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What is left of a config."""

    kind: str
    """``model_type``."""
    form: Mapping[str, Any]
    """Keys that decide the network, with their checked values."""


def read_config(content: Mapping[str, Any], path: Path, extent: Extent) -> Config:
    """Keep of a config what decides the network, checked against the checkpoint's tensors (CheckpointError)."""
    kind = content.get("model_type")
    known = _keys(kind, path)
    refuse_code(content, path, written_here=kind == RECURRENT_DEPTH)
    for key in _OTHER_NETWORK:
        if content.get(key):
            raise CheckpointError(f"{path} makes layers that differ ({key!r}); supported are networks of equal layers")
    try:
        form = {**_NO_IDS, **kept(content, known, extent)}
        for key in form.keys() & rules.WITHIN:
            form[key] = kept(form[key], rules.WITHIN[key], extent, within=f"{key}.")
    except CheckpointError as error:
        raise CheckpointError(f"{path}: {error}") from None
    return Config(kind=str(kind), form=form)


def unknown_keys(content: Mapping[str, Any], path: Path) -> tuple[str, ...]:
    """Name the keys of a config that are left out although nobody here knows that they decide nothing."""
    known = _keys(content.get("model_type"), path)
    named = [key for key in content if key not in known and key not in DECIDES_NOTHING]
    for key in known.keys() & rules.TABLES:
        table = content.get(key)
        named += [f"{key}.{part}" for part in table if part not in rules.ROPE] if isinstance(table, Mapping) else []
    return tuple(sorted(named))


def _keys(kind: object, path: Path) -> Mapping[str, Rule]:
    if not isinstance(kind, str) or kind not in KEYS:
        raise CheckpointError(
            f"{path.parent} is a {shown(kind)} model; supported base models are {', '.join(sorted(KEYS))}"
        )
    return KEYS[kind]
