"""Loading: exact, or refused with the first offending name."""

import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from ctlab.errors import CheckpointError, InputError
from ctlab.models import load_model
from tests.models.checkpoints.making_checkpoints import QUESTIONS, shard, write_base, write_coconut, write_codi

PREFIX = "codi.base_model.model."


@pytest.fixture
def checkpoint(tmp_path):
    return tmp_path, write_codi(tmp_path)


def message(folder, settings, **options):
    with pytest.raises(CheckpointError) as error:
        load_model(folder, settings=settings, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


def edit(folder, change):
    tensors = load_file(folder / "model.safetensors")
    change(tensors)
    save_file(tensors, folder / "model.safetensors")


# peft 0.21 asks transformers 5.23 for an attribute that transformers is about to rename.
@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")
@pytest.mark.parametrize("kind", ["gpt2", "llama", "mistral", "qwen2", "qwen3", "phi", "gpt_neox"])
@pytest.mark.parametrize("tied", [True, False])
def test_merged_weights_compute_what_peft_computes_unmerged(tmp_path, kind, tied):
    from peft import LoraConfig, get_peft_model
    from transformers import AutoConfig, AutoModelForCausalLM

    from tests.models.checkpoints.making_checkpoints import TARGETS

    settings = write_codi(tmp_path, kind, tied=tied)
    model = load_model(tmp_path, settings=settings)
    config = AutoConfig.from_pretrained(tmp_path / "base")
    base = AutoModelForCausalLM.from_config(config)
    base.resize_token_embeddings(config.vocab_size + 3)
    targets = list(TARGETS.get(kind, TARGETS["llama"]))
    lora = LoraConfig(r=4, lora_alpha=8, target_modules=targets, task_type="CAUSAL_LM", fan_in_fan_out=kind == "gpt2")
    wrapped = get_peft_model(base, lora).eval()
    tensors = {
        name.removeprefix("codi."): tensor
        for name, tensor in load_file(tmp_path / "model.safetensors").items()
        if name.startswith("codi.")
    }
    left = wrapped.load_state_dict(tensors, strict=False)
    assert left.unexpected_keys == []
    assert left.missing_keys == []
    ids = torch.tensor([model.encode(QUESTIONS[3])])
    with torch.no_grad():
        expected = wrapped(input_ids=ids).logits
        found = model.network(input_ids=ids).logits
    assert torch.allclose(found, expected, atol=1e-4, rtol=1e-4)
    # The adapters matter: without them the numbers are others.
    with wrapped.disable_adapter(), torch.no_grad():
        assert not torch.allclose(found, wrapped(input_ids=ids).logits, atol=1e-2)


def test_tied_embeddings_may_be_stored_once(tmp_path):
    settings = write_codi(tmp_path)
    edit(tmp_path, lambda tensors: tensors.pop(f"{PREFIX}lm_head.weight"))
    model = load_model(tmp_path, settings=settings)
    assert model.network.get_output_embeddings().weight is model.network.get_input_embeddings().weight


def test_of_tied_embeddings_a_file_may_keep_the_output_alone(checkpoint):
    folder, settings = checkpoint
    whole = load_model(folder, settings=settings)
    edit(folder, lambda tensors: tensors.pop(f"{PREFIX}model.embed_tokens.weight"))
    model = load_model(folder, settings=settings)
    weight = model.network.get_input_embeddings().weight
    assert weight is model.network.get_output_embeddings().weight
    assert torch.equal(weight, whole.network.get_input_embeddings().weight)


def test_an_output_embedding_is_no_input_where_they_are_not_tied(tmp_path):
    settings = write_codi(tmp_path, tied=False)
    edit(tmp_path, lambda tensors: tensors.pop(f"{PREFIX}model.embed_tokens.weight"))
    assert "has no input embedding model.embed_tokens.weight" in message(tmp_path, settings)


def _rename_adapters(new):
    def change(tensors):
        for name in [name for name in tensors if ".default." in name]:
            tensors[new(name)] = tensors.pop(name)

    return change


@pytest.mark.parametrize("called", [".mine.", "."])
def test_an_adapter_may_have_any_name_or_none(checkpoint, called):
    folder, settings = checkpoint
    whole = load_model(folder, settings=settings)
    edit(folder, _rename_adapters(lambda name: name.replace(".default.", called)))
    for (name, weight), expected in zip(
        load_model(folder, settings=settings).network.named_parameters(), whole.network.parameters(), strict=True
    ):
        assert torch.equal(weight, expected), name


def test_names_of_older_files_are_read(tmp_path):
    settings = write_codi(tmp_path, "gpt_neox", tied=False)
    whole = load_model(tmp_path, settings=settings)
    head = f"{PREFIX}lm_head.weight"
    constant = f"{PREFIX}gpt_neox.layers.0.attention.bias"
    old = {f"{PREFIX}embed_out.weight": head}

    def change(tensors):
        tensors |= {new: tensors.pop(name) for new, name in old.items()}
        tensors[constant] = torch.ones(1, 1, 4, 4, dtype=torch.bool)

    edit(tmp_path, change)
    model = load_model(tmp_path, settings=settings)
    assert torch.equal(model.network.lm_head.weight, whole.network.lm_head.weight)
    assert model.unused == {constant: "constant that the model computes itself"}


def test_two_adapters_are_refused(checkpoint):
    edit(checkpoint[0], _rename_adapters(lambda name: name.replace(".default.", ".mine.") if ".1." in name else name))
    assert "holds 2 LoRA adapters, 'default', 'mine', and one is merged" in message(*checkpoint)


def test_tied_embeddings_that_differ_are_refused(checkpoint):
    edit(checkpoint[0], lambda tensors: tensors[f"{PREFIX}lm_head.weight"].add_(1))
    assert "the base model ties its embeddings, but" in message(*checkpoint)


def test_half_precision_files_are_widened(tmp_path):
    settings = write_codi(tmp_path)
    exact = load_model(tmp_path, settings=settings)
    edit(tmp_path, lambda tensors: tensors.update({name: each.bfloat16() for name, each in tensors.items()}))
    model = load_model(tmp_path, settings=settings)
    assert model.dtype == torch.float32
    weight, other = (each.network.get_input_embeddings().weight for each in (model, exact))
    assert torch.equal(weight, other.bfloat16().float())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (f"{PREFIX}model.norm.weight", "1 tensors are missing for llama: model.norm.weight; nothing was loaded"),
        (f"{PREFIX}model.layers.1.mlp.up_proj.base_layer.weight", "adapts 'model.layers.1.mlp.up_proj.weight', which"),
        (f"{PREFIX}model.layers.1.mlp.up_proj.lora_A.default.weight", "has no lora_A beside it"),
        (f"{PREFIX}model.layers.1.mlp.up_proj.lora_B.default.weight", "has no lora_B beside it"),
        ("prj.3.bias", "1 tensors are missing for the projection (use_prj, prj_no_ln): prj.3.bias"),
        ("prj.ln.weight", "missing for the projection"),
    ],
)
def test_a_missing_tensor_is_named(checkpoint, name, said):
    edit(checkpoint[0], lambda tensors: tensors.pop(name))
    found = message(*checkpoint)
    assert said in found or "missing for llama: model.layers.1.mlp.up_proj.weight" in found


