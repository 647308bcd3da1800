import json
import shutil
from pathlib import Path

import pytest

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints import checkpoint_files as sources
from ctlab.models.checkpoints.checkpoint_files import find
from ctlab.models.checkpoints.weight_files import INDEX
from tests.models.checkpoints.making_checkpoints import shard, write_base, write_coconut, write_codi


@pytest.fixture
def folder(tmp_path):
    settings = write_codi(tmp_path / "mine", lora_r=0, use_prj=False)
    (tmp_path / "mine" / "ctlab.json").write_text(json.dumps(settings))
    return tmp_path / "mine"


def message(*arguments, **options):
    with pytest.raises(CheckpointError) as error:
        find(*arguments, **{"allow_pickle": False, "base": None, "settings": None, **options})
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_folder_brings_settings_and_base(folder):
    source = find(folder, None, None, allow_pickle=False)
    assert (source.name, source.base, source.pickled) == ("mine", folder / "base", False)
    assert source.settings.num_latent == 6


def test_given_settings_override_those_beside_the_weights(folder):
    assert find(folder, None, {"num_latent": 2}, allow_pickle=False).settings.num_latent == 2


def test_a_base_elsewhere(folder, tmp_path):
    write_base(tmp_path / "elsewhere")
    assert find(folder, tmp_path / "elsewhere", None, allow_pickle=False).base == tmp_path / "elsewhere"


def test_the_base_may_lie_beside_the_weights(folder):
    for path in (folder / "base").iterdir():
        shutil.move(path, folder / path.name)
    assert find(folder, None, None, allow_pickle=False).base == folder


def test_an_empty_config_is_no_base(folder):
    shutil.rmtree(folder / "base")
    (folder / "config.json").write_text("{}")
    assert "does not carry its base model's config and tokenizer" in message(folder)


def test_no_settings_says_what_to_write(folder):
    (folder / "ctlab.json").unlink()
    said = message(folder)
    assert said.startswith(
        "model mine: no settings are known for it (its tensors are named as those of family codi); say them ("
    )
    assert "--ctlab-settings KEY=VALUE, settings={…}) or" in said
    assert '"lora_alpha": 32' in said


def test_missing_and_broken_files(folder):
    (folder / "ctlab.json").write_text("{")
    assert "ctlab.json, line 1: it is not JSON" in message(folder)
    (folder / "ctlab.json").write_text("[]")
    assert "must hold a JSON object" in message(folder)
    (folder / "ctlab.json").unlink()
    (folder / "model.safetensors").unlink()
    assert "holds no weights" in message(folder, settings={"family": "coconut", "num_latent": 1, "question_suffix": ""})


@pytest.mark.parametrize(
    "name", ["../evil", "a/../b", "no/such/place", "/no/such/folder", "zen-E/CODI gpt2", "-x", "a--b", "x" * 200, ""]
)
def test_what_is_neither_a_place_nor_an_id(name):
    assert "neither a folder or file that exists nor a hub id" in message(name) or name == ""


@pytest.mark.parametrize("base", ["../base", "/etc", "base/../../secret", "..\\base"])
def test_a_configured_base_may_not_leave_its_folder(folder, base):
    (folder / ".." / "secret").mkdir()
    form = json.loads((folder / "ctlab.json").read_text())
    (folder / "ctlab.json").write_text(json.dumps({**form, "base": base}))
    said = message(folder)
    assert "outside its own folder" in said or "neither a folder or file that exists nor a hub id" in said


@pytest.mark.parametrize("shard_name", ["../model-00001-of-00002.safetensors", "/tmp/x.safetensors"])
def test_a_shard_may_not_leave_its_folder(folder, shard_name):
    (folder / INDEX).write_text(json.dumps({"weight_map": {"a": shard_name}}))
    assert "only paths inside it are read" in message(folder)


def test_shards_are_safetensors_that_exist(folder):
    (folder / INDEX).write_text(json.dumps({"weight_map": {"a": "model.bin"}}))
    assert "is not a .safetensors file" in message(folder)
    (folder / INDEX).write_text(json.dumps({"weight_map": {"a": "model-00001-of-00001.safetensors"}}))
    assert "which is not in" in message(folder)
    (folder / INDEX).write_text(json.dumps({}))
    assert "has no 'weight_map'" in message(folder)


def test_shards_without_an_index_are_counted(folder):
    import torch

    (folder / "model.safetensors").unlink()
    shard(folder, {"a": torch.zeros(1), "b": torch.zeros(1)})
    (folder / INDEX).unlink()
    assert len(find(folder, None, None, allow_pickle=False).weights) == 2
    (folder / "model-00002-of-00002.safetensors").unlink()
    assert "holds 1 of 2 shards" in message(folder)


