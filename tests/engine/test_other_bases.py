"""Qwen3, Phi and GPT-NeoX: answers of a dense recompute by transformers, certified, and each arithmetic sabotaged."""

import pytest
import torch

import ctlab
from ctlab.certify import certify
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.problems import Problem
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_codi

KINDS = ("qwen3", "phi", "gpt_neox")
PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS[:4]]
HIDDEN = Condition.from_json({"name": "hidden", "interventions": [{"keys": "thoughts", "readers": "later"}]})
TOKENS = 6


@pytest.fixture(scope="module", params=KINDS)
def model(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    return load_model(folder, settings=write_codi(folder, request.param, seed=6, tied=False), dtype="float64")


def dense(model, question, hidden):
    """Answer step by step, the whole sequence anew, by transformers' own eager attention with an additive mask."""
    network, embed = model.network, model.network.get_input_embeddings()
    prompt = [*model.encode(question), *model.begin_ids]
    fed, tokens = embed(torch.tensor([prompt])), []

    def run(fed):
        size = fed.shape[1]
        mask = torch.full((size, size), torch.finfo(fed.dtype).min, dtype=fed.dtype).triu(1)
        for thought in range(len(prompt), min(size, len(prompt) + model.num_thoughts)) if hidden else ():
            mask[thought + 1 :, thought] = torch.finfo(fed.dtype).min
        return network(inputs_embeds=fed, attention_mask=mask[None, None], output_hidden_states=True, use_cache=False)

    for _ in range(model.num_thoughts):
        fed = torch.cat([fed, model.project(run(fed).hidden_states[-1][:, -1])[None]], 1)
    fed = torch.cat([fed, embed(torch.tensor([list(model.end_ids)]))], 1)
    after_thoughts = fed
    while len(tokens) < TOKENS and model.eos_token_id not in tokens:
        tokens.append(int(run(fed).logits[0, -1, : model.logits_considered].argmax()))
        fed = torch.cat([fed, embed(torch.tensor([tokens[-1:]]))], 1)
    return tokens, after_thoughts


@torch.inference_mode()
def test_answers_are_those_of_a_dense_recompute_and_of_transformers_own_generate(model):
    runs = ctlab.generate(model, PROBLEMS, [BASELINE, HIDDEN], max_new_tokens=TOKENS)
    assert all(each.passed for each in runs.certificates.values()), runs.certificates
    model.network.set_attn_implementation("eager")
    differ = 0
    for index, problem in enumerate(PROBLEMS):
        plain, embedded = dense(model, problem.question, hidden=False)
        hidden, _ = dense(model, problem.question, hidden=True)
        assert list(runs["baseline"][index].token_ids) == plain
        assert list(runs["hidden"][index].token_ids) == hidden
        differ += plain != hidden
        theirs = model.network.generate(
            inputs_embeds=embedded,
            attention_mask=torch.ones(embedded.shape[:2], dtype=torch.long),
            do_sample=False,
            max_new_tokens=TOKENS,
            eos_token_id=model.eos_token_id,
            pad_token_id=model.pad_id,
            suppress_tokens=list(range(model.logits_considered, model.network.config.vocab_size)),
        )
        assert theirs[0].tolist() == plain
    assert differ  # hiding must show, or the comparison would say nothing about masks


def _without_norms(network, patch):
    for norm in ("q_norm", "k_norm", "q_layernorm", "k_layernorm"):
        for layer in network.base_model.layers:
            if hasattr(layer, "self_attn") and hasattr(layer.self_attn, norm):
                patch.setattr(getattr(layer.self_attn, norm), "forward", lambda x: x)


def _turned_slower(network, patch):
    rotary = network.base_model.rotary_emb
    patch.setitem(rotary._buffers, "inv_freq", rotary.inv_freq * 0.5)


def _one_after_the_other(network, patch):
    for layer in network.base_model.layers:
        patch.setattr(layer, "use_parallel_residual", False)


def _without_bias(network, patch):
    attention = [getattr(layer, "attention", None) or layer.self_attn for layer in network.base_model.layers]
    for module in attention:
        patch.setattr(module.dense, "forward", lambda x, weight=module.dense.weight: x @ weight.T)


SABOTAGES = {
    "queries and keys are not normed": (_without_norms, ("qwen3", "phi")),
    "positions are turned by other angles": (_turned_slower, KINDS),
    "linear maps read what attention added": (_one_after_the_other, ("gpt_neox",)),
    "a bias is left out": (_without_bias, ("phi", "gpt_neox")),
}


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_a_certificate_sees_another_network(model, sabotage, monkeypatch):
    change, kinds = SABOTAGES[sabotage]
    if model.network.config.model_type not in kinds:
        pytest.skip("this architecture has no such part")
    change(model.network, monkeypatch)
    found = certify(model, PROBLEMS[:2], [BASELINE, HIDDEN])
    assert not any(each.passed for each in found.values())