def test_an_adapter_missing_altogether_is_named(checkpoint):
    def drop(tensors):
        for half in "AB":
            tensors.pop(f"{PREFIX}model.layers.0.self_attn.q_proj.lora_{half}.default.weight")

    edit(checkpoint[0], drop)
    assert "q_proj.base_layer.weight' has no lora_A and lora_B beside it" in message(*checkpoint)


@pytest.mark.parametrize(
    "name",
    ["surprise", f"{PREFIX}model.layers.9.mlp.up_proj.weight", f"{PREFIX}model.norm.bias", "prj.9.weight"],
)
def test_an_extra_tensor_is_named(checkpoint, name):
    edit(checkpoint[0], lambda tensors: tensors.update({name: torch.zeros(2)}))
    assert name in message(*checkpoint)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        (f"{PREFIX}model.norm.weight", (31,)),
        (f"{PREFIX}model.layers.0.self_attn.k_proj.base_layer.weight", (32, 16)),
        ("prj.1.weight", (25, 32)),
        (f"{PREFIX}model.layers.0.self_attn.k_proj.lora_A.default.weight", (3, 32)),
        (f"{PREFIX}model.layers.0.self_attn.k_proj.lora_B.default.weight", (17, 4)),
    ],
)
def test_a_misshapen_tensor_is_named(checkpoint, name, shape):
    edit(checkpoint[0], lambda tensors: tensors.update({name: torch.zeros(shape)}))
    found = message(*checkpoint)
    assert name in found or "lora_A" in found


