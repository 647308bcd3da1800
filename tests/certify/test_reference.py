"""The certificates' reference: it agrees with transformers on every network, and shares nothing but weights with it."""

import numpy as np
import pytest
import torch
from torch import nn

from ctlab.certify import certify, certify_probes
from ctlab.certify import reference as recompute
from ctlab.certify.expected_edges import control_token
from ctlab.certify.networks import ARITHMETICS
from ctlab.certify.networks.rotary import rotary_frequencies
from ctlab.engine import decoding_of
from ctlab.engine.control_token import control_position
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.models.checkpoints.base_model import TESTED
from ctlab.models.checkpoints.config_keys import KEYS
from ctlab.models.families import FAMILIES
from ctlab.models.reasoner import LatentReasoner
from ctlab.problems import Problem
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_coconut, write_codi
from tests.models.families.making_adalr import SETTINGS as ADALR
from tests.models.families.making_adalr import write_adalr
from tests.models.families.test_golden_families import Golden
from tests.models.families.test_huginn import model as golden_huginn
from tests.models.families.test_pccot import Golden as GoldenPasses

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
HIDDEN = Condition.from_json({"name": "hidden", "interventions": [{"keys": ["CT0"], "readers": "later"}]})
LLAMA3 = {
    "rope_type": "llama3",
    "rope_theta": 500.0,
    "factor": 4.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}
CHANGES = {
    "plain": {},
    "stretched": {"rope_parameters": LLAMA3},
    "linear": {"rope_parameters": {"rope_type": "linear", "rope_theta": 100.0, "factor": 2.0}},
}


def loaded(folder, kind="llama", **options):
    return load_model(folder, settings=write_codi(folder, kind, seed=4, **options))


def causal(size):
    return np.tril(np.ones((1, 1, size, size)))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kind", TESTED)
def test_it_agrees_with_transformers(tmp_path, kind, dtype):
    model = loaded(tmp_path, kind, tied=False).cast(dtype)
    prompt = model.encode(QUESTIONS[5])
    fed = torch.randn(6, 32, dtype=model.dtype)
    sequence = recompute.inputs(model, prompt, fed, model.end_ids)
    trace = recompute.trace(model, sequence, causal(len(sequence)))
    network = model.network
    network.set_attn_implementation("eager")
    embedding = network.get_input_embeddings()
    with torch.inference_mode():
        tokens = [embedding(torch.tensor(ids)) for ids in ([*prompt, *model.begin_ids], list(model.end_ids))]
        given = torch.cat([tokens[0], fed, tokens[1]])[None]
        theirs = network(inputs_embeds=given, output_attentions=True, output_hidden_states=True)
    tolerance = {"rtol": 1e-5, "atol": 3e-5}  # norms and rotary angles are float32 in transformers, in every type
    torch.testing.assert_close(trace.last, theirs.hidden_states[-1][0], **tolerance)
    # Theirs start after learned positions, ours before.
    torch.testing.assert_close(trace.states[1:-1], torch.stack(theirs.hidden_states[1:-1])[:, 0], **tolerance)
    torch.testing.assert_close(trace.weights, torch.cat(theirs.attentions), check_dtype=False, **tolerance)
    considered = model.logits_considered
    torch.testing.assert_close(recompute.logits(model, trace.last), theirs.logits[0, :, :considered], **tolerance)


@pytest.mark.parametrize("change", CHANGES)
def test_rotary_frequencies_are_transformers(tmp_path, change):
    config = loaded(tmp_path).network.config
    for name, value in CHANGES[change].items():
        setattr(config, name, value)
    rotary = type(loaded(tmp_path).network.base_model.rotary_emb)(config)
    np.testing.assert_allclose(rotary_frequencies(config, 8).numpy(), rotary.inv_freq.numpy(), rtol=1e-6)


@pytest.mark.parametrize("options", [{}, {"prj_no_ln": True}, {"use_prj": False}], ids=str)
def test_the_projection_is_the_official_module_s(tmp_path, options):
    model = loaded(tmp_path, **options)
    states = torch.randn(5, 32)
    with torch.inference_mode():
        torch.testing.assert_close(recompute.thoughts(model, states), model.project(states))


def test_the_control_token_is_the_engine_s(tmp_path):
    model = loaded(tmp_path)
    for number in range(40):
        for question in QUESTIONS:
            prompt = model.encode(question)
            assert control_token(model, f"p{number}", prompt) == control_position(model, f"p{number}", prompt)


def test_every_architecture_that_loads_is_written_out():
    assert set(ARITHMETICS) == set(KEYS)


def of_family(family, folder):
    write = {"codi": write_codi, "coconut": write_coconut}
    if family in write:
        return load_model(folder, settings=write[family](folder, seed=4), allow_pickle=True)
    if family == "huginn":
        return golden_huginn()
    if family == "pccot":
        return GoldenPasses("pccot-gpt2").model
    if family == "adalr":
        return load_model(write_adalr(folder, recurrent_filter_mode="MLP"), settings=ADALR)
    return Golden(
        {"pause": "bmarti-m3-pause", "explicit_cot": "bmarti-m1-cot", "latenttts": "latenttts-codi"}[family]
    ).model


@pytest.mark.parametrize("family", FAMILIES)
def test_no_module_of_the_model_is_called(tmp_path, monkeypatch, family):
    """The network and its projection may do what they like: the reference does not ask them."""
    model = of_family(family, tmp_path)
    width = model.network.config.hidden_size
    sequence = recompute.inputs(model, model.encode(QUESTIONS[0]), torch.randn(model.num_thoughts, width))

    def all_of_it():
        trace = recompute.trace(model, sequence, causal(len(sequence)))
        return [trace.last, trace.weights, recompute.thoughts(model, trace.last), recompute.logits(model, trace.last)]

    before = all_of_it()

    def broken(*args, **options):
        raise AssertionError("the reference called a module of what it certifies")

    monkeypatch.setattr(nn.Module, "__call__", broken)
    monkeypatch.setattr(LatentReasoner, "project", broken)
    assert all(map(torch.equal, before, all_of_it()))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"rope_parameters": {"rope_type": "yarn", "rope_theta": 1e4, "factor": 2.0}}, "rotary positions are 'yarn'"),
        ({"rope_parameters": {**LLAMA3, "partial_rotary_factor": 0.5}}, "a part of each head only"),
        ({"hidden_act": "mish"}, "activation is 'mish'"),
        ({"model_type": "gemma"}, "it is a 'gemma' model"),
    ],
)
def test_what_cannot_be_recomputed_says_so_and_holds_nothing(tmp_path, change, reason):
    model = loaded(tmp_path)
    assert recompute.obstacle(model) is None
    for name, value in change.items():
        setattr(model.network.config, name, value)
    found = certify(model, PROBLEMS, [BASELINE, HIDDEN])
    assert list(found) == ["baseline", "hidden"]
    assert all(not each.passed and reason in (each.failure() or "") for each in found.values())
    (check,) = certify_probes(model, PROBLEMS, [BASELINE], decoding_of(model))["baseline"]
    assert not check.passed
    assert reason in check.detail


def test_weights_that_the_arithmetic_does_not_use_are_an_obstacle(tmp_path):
    model = loaded(tmp_path)
    model.network.base_model.layers[1].self_attn.gate = nn.Linear(2, 2)
    assert "'model.layers.1.self_attn.gate.bias' among them" in recompute.obstacle(model)


def test_a_projection_that_was_not_loaded_is_an_obstacle(tmp_path):
    model = loaded(tmp_path)
    object.__setattr__(model, "projection", None)
    assert "its projection has no weights '1.weight'" in recompute.obstacle(model)
