"""``padding="as-published"`` against a reference: the official batched loop, run by transformers itself."""

import pytest
import torch

from ctlab.certify import certify
from ctlab.engine.answers import generate_batches
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.models.families.base import PUBLISHED_BATCH
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_codi

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
TOKENS = 6
PUBLISHED = Decoding(padding="as-published", max_new_tokens=TOKENS)


@pytest.fixture(scope="module", params=["gpt2", "gpt2-eos", "llama"])
def model(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    kind, _, eos = request.param.partition("-")
    return load_model(folder, settings=write_codi(folder, kind, seed=11, remove_eos=not eos))


@torch.no_grad()
def official(model, questions):
    """The official evaluation's steps: left padding, a mask over question and begin, none afterwards."""
    ids = [model.encode(question) for question in questions]
    width = max(map(len, ids))
    begin, count = list(model.begin_ids), len(ids)
    tokens = torch.tensor([[model.pad_id] * (width - len(each)) + each + begin for each in ids])
    seen = torch.tensor([[0] * (width - len(each)) + [1] * (len(each) + len(begin)) for each in ids])
    network = model.network
    assert network.config._attn_implementation == "sdpa"
    out = network(input_ids=tokens, attention_mask=seen, use_cache=True, output_hidden_states=True)
    for _ in range(model.num_thoughts):
        thought = model.project(out.hidden_states[-1][:, -1])[:, None]
        out = network(
            inputs_embeds=thought, past_key_values=out.past_key_values, use_cache=True, output_hidden_states=True
        )
    embed = network.get_input_embeddings()
    fed = embed(torch.tensor([list(model.end_ids)])).expand(count, -1, -1)
    answers = [[] for _ in ids]
    cache = out.past_key_values
    for _ in range(TOKENS):
        out = network(inputs_embeds=fed, past_key_values=cache, use_cache=True)
        chosen = out.logits[:, -1, : model.logits_considered].argmax(-1)
        for answer, token in zip(answers, chosen.tolist(), strict=True):
            if model.eos_token_id not in answer:
                answer.append(token)
        fed = embed(chosen)[:, None]
    return answers


def generate(model, problems, conditions, padding):
    found = {}
    decoding = Decoding(padding=padding, max_new_tokens=TOKENS)
    for batch in generate_batches(model, problems, conditions, decoding):
        found.update({(name, each.problem_id): list(each.token_ids) for name, made in batch.items() for each in made})
    return found


def test_it_reproduces_the_official_batched_loop(model):
    found = generate(model, PROBLEMS, [BASELINE], "as-published")
    assert [found["baseline", problem.id] for problem in PROBLEMS] == official(model, QUESTIONS)


def test_an_answer_depends_on_its_batch_there_and_only_there(model):
    everyone = generate(model, PROBLEMS, [BASELINE], "as-published")
    exact = generate(model, PROBLEMS, [BASELINE], "exact")
    assert everyone != exact
    for problem, question in zip(PROBLEMS, QUESTIONS, strict=True):
        own = generate(model, [problem], [BASELINE], "as-published")["baseline", problem.id]
        assert own == official(model, [question])[0] == exact["baseline", problem.id]


def test_batches_are_the_first_128_then_the_next(model):
    many = [Problem(question=f"a {n % 30} b {n // 30} ? " + "c " * (n % 7), gold=1) for n in range(PUBLISHED_BATCH + 3)]
    found = generate(model, many, [BASELINE], "as-published")
    last = official(model, [problem.question for problem in many[PUBLISHED_BATCH:]])
    assert [found["baseline", problem.id] for problem in many[PUBLISHED_BATCH:]] == last


def test_conditions_are_certified_with_padding_in_sight(model):
    blocked = Condition.from_json({"name": "ct0", "interventions": [{"keys": ["CT0"], "readers": "later"}]})
    certificates = certify(model, PROBLEMS, [BASELINE, blocked], PUBLISHED)
    assert {name: each.failure() for name, each in certificates.items()} == {"baseline": None, "ct0": None}
    assert "as-published" in certificates["ct0"].backend