def test_an_integer_tensor_is_refused(checkpoint):
    edit(checkpoint[0], lambda tensors: tensors.update({"prj.1.bias": torch.zeros(24, dtype=torch.int8)}))
    assert "'prj.1.bias' has dtype torch.int8" in message(*checkpoint)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lora_r": 8}, "has rank 4, the settings say lora_r = 8"),
        ({"lora_r": 0}, "is a LoRA adapter, but the settings say lora_r = 0"),
        ({"use_prj": False}, "but the settings say use_prj false"),
        ({"prj_dim": 12}, "prj_dim = 12 needs (12, 32)"),
        ({"prj_no_ln": True}, "2 tensors are without a place for the projection (use_prj, prj_no_ln): prj.ln.bias"),
        ({"lora_alpha": "8"}, "lora_alpha must be a number, not '8'"),
        ({"begin_ids": [900]}, "begin_ids holds 900, but the checkpoint's embedding has only 64 rows"),
        ({"logits_considered": 99}, "logits_considered is 99, but there are only 64 logits"),
    ],
)
def test_settings_that_do_not_match_the_tensors(checkpoint, change, said):
    folder, settings = checkpoint
    assert said in message(folder, {**settings, **change})


def test_adapters_that_were_promised(tmp_path):
    settings = write_codi(tmp_path, lora_r=0)
    assert "holds no lora_A and lora_B" in message(tmp_path, {**settings, "lora_r": 4, "lora_alpha": 8})


def test_another_bases_config(checkpoint, tmp_path):
    folder, settings = checkpoint
    config = json.loads((folder / "base" / "config.json").read_text())
    (folder / "base" / "config.json").write_text(json.dumps({**config, "vocab_size": 600}))
    assert "is the base the right one?" in message(folder, settings)
    (folder / "base" / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 2}))
    assert "without a place for llama" in message(folder, settings)
    (folder / "base" / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 4}))
    assert "missing for llama: model.layers.3" in message(folder, settings)
    (folder / "base" / "config.json").write_text(json.dumps({**config, "model_type": "bert"}))
    known = "gpt2, gpt_neox, huginn_raven, llama, mistral, phi, qwen2, qwen3"
    assert f"supported base models are {known}" in message(folder, settings)
    (folder / "base" / "config.json").write_text(json.dumps({**config, "hidden_size": "wide"}))
    assert "'hidden_size' must be a whole number from 1 to 64" in message(folder, settings)
    (folder / "base" / "config.json").write_text(json.dumps({**config, "num_attention_heads": 5}))
    assert "is no valid config" in message(folder, settings)


def test_a_base_of_another_architecture(checkpoint):
    folder, settings = checkpoint
    write_base(folder / "base", "gpt2")
    assert "'n_positions' must be" in message(folder, settings)
    config = json.loads((folder / "base" / "config.json").read_text())
    (folder / "base" / "config.json").write_text(json.dumps({**config, "n_positions": 64}))
    said = message(folder, settings)
    assert said.startswith(f"model {folder.name}: its tensors are those of a llama or mistral or qwen2 model, and")
    assert "is the base the right one?" in said


