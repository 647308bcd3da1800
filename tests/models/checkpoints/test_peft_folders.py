"""PEFT folders: an adapter beside a base computes what peft computes unmerged, or is refused."""

import json
import shutil
import warnings

import pytest
import torch
from safetensors.torch import load_file, save_file

from ctlab.errors import CheckpointError
from ctlab.models import load_model, model_digest
from tests.models.checkpoints.making_checkpoints import QUESTIONS, TARGETS, WORDS, save, write_base
from tests.shared_data import shared

SETTINGS = {"family": "codi", "num_latent": 6, "use_prj": False, "remove_eos": True}
ADDED = 3
LORA = {"r": 4, "lora_alpha": 8}
FORMS = {
    "plain": {},
    "rslora": {"use_rslora": True},
    "dora": {"use_dora": True},
    "patterns": {"rank_pattern": {"1.mlp.*": 2}, "alpha_pattern": {r".*\.0\..*": 3}},
    "layers": {"layers_to_transform": [0, 2]},
    "rslora-dora": {"use_rslora": True, "use_dora": True},
    "biases": {"bias": "all"},
    "norm": {"modules_to_save": ["norm", "ln_f"]},
}

pytestmark = [
    # peft 0.21 asks transformers 5.23 for an attribute that transformers is about to rename.
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"),
]


