import json
import os
import subprocess
import sys

import pytest

from ctlab.models import model_digest
from ctlab.models.checkpoints import file_digests
from tests.models.checkpoints.making_checkpoints import write_codi


@pytest.fixture
def checkpoint(tmp_path):
    return tmp_path / "m", write_codi(tmp_path / "m", lora_r=0, use_prj=False)


def test_what_counts(checkpoint):
    folder, settings = checkpoint
    first = model_digest(folder, settings=settings)
    assert len(first) == 16
    assert model_digest(folder, settings=settings) == first
    assert model_digest(folder, settings={**settings, "num_latent": 5}) != first
    tokenizer = folder / "base" / "tokenizer.json"
    tokenizer.write_text(tokenizer.read_text() + "\n")
    second = model_digest(folder, settings=settings)
    assert second != first
    weights = bytearray((folder / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (folder / "model.safetensors").write_bytes(weights)
    assert model_digest(folder, settings=settings) not in (first, second)


def test_where_the_files_lie_does_not_count(checkpoint, tmp_path):
    folder, settings = checkpoint
    first = model_digest(folder, settings=settings)
    folder.rename(tmp_path / "moved")
    assert model_digest(tmp_path / "moved", settings=settings) == first


def test_files_are_read_once(checkpoint, tmp_path, monkeypatch):
    folder, settings = checkpoint
    first = model_digest(folder, settings=settings, cache=tmp_path / "cache")
    monkeypatch.setattr(file_digests, "_sha256", lambda path: pytest.fail(f"{path} was read again"))
    assert model_digest(folder, settings=settings, cache=tmp_path / "cache") == first


def test_a_changed_file_is_read_again(checkpoint, tmp_path):
    folder, settings = checkpoint
    first = model_digest(folder, settings=settings, cache=tmp_path / "cache")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x77")
    os.utime(weights, ns=(1, 1))
    assert model_digest(folder, settings=settings, cache=tmp_path / "cache") != first


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"x": 3}'])
def test_a_broken_cache_is_no_obstacle(checkpoint, tmp_path, content):
    folder, settings = checkpoint
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "file-digests.json").write_text(content)
    assert model_digest(folder, settings=settings, cache=tmp_path / "cache") == model_digest(folder, settings=settings)


def test_no_torch_is_needed(checkpoint):
    folder, settings = checkpoint
    code = (
        "import json, sys; from ctlab.models import model_digest\n"
        "print(model_digest(sys.argv[1], settings=json.loads(sys.argv[2])), 'torch' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(folder), json.dumps(settings)]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert found == [model_digest(folder, settings=settings), "False"]
