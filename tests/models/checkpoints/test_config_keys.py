"""Of a config transformers sees what decides the network, with checked values, and no word more."""

import copy
import dataclasses
import json
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoConfig, AutoModelForCausalLM
from transformers.activations import ACT2FN

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints import config_rules
from ctlab.models.checkpoints.base_model import TESTED
from ctlab.models.checkpoints.config_keys import DECIDES_NOTHING, KEYS, read_config, unknown_keys
from ctlab.models.checkpoints.config_rules import Extent

WIDE = Extent(side=200_000, tensors=1000)
PATH = Path("somewhere/config.json")
_LLAMA_3 = {
    "factor": 32.0,
    "high_freq_factor": 4.0,
    "low_freq_factor": 1.0,
    "original_max_position_embeddings": 8192,
    "rope_type": "llama3",
}
ORDINARY = {
    "openai-community/gpt2": {
        "activation_function": "gelu_new",
        "architectures": ["GPT2LMHeadModel"],
        "attn_pdrop": 0.1,
        "bos_token_id": 50256,
        "embd_pdrop": 0.1,
        "eos_token_id": 50256,
        "initializer_range": 0.02,
        "layer_norm_epsilon": 1e-05,
        "model_type": "gpt2",
        "n_ctx": 1024,
        "n_embd": 768,
        "n_head": 12,
        "n_layer": 12,
        "n_positions": 1024,
        "resid_pdrop": 0.1,
        "summary_activation": None,
        "summary_first_dropout": 0.1,
        "summary_proj_to_labels": True,
        "summary_type": "cls_index",
        "summary_use_proj": True,
        "task_specific_params": {"text-generation": {"do_sample": True, "max_length": 50}},
        "vocab_size": 50257,
    },
    "meta-llama/Llama-3.2-1B-Instruct": {
        "architectures": ["LlamaForCausalLM"],
        "attention_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": 128000,
        "eos_token_id": [128001, 128008, 128009],
        "head_dim": 64,
        "hidden_act": "silu",
        "hidden_size": 2048,
        "initializer_range": 0.02,
        "intermediate_size": 8192,
        "max_position_embeddings": 131072,
        "mlp_bias": False,
        "model_type": "llama",
        "num_attention_heads": 32,
        "num_hidden_layers": 16,
        "num_key_value_heads": 8,
        "pretraining_tp": 1,
        "rms_norm_eps": 1e-05,
        "rope_scaling": _LLAMA_3,
        "rope_theta": 500000.0,
        "tie_word_embeddings": True,
        "torch_dtype": "bfloat16",
        "transformers_version": "4.45.0.dev0",
        "use_cache": True,
        "vocab_size": 128256,
    },
    "HuggingFaceTB/SmolLM2-135M": {
        "architectures": ["LlamaForCausalLM"],
        "attention_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": 0,
        "eos_token_id": 0,
        "hidden_act": "silu",
        "hidden_size": 576,
        "initializer_range": 0.041666666666666664,
        "intermediate_size": 1536,
        "is_llama_config": True,
        "max_position_embeddings": 8192,
        "model_type": "llama",
        "num_attention_heads": 9,
        "num_hidden_layers": 30,
        "num_key_value_heads": 3,
        "pretraining_tp": 1,
        "rms_norm_eps": 1e-05,
        "rope_interleaved": False,
        "rope_scaling": None,
        "rope_theta": 100000,
        "tie_word_embeddings": True,
        "torch_dtype": "bfloat16",
        "use_cache": True,
        "vocab_size": 49152,
    },
    "mistralai/Mistral-7B-v0.1": {
        "architectures": ["MistralForCausalLM"],
        "bos_token_id": 1,
        "eos_token_id": 2,
        "hidden_act": "silu",
        "hidden_size": 4096,
        "initializer_range": 0.02,
        "intermediate_size": 14336,
        "max_position_embeddings": 32768,
        "model_type": "mistral",
        "num_attention_heads": 32,
        "num_hidden_layers": 32,
        "num_key_value_heads": 8,
        "rms_norm_eps": 1e-05,
        "rope_theta": 10000.0,
        "sliding_window": 4096,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
        "transformers_version": "4.34.0.dev0",
        "use_cache": True,
        "vocab_size": 32000,
    },
    "Qwen/Qwen2.5-0.5B": {
        "architectures": ["Qwen2ForCausalLM"],
        "attention_dropout": 0.0,
        "bos_token_id": 151643,
        "eos_token_id": 151643,
        "hidden_act": "silu",
        "hidden_size": 896,
        "initializer_range": 0.02,
        "intermediate_size": 4864,
        "max_position_embeddings": 32768,
        "max_window_layers": 24,
        "model_type": "qwen2",
        "num_attention_heads": 14,
        "num_hidden_layers": 24,
        "num_key_value_heads": 2,
        "rms_norm_eps": 1e-06,
        "rope_theta": 1000000.0,
        "sliding_window": 32768,
        "tie_word_embeddings": True,
        "torch_dtype": "bfloat16",
        "transformers_version": "4.40.1",
        "use_cache": True,
        "use_mrope": False,
        "use_sliding_window": False,
        "vocab_size": 151936,
    },
}
"""Configs as they are on the hub."""
NAMED = {
    "HuggingFaceTB/SmolLM2-135M": ("is_llama_config", "rope_interleaved"),
    "Qwen/Qwen2.5-0.5B": ("use_mrope",),
}
"""What of them is left out and said."""
TINY = {
    "model_type": "llama",
    "vocab_size": 64,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_attention_heads": 4,
    "num_hidden_layers": 2,
}


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_config_makes_the_network_that_transformers_makes_of_it(tmp_path, name):
    (tmp_path / "config.json").write_text(json.dumps(ORDINARY[name]))
    whole = AutoConfig.from_pretrained(tmp_path)
    config = read_config(copy.deepcopy(ORDINARY[name]), PATH, WIDE)
    ours = AutoConfig.for_model(config.kind, **config.form)
    for key in KEYS[config.kind]:
        if key != "rope_theta" and hasattr(whole, key):  # rope_theta is a part of rope_parameters there
            assert getattr(ours, key) == getattr(whole, key), key
    with torch.device("meta"):
        shapes = [
            {key: tensor.shape for key, tensor in AutoModelForCausalLM.from_config(form).state_dict().items()}
            for form in (whole, ours)
        ]
    assert shapes[0] == shapes[1]
    assert unknown_keys(ORDINARY[name], PATH) == NAMED.get(name, ())


