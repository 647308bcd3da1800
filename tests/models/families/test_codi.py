"""CODI: what loading makes of its layout, its settings and its ids."""

import torch
from safetensors.torch import load_file, save_file

from ctlab.models import load_model
from tests.models.checkpoints.making_checkpoints import save, write_codi

PREFIX = "codi.base_model.model."


def test_names_without_peft(tmp_path):
    settings = write_codi(tmp_path, lora_r=0)
    first = load_model(tmp_path, settings=settings)
    renamed = {
        name.replace(PREFIX, "codi."): tensor for name, tensor in load_file(tmp_path / "model.safetensors").items()
    }
    save_file(renamed, tmp_path / "model.safetensors")
    second = load_model(tmp_path, settings=settings)
    for name, tensor in first.network.state_dict().items():
        assert torch.equal(tensor, second.network.state_dict()[name])


def test_ids_and_sizes(tmp_path):
    settings = write_codi(tmp_path, "gpt2", remove_eos=False)
    model = load_model(tmp_path, settings=settings)
    rows = model.network.get_input_embeddings().weight.shape[0]
    assert (model.begin_ids, model.end_ids) == ((0, rows - 2), (rows - 1, 0))
    assert (model.pad_id, model.logits_considered, model.eos_token_id) == (rows - 3, rows - 1, 0)
    assert (model.num_thoughts, model.num_layers, model.num_heads, model.max_new_tokens) == (6, 3, 4, 64)
    assert model.decode([5, 6, 0]) == model.tokenizer.decode([5, 6])
    assert not any(parameter.requires_grad for parameter in model.network.parameters())
    assert not model.network.training


def test_one_shard_of_one_and_an_auxiliary_decoder(tmp_path):
    """The layout of the SIM-CoT releases: CODI-shaped, with the decoder that training needed."""
    folder, settings = tmp_path, write_codi(tmp_path)
    tensors = load_file(folder / "model.safetensors")
    extra = {"decoder.model.norm.weight": torch.ones(3), "pj_in.weight": torch.ones(3), "pj_out.bias": torch.ones(3)}
    save({**tensors, **extra}, folder / "model-00001-of-00001.safetensors")
    (folder / "model.safetensors").unlink()
    (folder / "config.json").write_text("{}")
    model = load_model(folder, settings=settings)
    assert sorted(model.unused) == sorted(extra)
    assert set(model.unused.values()) == {"auxiliary decoder, used in training only"}
