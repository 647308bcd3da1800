"""Weights that are no numbers are refused at load, by the tensor's name."""

import pytest
import torch
from safetensors.torch import load_file, save_file

from ctlab.errors import CheckpointError
from ctlab.models import load_model
from ctlab.models.checkpoints.finite import finite
from tests.models.checkpoints.making_checkpoints import write_coconut, write_codi

PREFIX = "codi.base_model.model."


def planted(folder, name, value, dtype=None):
    tensors = load_file(folder / "model.safetensors")
    tensor = tensors[name] if dtype is None else tensors[name].to(dtype)
    tensor.view(-1)[tensor.numel() // 2] = value
    save_file({**tensors, name: tensor}, folder / "model.safetensors")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize(
    "name",
    [
        f"{PREFIX}model.embed_tokens.weight",
        f"{PREFIX}model.norm.weight",
        f"{PREFIX}model.layers.1.self_attn.q_proj.base_layer.weight",
        f"{PREFIX}model.layers.1.self_attn.q_proj.lora_A.default.weight",
        f"{PREFIX}model.layers.2.mlp.up_proj.lora_B.default.weight",
        "prj.1.bias",
    ],
)
def test_a_tensor_with_one_number_that_is_none(tmp_path, name, value):
    settings = write_codi(tmp_path)
    planted(tmp_path, name, value)
    with pytest.raises(CheckpointError, match=f"'{name}' holds 1 of [0-9]+ numbers that are NaN or infinite; the file"):
        load_model(tmp_path, settings=settings)


def test_what_is_not_used_may_hold_anything(tmp_path):
    settings = write_coconut(tmp_path, auxiliary=True)
    tensors = torch.load(tmp_path / "checkpoint_7")
    tensors["expainable_llm.transformer.wte.weight"][0, 0] = float("nan")
    torch.save(tensors, tmp_path / "checkpoint_7")
    assert load_model(tmp_path, settings=settings, allow_pickle=True).num_thoughts == 6


def test_weights_that_do_not_fit_the_type_asked_for(tmp_path):
    settings = write_codi(tmp_path)
    name = f"{PREFIX}model.layers.1.input_layernorm.weight"
    planted(tmp_path, name, 70000.0)
    assert load_model(tmp_path, settings=settings, dtype="bfloat16").dtype == torch.bfloat16
    with pytest.raises(CheckpointError, match=f"'{name}' holds numbers that float16 cannot; load it as bfloat16"):
        load_model(tmp_path, settings=settings, dtype="float16")


def test_a_projection_that_does_not_fit_the_type_asked_for(tmp_path):
    settings = write_codi(tmp_path)
    planted(tmp_path, "prj.1.weight", 70000.0)
    with pytest.raises(CheckpointError, match=r"'prj\.1\.weight' holds numbers that float16 cannot"):
        load_model(tmp_path, settings=settings, dtype="float16")


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_one_number_anywhere_is_enough(dtype):
    """Vectorised code has a body and ends: every place of a tensor that is no multiple of any width."""
    tensor = torch.zeros(1031, dtype=dtype)
    assert finite(tensor)
    for place in range(len(tensor)):
        for value in (float("nan"), float("inf"), -float("inf")):
            tensor[place] = value
            assert not finite(tensor)
        tensor[place] = 0
    assert finite(torch.full((3,), torch.finfo(dtype).max, dtype=dtype))
    assert finite(torch.zeros(0, dtype=dtype))
    assert finite(torch.ones(2, dtype=torch.bool))


def test_a_type_of_eight_bits_is_looked_at_too():
    tensor = torch.ones(4).to(torch.float8_e4m3fn)
    assert finite(tensor)
    tensor[1] = float("nan")
    assert not finite(tensor)