def test_pickles_are_refused_unless_allowed(tmp_path):
    settings = write_coconut(tmp_path)
    said = message(tmp_path, settings=settings)
    assert "is a pickle" in said
    assert "--ctlab-allow-pickle" in said
    assert find(tmp_path, None, settings, allow_pickle=True).pickled
    assert find(tmp_path / "checkpoint_7", None, settings, allow_pickle=True).pickled


def test_several_checkpoints_must_be_told_apart(tmp_path):
    settings = write_coconut(tmp_path)
    shutil.copy(tmp_path / "checkpoint_7", tmp_path / "checkpoint_8")
    assert "name one of the files" in message(tmp_path, settings=settings, allow_pickle=True)
    assert find(tmp_path / "checkpoint_8", None, settings, allow_pickle=True).weights == (tmp_path / "checkpoint_8",)


def test_a_base_needs_a_config(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "is no base model" in message(folder, base=tmp_path / "empty")


def test_known_checkpoints_need_no_ctlab_json(monkeypatch, folder, tmp_path):
    asked = []

    def download(name, patterns, *, purpose):
        asked.append((name, purpose, "*.safetensors" in patterns))
        return folder if purpose == "a model" else folder / "base"

    monkeypatch.setattr(sources, "download", download)
    (folder / "ctlab.json").unlink()
    source = find("zen-E/CODI-gpt2", None, None, allow_pickle=False)
    assert (source.name, source.settings.lora_r, source.settings.prj_dim) == ("zen-E/CODI-gpt2", 128, 768)
    # The base's weights are in the checkpoint and are not fetched again.
    assert asked == [("zen-E/CODI-gpt2", "a model", True), ("openai-community/gpt2", "a base model", False)]


def test_the_embedded_model_is_called_tiny(monkeypatch, tmp_path):
    monkeypatch.setattr(sources, "TINY", tmp_path / "nothing")
    assert "train it: python -m ctlab.models.tiny.train" in message("tiny")


def test_the_embedded_models_of_graphs_are_called_by_their_names(monkeypatch, tmp_path):
    for name, folder in sources.GRAPH_MODELS.items():
        assert find(name, None, None, allow_pickle=False).own_weights.files == (folder / "model.safetensors",)
    monkeypatch.setattr(sources, "GRAPH_MODELS", dict.fromkeys(sources.GRAPH_MODELS, tmp_path / "nothing"))
    assert "train it: python -m ctlab.models.tiny_graphs.train_graphs" in message("tiny-graphs-cot")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tinny", "'tinny' is not on disk .*; built in are tiny, tiny-blind, .* and .*; did you mean 'tiny'\\?"),
        ("zen-E/CODI-gpt2", "[^;]*; download it first, or give a folder\\Z"),
        ("zen-E/CODI-gpt", "[^;]*; download it first, or give a folder; did you mean 'zen-E/CODI-gpt2'\\?"),
        ("./tiny model", "is not a model: it is neither .*"),
    ],
)
def test_a_name_that_is_nowhere_brings_what_is_built_in_and_what_is_near(monkeypatch, tmp_path, name, said):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(CheckpointError, match=f"{said}\\Z"):
        find(name, None, None, allow_pickle=False)


@pytest.mark.parametrize(
    ("name", "path", "said", "begins"),
    [
        ("mine", "/a/mine", "settings: no", "model mine: settings: no"),
        ("mine", "/a/mine", "/a/mine/config.json is no", "/a/mine/config.json is no"),
        ("x/y", "x/y", "/cache/models--x--y/snapshots/1/config.json is no", "model x/y: /cache/models--x--y"),
        ("x/y", "x/y", "'x/y' is gated", "'x/y' is gated"),
        ("mine", "/a/mine", "model mine: no settings", "model mine: no settings"),
        ("tiny", str(sources.TINY), f"{sources.TINY}/base is no", "model tiny: "),
    ],
)
def test_a_refusal_begins_with_the_model(name, path, said, begins):
    assert sources.about(name, Path(path), CheckpointError(said)).startswith(begins)


def test_settings_name_the_model_whoever_said_them(folder):
    assert message(folder, settings={"num_latent": "x"}).startswith("model mine: settings: num_latent must be")
    assert message("tiny", settings={"num_latent": 0}).startswith("model tiny: settings: num_latent must be")
    form = json.loads((folder / "ctlab.json").read_text())
    (folder / "ctlab.json").write_text(json.dumps({**form, "num_latent": 0}))
    assert message(folder).startswith(f"{folder / 'ctlab.json'}: num_latent must be")
