"""Explicit chain of thought: an ordinary causal language model, without ids around thoughts that it does not have."""

import pytest
import torch

from ctlab.engine.answers import generate_batches
from ctlab.engine.undisturbed_thoughts import activation_cache_for
from ctlab.errors import CheckpointError, ConditionError
from ctlab.interventions import BASELINE, Condition
from ctlab.models import CheckpointSettings, load_model
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.models.checkpoints.making_checkpoints import QUESTIONS, save, write_base, write_codi

SETTINGS = {"family": "explicit_cot", "num_latent": 0, "question_suffix": " z"}


def test_it_answers_as_transformers_generates(tmp_path):
    network = write_base(tmp_path / "base", "gpt2", added=0)
    save(network.state_dict(), tmp_path / "model.safetensors")
    model = load_model(tmp_path, settings=SETTINGS)
    assert (model.begin_ids, model.end_ids, model.num_thoughts, model.latent_id) == ((), (), 0, None)
    assert model.logits_considered == network.config.vocab_size
    problems = [Problem(question=question, gold=1) for question in QUESTIONS]
    (batch,) = generate_batches(model, problems, [BASELINE], Decoding(max_new_tokens=6))
    for answer in batch["baseline"]:
        (question,) = (each.question for each in problems if each.id == answer.problem_id)
        ids = torch.tensor([model.tokenizer(f"{question} z")["input_ids"]])
        with torch.no_grad():
            whole = network.generate(ids, max_new_tokens=6, do_sample=False, pad_token_id=0)
        assert answer.token_ids == tuple(whole[0, ids.shape[1] :].tolist())


def test_another_family_s_tensors_have_no_place(tmp_path):
    write_codi(tmp_path, "gpt2", lora_r=0)
    with pytest.raises(CheckpointError, match="it has no input embedding transformer"):
        load_model(tmp_path, settings=SETTINGS)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"num_latent": 6}, "family explicit_cot has no thoughts in vectors; num_latent must be 0"),
        ({"use_prj": True, "prj_dim": 8}, "family explicit_cot has no use_prj"),
        ({"hidden": [{"keys": ["CT0"], "readers": "later"}]}, "CT0 does not exist: this model has no thoughts"),
    ],
)
def test_settings(change, sentence):
    with pytest.raises(CheckpointError) as refused:
        CheckpointSettings.from_json({**SETTINGS, **change})
    assert sentence in str(refused.value)


def test_a_mean_of_thoughts_that_there_are_not_is_refused(tmp_path):
    save(write_base(tmp_path / "base", "gpt2", added=0).state_dict(), tmp_path / "model.safetensors")
    mean = Condition.from_json({"name": "averaged", "interventions": [{"thoughts": ["CT0"], "by": "mean"}]})
    problems = [Problem(question=question, gold=1) for question in QUESTIONS]
    with pytest.raises(ConditionError, match=r"condition 'averaged': it replaces thoughts, and this model has none"):
        activation_cache_for([mean], load_model(tmp_path, settings=SETTINGS), problems, Decoding())
