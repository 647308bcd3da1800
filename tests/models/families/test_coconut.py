"""Coconut: what loading makes of its layout, its settings and its ids."""

import json

import pytest
import torch
from transformers import AutoTokenizer

from ctlab.errors import CheckpointError
from ctlab.models import load_model
from tests.models.checkpoints.making_checkpoints import write_coconut


@pytest.mark.parametrize("auxiliary", [False, True])
def test_thoughts_are_hidden_states(tmp_path, auxiliary):
    settings = write_coconut(tmp_path, auxiliary=auxiliary)
    (tmp_path / "config.json").write_text("{}")
    model = load_model(tmp_path, settings=settings, allow_pickle=True)
    rows = model.network.get_input_embeddings().weight.shape[0]
    assert (model.begin_ids, model.end_ids, model.logits_considered) == ((rows - 3,), (rows - 2,), rows)
    assert model.projection is None
    assert "embedding.weight" in model.unused
    assert any(name.startswith("expainable_llm") for name in model.unused) == auxiliary
    hidden = torch.randn(2, 32)
    assert torch.equal(model.project(hidden), hidden)


def test_llama_as_base_and_a_question_suffix(tmp_path):
    settings = write_coconut(tmp_path, "llama")
    plain = load_model(tmp_path, settings=settings, allow_pickle=True)
    model = load_model(tmp_path, settings={**settings, "question_suffix": " z"}, allow_pickle=True)
    assert model.encode("a b") == plain.encode("a b z") == [*plain.encode("a b"), plain.encode("z")[-1]]


def test_an_embedding_that_is_no_copy(tmp_path):
    settings = write_coconut(tmp_path)
    tensors = torch.load(tmp_path / "checkpoint_7", weights_only=True)
    tensors["embedding.weight"] += 1
    torch.save(tensors, tmp_path / "checkpoint_7")
    with pytest.raises(CheckpointError, match="must be a copy"):
        load_model(tmp_path, settings=settings, allow_pickle=True)


def test_an_embedding_that_is_stored_once(tmp_path):
    settings = write_coconut(tmp_path)
    tensors = torch.load(tmp_path / "checkpoint_7", weights_only=True)
    del tensors["embedding.weight"]
    torch.save(tensors, tmp_path / "checkpoint_7")
    assert load_model(tmp_path, settings=settings, allow_pickle=True).unused == {}


def test_a_tokenizer_that_knows_the_markers_says_their_ids(tmp_path):
    settings = write_coconut(tmp_path)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "base")
    tokenizer.add_tokens(["<|latent|>", "<|end-latent|>", "<|start-latent|>"])
    tokenizer.save_pretrained(tmp_path / "base")
    model = load_model(tmp_path, settings=settings, allow_pickle=True)
    rows = model.network.get_input_embeddings().weight.shape[0]
    assert (model.begin_ids, model.end_ids) == ((rows - 1,), (rows - 2,))


def test_rows_may_follow_a_tokenizer_that_is_shorter_than_the_base(tmp_path):
    settings = write_coconut(tmp_path)
    config = json.loads((tmp_path / "base" / "config.json").read_text())
    (tmp_path / "base" / "config.json").write_text(json.dumps({**config, "vocab_size": config["vocab_size"] + 40}))
    assert load_model(tmp_path, settings=settings, allow_pickle=True).num_thoughts == 6
