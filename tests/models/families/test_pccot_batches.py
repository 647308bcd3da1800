"""PCCoT's official batches: what its code does with left padding, run by transformers itself in float64.

What a padding row holds is the only thing that depends on how attention is computed. By transformers 4.46 on a CPU a
row without any key gets equal weights on all keys, later ones too (each score is the smallest number, plus what
rounding swallows): so the golden batch was made, and the loop here meets it, token for token. By flash_attention_2,
with which the official evaluation is called, it gets zeros: so the same loop is what the engine answers as published.
"""

from dataclasses import replace

import pytest
import torch
from transformers import DynamicCache

from ctlab.certify import audited_batches, certify, certify_probes
from ctlab.interventions import BASELINE
from ctlab.models.reasoner import LatentReasoner
from ctlab.records.generation import Decoding
from tests.models.families.test_pccot import NAMES, Golden

ALIKE, NOTHING = torch.finfo(torch.float64).min, -torch.inf
"""What is added to a score that may not be read: with the first a row of nothing else is a row of equal weights."""


@pytest.fixture(scope="module", params=NAMES)
def golden(request):
    found = Golden(request.param)
    found.model = found.model.cast("float64")
    return found


@torch.no_grad()
def official(model, questions, most, hidden):
    """Pass 0 under a mask, the others without, the answer under one again; rows of padding see what ``hidden`` says."""
    network, thoughts = model.network, model.num_thoughts
    ids = [model.encode(question) for question in questions]
    count, width = len(ids), max(map(len, ids))
    padding = torch.tensor([width - len(each) for each in ids])
    latent = [model.latent_id] * thoughts
    tokens = [[model.pad_id] * (width - len(each)) + each + list(model.begin_ids) + latent for each in ids]
    after_begin, length = width + len(model.begin_ids), len(tokens[0])
    columns = torch.arange(length + len(model.end_ids) + most).expand(count, -1)
    without = (columns - padding[:, None]).clamp_min(0)
    counted = without if network.config.model_type == "gpt2" else columns
    cache = DynamicCache()

    def read(embeddings, start, positions, *, masked):
        end = start + embeddings.shape[1]
        seen = torch.ones(end - start, end, dtype=torch.bool).tril(start).repeat(count, 1, 1)
        if masked:
            seen &= (torch.arange(end) >= padding[:, None])[:, None]
        mask = torch.zeros(seen.shape, dtype=torch.float64).masked_fill(~seen, hidden)[:, None]
        return network.base_model(
            inputs_embeds=embeddings,
            attention_mask=mask,
            position_ids=positions[:, start:end],
            past_key_values=cache,
            use_cache=True,
        ).last_hidden_state

    embed = network.get_input_embeddings()
    assert network.config._attn_implementation == "sdpa"
    fed = read(embed(torch.tensor(tokens)), 0, counted, masked=True)[:, after_begin - 1 : -1]
    for _ in range(model.program.passes - 1):
        cache.crop(-thoughts)
        states = read(fed, after_begin, counted, masked=False)
        fed = torch.cat([fed[:, :1], states[:, :-1]], 1)
    states = read(embed(torch.tensor([model.end_ids])).expand(count, -1, -1), length, counted, masked=True)
    answers, start = [[] for _ in ids], length + len(model.end_ids)
    for number in range(most):
        chosen = network.get_output_embeddings()(states[:, -1])[:, : model.logits_considered].argmax(-1)
        for answer, token in zip(answers, chosen.tolist(), strict=True):
            if model.eos_token_id not in answer[1:]:
                answer.append(token)
        states = read(embed(chosen)[:, None], start + number, without, masked=True)
    return answers


def test_the_golden_batch(golden):
    form = golden.form["official_batch_of_12_left_padded"]
    found = official(golden.model, golden.form["questions"], golden.form["max_new_tokens"], ALIKE)
    eos = golden.form["eos_token_id"]
    for answer, tokens in zip(found, form["tokens"], strict=True):
        assert answer == tokens[: len(answer)]
        assert set(tokens[len(answer) :]) <= {eos}  # rows that are over are filled up with it
    alone = golden.form["conditions"]["baseline"]["tokens"]
    agree = sum(answer == own for answer, own in zip(found, alone, strict=True))
    assert agree == form["agree_with_batch_1"]


def test_the_engine_answers_as_the_official_evaluation_does(golden):
    expected = official(golden.model, golden.form["questions"], golden.form["max_new_tokens"], NOTHING)
    assert golden.answers([BASELINE], padding="as-published")["baseline"] == expected
    assert expected != golden.alone([BASELINE])["baseline"]


@pytest.mark.parametrize(
    "other",
    [
        {"passes_alone": False},
        {"positions": {"": "columns"}},
        {"positions": {"": "tokens", "gpt2": "columns"}},
    ],
    ids=["read-by-all", "columns", "the-other-positions"],
)
def test_another_rule_answers_otherwise(golden, monkeypatch, other):
    expected = golden.answers([BASELINE], padding="as-published")
    published = replace(golden.model.as_published, **other)
    monkeypatch.setattr(LatentReasoner, "as_published", property(lambda self: published))
    assert golden.answers([BASELINE], padding="as-published") != expected


def test_batches_stand_in_file_order(golden, monkeypatch):
    published = replace(golden.model.as_published, batch=8)
    monkeypatch.setattr(LatentReasoner, "as_published", property(lambda self: published))
    questions = golden.form["questions"]
    parts = [official(golden.model, part, 4, NOTHING) for part in (questions[:8], questions[8:])]
    found = golden.answers([BASELINE], padding="as-published")["baseline"]
    assert [answer[:4] for answer in found] == [*parts[0], *parts[1]]


def test_conditions_are_certified_with_padding_in_sight(golden):
    decoding = Decoding(padding="as-published", dtype="float64", max_new_tokens=4)
    found = certify(golden.model, golden.problems, golden.conditions, decoding)
    assert {name: each.failure() for name, each in found.items()} == dict.fromkeys(golden.forms)
    probes = certify_probes(golden.model, golden.problems, golden.conditions, decoding)
    assert all(check.passed for checks in probes.values() for check in checks)
    for batch in audited_batches(golden.model, golden.problems, golden.conditions, decoding):
        assert all("padding is read" in audit.not_recomputed for audit in batch.audits.values())