def test_a_base_whose_config_was_saved_after_training(checkpoint):
    folder, settings = checkpoint
    config = json.loads((folder / "base" / "config.json").read_text())
    trained = {**config, "vocab_size": config["vocab_size"] + 3}
    (folder / "base" / "config.json").write_text(json.dumps(trained))
    assert load_model(folder, settings=settings).logits_considered == trained["vocab_size"] - 1


def test_a_base_whose_padding_id_was_added_in_training(checkpoint):
    folder, settings = checkpoint
    config = json.loads((folder / "base" / "config.json").read_text())
    (folder / "base" / "config.json").write_text(json.dumps({**config, "pad_token_id": config["vocab_size"]}))
    assert load_model(folder, settings=settings).num_layers == 3


def test_no_tokenizer(checkpoint):
    folder, settings = checkpoint
    for path in (folder / "base").glob("tokenizer*"):
        path.unlink()
    assert "has no tokenizer that can be read" in message(folder, settings)


def test_a_truncated_file(checkpoint):
    folder, settings = checkpoint
    content = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(content[: len(content) // 2])
    assert "is not a complete safetensors file" in message(folder, settings)


def test_shards(checkpoint):
    folder, settings = checkpoint
    whole = load_model(folder, settings=settings)
    shard(folder, load_file(folder / "model.safetensors"), 3)
    (folder / "model.safetensors").unlink()
    parts = load_model(folder, settings=settings)
    for name, tensor in whole.network.state_dict().items():
        assert torch.equal(tensor, parts.network.state_dict()[name])
    index = folder / "model.safetensors.index.json"
    table = json.loads(index.read_text())
    table["weight_map"]["ghost"] = "model-00001-of-00003.safetensors"
    index.write_text(json.dumps(table))
    assert "the index names 'ghost', which is in no shard" in message(folder, settings)


def test_constants_of_older_files_are_left_out(tmp_path):
    settings = write_codi(tmp_path, "gpt2")
    name = f"{PREFIX}transformer.h.0.attn.bias"
    edit(tmp_path, lambda tensors: tensors.update({name: torch.ones(1, 1, 4, 4, dtype=torch.bool)}))
    assert load_model(tmp_path, settings=settings).unused == {name: "constant that the model computes itself"}


def test_the_wrong_family(checkpoint, tmp_path):
    assert "correct 'family'" in message(checkpoint[0], {"family": "coconut", "num_latent": 6, "question_suffix": ""})


def test_a_pickle_that_would_run_code(tmp_path):
    settings = write_coconut(tmp_path)

    class Evil:
        def __reduce__(self):
            return (print, ("never",))

    torch.save({"base_causallm.x": Evil()}, tmp_path / "checkpoint_7")
    assert "nothing else is tried" in message(tmp_path, settings, allow_pickle=True)
    torch.save([torch.zeros(1)], tmp_path / "checkpoint_7")
    assert "must hold a dictionary of tensors" in message(tmp_path, settings, allow_pickle=True)
    torch.save({"base_causallm.x": 3}, tmp_path / "checkpoint_7")
    assert "'base_causallm.x' is a int; a checkpoint holds tensors only" in message(
        tmp_path, settings, allow_pickle=True
    )


def test_a_codi_pickle(checkpoint):
    folder, settings = checkpoint
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    assert "is a pickle" in message(folder, settings)
    assert load_model(folder, settings=settings, allow_pickle=True).num_thoughts == 6


@pytest.mark.parametrize(("option", "value"), [("device", "abacus"), ("device", "cuda:9"), ("dtype", "int8")])
def test_unusable_options(checkpoint, option, value):
    folder, settings = checkpoint
    with pytest.raises(InputError, match=option) as error:
        load_model(folder, settings=settings, **{option: value})
    assert "\n" not in str(error.value)
