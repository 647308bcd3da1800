"""The digest of a file is of the bytes that its tensors hold, and these do not follow the file."""

import json

import pytest
import torch
from safetensors.torch import save_file

from ctlab.files import sha256
from ctlab.models import load_model, model_digest
from ctlab.models.checkpoints.checkpoint_files import find
from ctlab.models.checkpoints.tensors import read
from tests.models.checkpoints.making_checkpoints import shard, write_coconut, write_codi


@pytest.fixture
def codi(tmp_path):
    settings = write_codi(tmp_path / "m")
    (tmp_path / "m" / "ctlab.json").write_text(json.dumps(settings))
    return tmp_path / "m"


def digests(folder, **more):
    source = find(folder, None, None, allow_pickle=True)
    return read(source).digests(), [sha256(path.read_bytes()) for path in source.weights]


def test_of_one_file(codi):
    assert len(set(map(tuple, digests(codi)))) == 1


def test_of_shards(codi):
    tensors = read(find(codi, None, None, allow_pickle=False)).tensors
    (codi / "model.safetensors").unlink()
    shard(codi, tensors, count=3)
    found, true = digests(codi)
    assert found == true
    assert len(set(found)) == 3


def test_of_a_pickle(tmp_path):
    (tmp_path / "c").mkdir()
    settings = write_coconut(tmp_path / "c")
    (tmp_path / "c" / "ctlab.json").write_text(json.dumps(settings))
    found, true = digests(tmp_path / "c")
    assert found == true


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.bool, torch.float64])
def test_of_every_type_and_shape(tmp_path, codi, dtype):
    tensors = {"a": torch.ones(3, 5).to(dtype), "b": torch.tensor(1.0), "c": torch.zeros(0, 4), "d": torch.ones(7)}
    save_file(tensors, codi / "model.safetensors", metadata={"format": "pt"})
    found, true = digests(codi)
    assert found == true


def test_a_loaded_model_has_the_digest_of_its_files(codi):
    assert load_model(codi).digest == model_digest(codi)


def test_what_is_loaded_does_not_follow_the_file(codi):
    """A mapped file, overwritten in place, would change the weights of a model that answers."""
    model = load_model(codi)
    weights = model.network.get_input_embeddings().weight
    before = weights.clone()
    path = codi / "model.safetensors"
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(bytes(path.stat().st_size // 2))
    assert torch.equal(weights, before)
    assert model.digest != model_digest(codi)