@pytest.mark.parametrize("kind", TESTED)
def test_every_key_that_transformers_declares_is_let_through_or_known_to_decide_nothing(kind):
    """A new version that declares another key is to be read by a person: does it decide what is computed?"""
    declared = {field.name for field in dataclasses.fields(type(AutoConfig.for_model(kind)))}
    assert declared - KEYS[kind].keys() - DECIDES_NOTHING == set()


def test_activations_are_those_of_transformers_that_need_nothing():
    assert set(config_rules.ACTIVATIONS) <= set(ACT2FN)
    for name in config_rules.ACTIVATIONS:
        assert not list(ACT2FN[name].parameters())
    assert not {"prelu", "xielu"} & set(config_rules.ACTIVATIONS)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hidden_act": "silu_"}, "'hidden_act' must be one of gelu, gelu_fast, .*, not 'silu_'"),
        ({"hidden_act": "xielu"}, "'hidden_act' must be one of"),
        ({"hidden_act": ["silu"]}, "'hidden_act' must be one of"),
        (
            {"num_hidden_layers": 10**9},
            "'num_hidden_layers' must be a whole number from 1 to 1000, a tensor of",
        ),
        (
            {"vocab_size": -1},
            "'vocab_size' must be a whole number from 1 to 200000, .*not -1; is the base the right one",
        ),
        ({"vocab_size": 10**4200}, "not a whole number of"),
        ({"hidden_size": True}, "'hidden_size' must be a whole number"),
        ({"hidden_size": 32.0}, "'hidden_size' must be a whole number"),
        ({"head_dim": 0}, "'head_dim' must be a whole number from 1"),
        ({"max_position_embeddings": 10**12}, "'max_position_embeddings' must be a whole number from 1 to 2147483647"),
        ({"rms_norm_eps": float("nan")}, "'rms_norm_eps' must be a number above 0 and at most 1, not nan"),
        ({"rms_norm_eps": "1e-5"}, "'rms_norm_eps' must be a number"),
        ({"tie_word_embeddings": None}, "'tie_word_embeddings' must be true or false, not None"),
        ({"is_encoder_decoder": True}, "'is_encoder_decoder' must be false"),
        ({"rope_theta": float("inf")}, "'rope_theta' must be a number above 0, not inf"),
        ({"rope_scaling": [1]}, "'rope_scaling' must be an object or null"),
        ({"rope_scaling": {"rope_type": "org/kernel"}}, "'rope_scaling.rope_type' must be one of default, linear"),
        ({"rope_parameters": {"factor": -3}}, "'rope_parameters.factor' must be a number above 0, not -3"),
        (
            {"rope_parameters": {"long_factor": [1.0] * 10**6}},
            "'rope_parameters.long_factor' must be a list of numbers",
        ),
        ({"per_layer_config": {"0": {"head_dim": 3}}}, "makes layers that differ"),
        ({"model_type": ["llama"]}, "somewhere is a \\['llama'\\] model; supported base models are gpt2, gpt_neox"),
        ({"auto_map": {"AutoConfig": "evil.Config"}}, "asks for code of its own"),
    ],
)
def test_wrong_values_are_one_sentence(change, message):
    with pytest.raises(CheckpointError, match=message) as error:
        read_config({**TINY, **change}, PATH, WIDE)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


def test_unknown_keys_are_left_out_and_named():
    content = {
        **TINY,
        "to_dict": 1,
        "base_model_tp_plan": {"a": "b"},
        "rope_parameters": {"rope_theta": 1e4, "evil": 2},
    }
    config = read_config(content, PATH, WIDE)
    assert not {"to_dict", "base_model_tp_plan"} & config.form.keys()
    assert config.form["rope_parameters"] == {"rope_theta": 1e4}
    assert unknown_keys(content, PATH) == ("base_model_tp_plan", "rope_parameters.evil", "to_dict")


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(sorted(KEYS)), data=st.data())
def test_whatever_a_config_holds_it_is_read_or_refused(kind, data):
    keys = [*KEYS[kind], *config_rules.ROPE, "auto_map", "attn_implementation", "quantization_config", "strange"]
    content = data.draw(st.dictionaries(st.sampled_from(keys), _VALUES, max_size=6))
    with suppress(CheckpointError):
        config = read_config({**content, "model_type": kind}, PATH, WIDE)
        assert config.form.keys() <= KEYS[kind].keys() | {"bos_token_id", "eos_token_id", "pad_token_id"}
