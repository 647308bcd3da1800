"""Golden vectors: every condition of every folder, token for token, until a margin under 1e-3."""

import json

import pytest
import torch

from ctlab.engine.answers import generate_batches
from ctlab.interventions import Condition
from ctlab.models import load_model
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.shared_data import shared

KEYS = ("family", "num_latent", "use_prj", "prj_dim", "prj_no_ln", "remove_eos", "lora_r", "lora_alpha")


@pytest.mark.parametrize("batch_tokens", [1, 500, None])
@pytest.mark.parametrize("name", ["codi-gpt2", "codi-gpt2-eos-noln", "codi-llama"])
@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_golden_vectors(name, batch_tokens, device):
    if device == "cuda" and not torch.cuda.is_available():
        pytest.skip("this machine has no GPU")
    folder = shared(f"golden/{name}")
    expected = json.loads((folder / "expected.json").read_text())
    model = load_model(folder, settings={key: expected[key] for key in KEYS}, device=device)
    assert model.begin_ids == tuple(expected["begin_ids"])
    assert model.end_ids == tuple(expected["end_ids"])
    assert model.logits_considered == expected["logits_considered"]
    assert model.eos_token_id == expected["eos_token_id"]
    problems = [Problem(question=question, gold=0) for question in expected["questions"]]
    conditions = [
        Condition.from_json({"name": label.replace("-", "_"), "interventions": form["interventions"]})
        for label, form in expected["conditions"].items()
    ]
    decoding = Decoding(max_new_tokens=expected["max_new_tokens"])
    found: dict[str, dict[str, tuple[int, ...]]] = {condition.name: {} for condition in conditions}
    for batch in generate_batches(model, problems, conditions, decoding, batch_tokens=batch_tokens):
        for condition, generations in batch.items():
            found[condition].update((each.problem_id, each.token_ids) for each in generations)
    for label, form in expected["conditions"].items():
        for problem, tokens, margins in zip(problems, form["tokens"], form["margins"], strict=True):
            sure = next((index for index, margin in enumerate(margins) if margin < 1e-3), len(tokens))
            answer = found[label.replace("-", "_")][problem.id]
            assert list(answer[:sure]) == tokens[:sure], (label, problem.question)
            if sure == len(tokens):
                assert len(answer) == len(tokens), (label, problem.question)


def test_a_whole_file_of_expected_answers_serves_as_settings():
    folder = shared("golden/codi-gpt2")
    model = load_model(folder, settings=json.loads((folder / "expected.json").read_text()))
    assert (model.num_thoughts, model.max_new_tokens) == (6, 16)
