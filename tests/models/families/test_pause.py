"""Pause: what loading makes of its layout and its settings, and that its two schedules are one computation."""

import pytest
import torch

from ctlab.engine.answers import generate_batches
from ctlab.errors import CheckpointError
from ctlab.interventions import BASELINE
from ctlab.models import CheckpointSettings, load_model
from ctlab.models.thought_program import AllAtOnce, LearnedEmbedding, OneAfterAnother
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_coconut

SETTINGS = {"family": "pause", "num_latent": 3, "feedback_mode": "pause_curriculum", "question_suffix": ""}
MULTIPASS = {**SETTINGS, "feedback_mode": "pause_multipass"}


@pytest.fixture
def folder(tmp_path):
    write_coconut(tmp_path)
    edit(tmp_path, pause_embedding=torch.arange(32.0))
    return tmp_path


def edit(folder, **tensors):
    path = folder / "checkpoint_7"
    held = {**torch.load(path, weights_only=True), **tensors}
    torch.save({name: tensor for name, tensor in held.items() if tensor is not None}, path)


def load(folder, settings=SETTINGS):
    return load_model(folder, settings=settings, allow_pickle=True)


def test_every_thought_is_the_trained_vector(folder):
    model = load(folder)
    assert torch.equal(model.project(torch.randn(2, 32)), torch.arange(32.0).expand(2, -1))
    assert model.program.slots == (LearnedEmbedding(),) * 3
    assert "embedding.weight" in model.unused
    assert torch.equal(model.cast("float64").project(torch.randn(1, 32)), torch.arange(32.0).double()[None])


def test_one_pass_and_many_are_one_computation(folder):
    models = [load(folder), load(folder, MULTIPASS)]
    assert [model.program.schedule for model in models] == [AllAtOnce(), OneAfterAnother()]
    problems = [Problem(question=question, gold=1) for question in QUESTIONS]
    first, second = (
        [batch["baseline"] for batch in generate_batches(model, problems, [BASELINE], Decoding(max_new_tokens=5))]
        for model in models
    )
    assert first == second
    assert models[0].digest != models[1].digest


@pytest.mark.parametrize(
    ("vector", "sentence"),
    [
        (None, "it holds no pause_embedding, the vector that stands for every thought; if it was trained"),
        (torch.zeros(31), "'pause_embedding' has shape (31,), the base model needs (32,)"),
        (torch.full((32,), torch.nan), "'pause_embedding' holds 32 of 32 numbers that are NaN"),
    ],
)
def test_a_vector_that_is_none_is_refused(folder, vector, sentence):
    edit(folder, pause_embedding=vector)
    with pytest.raises(CheckpointError) as refused:
        load(folder)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"feedback_mode": "continuous"}, "feedback_mode must be pause_curriculum or pause_multipass"),
        ({"feedback_mode": None}, "feedback_mode must be pause_curriculum or pause_multipass"),
        ({"feedback_mode": 1}, "feedback_mode must be text, not 1"),
        ({"num_latent": 0}, "num_latent must be a whole number from 1"),
        ({"lora_r": 4, "lora_alpha": 8}, "family pause has no lora_r"),
        ({"family": "coconut"}, "family coconut has no feedback_mode"),
    ],
)
def test_settings(change, sentence):
    with pytest.raises(CheckpointError) as refused:
        CheckpointSettings.from_json({**SETTINGS, **change})
    assert sentence in str(refused.value)


def test_a_pause_checkpoint_is_no_coconut(folder):
    with pytest.raises(CheckpointError, match="no place in a model of family coconut: pause_embedding"):
        load(folder, {"family": "coconut", "num_latent": 3, "question_suffix": ""})
