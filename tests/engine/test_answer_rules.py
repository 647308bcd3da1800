"""What an answer may hold and still go on, and what is fed of a token that it holds: rules of single families."""

import dataclasses

import pytest
import torch

from ctlab.certify import audited_batches, certify
from ctlab.engine.answers import generate_batches
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_coconut

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
HIDDEN = Condition.from_json({"name": "ct1", "interventions": [{"keys": ["CT1"], "readers": "later"}]})
TOKENS = 8


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("coconut")
    return load_model(folder, settings=write_coconut(folder, seed=4), allow_pickle=True)


def answers(model, padding="exact"):
    decoding = Decoding(max_new_tokens=TOKENS, padding=padding)
    batches = list(generate_batches(model, PROBLEMS, [BASELINE, HIDDEN], decoding))
    return {
        name: [list(each.token_ids) for problem in PROBLEMS for each in found if each.problem_id == problem.id]
        for name in ("baseline", "ct1")
        for found in [[each for batch in batches for each in batch[name]]]
    }


def assert_proven(model, padding="exact"):
    decoding = Decoding(max_new_tokens=TOKENS, padding=padding)
    found = certify(model, PROBLEMS, [BASELINE, HIDDEN], decoding)
    assert {name: each.failure() for name, each in found.items()} == {"baseline": None, "ct1": None}
    assert all("recomputed" in {check.name for check in each.checks} for each in found.values())
    for batch in audited_batches(model, PROBLEMS, [BASELINE, HIDDEN], decoding):
        assert [audit.failure for audit in batch.audits.values()] == ["", ""]
        assert all(audit.rows for audit in batch.audits.values())


def test_an_end_that_comes_first_ends_the_answer_unless_as_published(model):
    endless = answers(dataclasses.replace(model, eos_token_id=-2))
    eos = endless["baseline"][0][0]
    ending = dataclasses.replace(model, eos_token_id=eos)

    def until_eos(stream, start):
        later = stream[start:]
        return stream[:start] + (later[: later.index(eos) + 1] if eos in later else later)

    first = [stream for streams in endless.values() for stream in streams if stream[0] == eos]
    assert first
    assert any(eos in stream[1:-1] for stream in first)
    for padding, start in (("exact", 0), ("as-published", 1)):
        expected = {name: [until_eos(stream, start) for stream in streams] for name, streams in endless.items()}
        assert answers(ending, padding) == expected
        assert_proven(ending, padding)


def test_a_family_that_answers_one_at_a_time_pads_nothing_as_published(model):
    never = dataclasses.replace(model, eos_token_id=-2)
    assert answers(never, "as-published") == answers(never)


@torch.no_grad()
def reference(model, question):
    """The whole sequence at every token, in float64."""
    network, embed = model.network, model.network.get_input_embeddings()
    fed = embed(torch.tensor([[*model.encode(question), *model.begin_ids]]))
    for _ in range(model.num_thoughts):
        fed = torch.cat([fed, network.base_model(inputs_embeds=fed).last_hidden_state[:, -1:]], 1)
    fed, tokens = torch.cat([fed, embed(torch.tensor([[*model.end_ids]]))], 1), []
    while len(tokens) < TOKENS and model.eos_token_id not in tokens:
        tokens.append(int(network(inputs_embeds=fed).logits[0, -1, : model.logits_considered].argmax()))
        token = model.embedded_as.get(tokens[-1], tokens[-1])
        fed = torch.cat([fed, embed(torch.tensor([[token]]))], 1)
    return tokens


def test_a_placeholder_that_is_written_is_fed_as_the_family_says(model):
    plain = answers(model)["baseline"]
    written = plain[0][0]
    other = dataclasses.replace(model, embedded_as={written: written + 1})
    found = answers(other)["baseline"]
    assert found != plain
    assert found == [reference(other.cast("float64"), question) for question in QUESTIONS]
    assert_proven(other)