def write_folder(folder, kind="llama", *, tied=True, tokens=False, **form):
    """Write base and adapter as peft does, weights at random; return what peft computes unmerged."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoConfig, AutoModelForCausalLM

    write_base(folder / "base", kind, tied=tied)
    torch.manual_seed(1)
    network = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder / "base"))
    network.name_or_path = "base"
    save(network.state_dict(), folder / "base" / "model.safetensors")
    network.resize_token_embeddings(len(WORDS) + ADDED, mean_resizing=False)
    if tokens:
        form["trainable_token_indices"] = {"wte" if kind == "gpt2" else "embed_tokens": [61, 63, 62, 0]}
    targets = list(TARGETS[kind])
    config = LoraConfig(**{"target_modules": targets, "fan_in_fan_out": kind == "gpt2", **LORA, **form})
    wrapped = get_peft_model(network, config).eval()
    for name, parameter in wrapped.named_parameters():
        trained = ("lora_", "trainable_tokens", "modules_to_save", *(["bias"] if "bias" in form else []))
        if any(part in name for part in trained):
            parameter.data += 0.2 * torch.randn_like(parameter)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # peft remarks that embeddings are saved, and asks the hub for the base
        wrapped.save_pretrained(folder, save_embedding_layers=True)
    said = json.loads((folder / "adapter_config.json").read_text())
    (folder / "adapter_config.json").write_text(json.dumps({**said, "base_model_name_or_path": "base"}))
    return wrapped


def logits(network, ids):
    with torch.no_grad():
        return network(input_ids=torch.tensor([ids])).logits


def edit(folder, change):
    tensors = load_file(folder / "adapter_model.safetensors")
    change(tensors)
    save_file(tensors, folder / "adapter_model.safetensors")


def say(folder, **values):
    path = folder / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def message(folder, **options):
    with pytest.raises(CheckpointError) as error:
        load_model(folder, settings=SETTINGS, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("kind", ["gpt2", "llama"])
@pytest.mark.parametrize("form", FORMS)
def test_a_folder_computes_what_peft_computes(tmp_path, kind, form):
    wrapped = write_folder(tmp_path, kind, **FORMS[form])
    model = load_model(tmp_path, settings=SETTINGS)
    ids = [*model.encode(QUESTIONS[3]), *model.begin_ids]
    found, expected = logits(model.network, ids), logits(wrapped, ids)
    assert torch.allclose(found, expected, atol=1e-4, rtol=1e-4)
    with wrapped.disable_adapter():
        assert not torch.allclose(found, logits(wrapped, ids), atol=1e-2)
    assert model.settings.lora_r == 4
    assert model.digest == model_digest(tmp_path, settings=SETTINGS)


@pytest.mark.parametrize("kind", ["gpt2", "llama"])
@pytest.mark.parametrize("tied", [True, False])
def test_trained_rows_replace_those_of_the_base(tmp_path, kind, tied):
    wrapped = write_folder(tmp_path, kind, tied=tied, tokens=True)
    model = load_model(tmp_path, settings=SETTINGS)
    ids = [0, *model.encode(QUESTIONS[3]), *model.begin_ids]
    assert torch.allclose(logits(model.network, ids), logits(wrapped, ids), atol=1e-4, rtol=1e-4)


def test_rows_behind_the_bases_last_need_no_table(tmp_path):
    wrapped = write_folder(tmp_path, tokens=True)
    table = "base_model.model.model.embed_tokens.token_adapter.base_layer.weight"
    head = "base_model.model.lm_head.token_adapter.base_layer.weight"
    edit(tmp_path, lambda tensors: (tensors.pop(table), tensors.pop(head, None)))
    model = load_model(tmp_path, settings=SETTINGS)
    ids = [0, *model.encode(QUESTIONS[3]), *model.begin_ids]
    assert torch.allclose(logits(model.network, ids), logits(wrapped, ids), atol=1e-4, rtol=1e-4)
    say(tmp_path, trainable_token_indices={"embed_tokens": [61, 63, 64, 0]})
    assert "replaces row 64 of 61, and nothing holds row 62" in message(tmp_path)


def test_an_embedding_that_was_trained_whole(tmp_path):
    wrapped = write_folder(tmp_path, tied=False, modules_to_save=["embed_tokens", "lm_head"])
    model = load_model(tmp_path, settings=SETTINGS)
    ids = [*model.encode(QUESTIONS[3]), *model.begin_ids]
    assert torch.allclose(logits(model.network, ids), logits(wrapped, ids), atol=1e-4, rtol=1e-4)


def test_a_base_that_is_saved_without_its_head(tmp_path):
    write_folder(tmp_path, "gpt2")
    whole = load_model(tmp_path, settings=SETTINGS)
    tensors = load_file(tmp_path / "base" / "model.safetensors")
    bare = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items() if "lm_head" not in name}
    save({**bare, "h.0.attn.bias": torch.ones(1, 1, 4, 4)}, tmp_path / "base" / "model.safetensors")
    model = load_model(tmp_path, settings=SETTINGS)
    for (name, weight), expected in zip(model.network.named_parameters(), whole.network.parameters(), strict=True):
        assert torch.equal(weight, expected), name


def test_the_base_may_be_named(tmp_path):
    write_folder(tmp_path / "a")
    shutil.move(tmp_path / "a" / "base", tmp_path / "elsewhere")
    say(tmp_path / "a", base_model_name_or_path="../elsewhere")
    assert "only paths inside it are read" in message(tmp_path / "a")
    say(tmp_path / "a", base_model_name_or_path="owner/base", revision="3f2a")
    assert "names revision '3f2a' of its base 'owner/base'; fetch that one and give its" in message(tmp_path / "a")
    say(tmp_path / "a", base_model_name_or_path=None, revision=None)
    assert "does not say which base its adapter was trained on" in message(tmp_path / "a")
    model = load_model(tmp_path / "a", tmp_path / "elsewhere", settings=SETTINGS)
    assert model.unused == {}
    (tmp_path / "elsewhere" / "model.safetensors").unlink()
    said = message(tmp_path / "a", base=tmp_path / "elsewhere")
    assert "is an adapter alone, and needs its base's weights" in said


def test_alpha_belongs_to_the_digest_and_can_be_overridden(tmp_path):
    write_folder(tmp_path)
    before = model_digest(tmp_path, settings=SETTINGS)
    say(tmp_path, lora_alpha=16)
    other = load_model(tmp_path, settings=SETTINGS)
    assert other.digest != before
    back = load_model(tmp_path, settings={**SETTINGS, "lora_alpha": 8, "despite_files": ["lora_alpha"]})
    say(tmp_path, lora_alpha=8)
    stated = load_model(tmp_path, settings=SETTINGS)
    name = "model.layers.1.mlp.up_proj.weight"
    assert torch.equal(back.network.state_dict()[name], stated.network.state_dict()[name])
    assert not torch.equal(other.network.state_dict()[name], stated.network.state_dict()[name])


UP = "base_model.model.model.layers.1.mlp.up_proj"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: [t.pop(f"{UP}.lora_{half}.weight") for half in "AB"], "layers.1.mlp.up_proj' is adapted, and the"),
        (lambda t: t.pop(f"{UP}.lora_B.weight"), "has no lora_B beside it"),
        (lambda t: t.update({f"{UP}.lora_A.weight": torch.zeros(3, 32)}), "has rank 3, the settings say lora_r = 4"),
        (lambda t: t.update({f"{UP}.weight": torch.zeros(48, 32)}), "a whole weight that adapter_config.json does not"),
        (lambda t: t.update({f"{UP}.lora_magnitude_vector": torch.ones(48)}), "has no lora_magnitude_vector beside"),
        (lambda t: t.update({f"{UP}.lora_B.bias": torch.zeros(48)}), "of a kind that is not merged here; merge it"),
    ],
)
def test_half_a_folder_is_refused(tmp_path, change, said):
    write_folder(tmp_path)
    edit(tmp_path, change)
    assert said in message(tmp_path)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"lora_alpha": None}, "'lora_alpha' must be a number above 0 (LoRA's scale is alpha / rank), not None"),
        ({"r": 8}, "has rank 4, the settings say lora_r = 8"),
        ({"peft_type": "IA3"}, "'peft_type' is 'IA3'; of peft's adapters LORA is read"),
        ({"use_dora": True}, "has no lora_magnitude_vector beside it; with DoRA every adapter has one"),
        ({"init_lora_weights": "pissa"}, "changes the base weights before training"),
        ({"use_monarch": True}, "'use_monarch' is True, and what that does to a weight is not known here"),
        ({"target_modules": ["up_proj"]}, "which adapter_config.json does not name in 'target_modules'"),
        ({"target_modules": "("}, "is no pattern of names"),
        ({"base_model_name_or_path": 3}, "'base_model_name_or_path' must be text, not 3"),
    ],
)
def test_a_config_that_does_not_fit_is_refused(tmp_path, values, said):
    write_folder(tmp_path)
    say(tmp_path, **values)
    assert said in message(tmp_path)


def test_files_that_are_not_there(tmp_path):
    write_folder(tmp_path)
    (tmp_path / "adapter_config.json").rename(tmp_path / "kept")
    assert "is an adapter without the adapter_config.json that says its scale" in message(tmp_path)
    (tmp_path / "kept").rename(tmp_path / "adapter_config.json")
    shutil.copy(tmp_path / "base" / "model.safetensors", tmp_path)
    assert "holds whole weights (model.safetensors) and an adapter (adapter_model.safetensors)" in message(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    (tmp_path / "adapter_model.safetensors").unlink()
    assert "holds adapter_config.json without adapter_model.safetensors" in message(tmp_path)


def test_an_adapter_without_rows_for_the_added_ids(tmp_path):
    write_folder(tmp_path)
    edit(tmp_path, lambda tensors: [tensors.pop(name) for name in list(tensors) if "lora" not in name])
    assert "the 3 ids that training added are missing" in message(tmp_path)


@pytest.mark.parametrize("name", ["pccot-gpt2", "pccot-llama"])
def test_the_folders_of_a_public_repository(name):
    """Read as PEFT folders: the rows of its added ids are those of the adapter, in the order of its config."""
    from ctlab.models.checkpoints import tensors
    from ctlab.models.checkpoints.checkpoint_files import find
    from ctlab.models.checkpoints.state_dict import read_state_dict
    from ctlab.models.checkpoints.trained_rows import enlarge, replace
    from ctlab.models.families import FAMILIES

    source = find(shared(f"golden/{name}"), None, SETTINGS, allow_pickle=False)
    read = tensors.read(source)
    state = read_state_dict(read.tensors, FAMILIES["codi"], peft=source.adapter, beneath=read.beneath)
    places = enlarge(state, source.adapter)
    read.digests()
    replace(state, places)
    table = "transformer.wte" if name.endswith("gpt2") else "model.embed_tokens"
    (ids,) = source.adapter.tokens.values()
    delta = load_file(source.weights[0])[f"base_model.model.{table}.token_adapter.trainable_tokens_delta"]
    assert torch.equal(state.weights[f"{table}.weight"][list(ids)], delta)
    assert ids[:4] == (600, 601, 602, 603)
    assert len(state.weights[f"{table}.weight"]) == 604
