"""Huginn against the official code: tokens for every number of steps, conditions by step, certificates, refusals."""

import json
import shutil
from functools import cache

import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, processors
from torch.nn import functional

from ctlab.certify import audited_batches, certify
from ctlab.engine.answers import generate_batches
from ctlab.errors import CheckpointError, ConditionError, InputError
from ctlab.interventions import BASELINE, Condition
from ctlab.models import CheckpointSettings, load_model
from ctlab.models.checkpoints.base_card import base_card
from ctlab.models.recurrent_depth.looping_network import RecurrentDepthModel
from ctlab.models.thought_program import Loop
from ctlab.probes.measuring import measure
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.models.checkpoints.making_checkpoints import save, write_base
from tests.shared_data import shared

SURE = 1e-3  # a smaller margin is left to float32's rounding
SETTINGS = {"family": "huginn", "num_latent": 0, "num_steps": 4, "init_scale": 0.0}
STEPS = {"baseline": 4, "num_steps_1": 1, "num_steps_2": 2, "num_steps_8": 8}


def hidden(name, **fields):
    return Condition.from_json({"name": name, "interventions": [{"keys": "question", "readers": "answer", **fields}]})


CONDITIONS = (
    BASELINE,
    hidden("no_question_in_step_2", steps=[2]),
    hidden("no_question_in_core_layer_1", steps=[0, 1, 2, 3], layers=[1]),
    hidden("no_question_before_the_loop", layers=[0]),
    Condition.from_json({"name": "control", "interventions": [{"keys": "question-control", "readers": "later"}]}),
)


@cache
def model(steps=4, dtype="float32", **state):
    return load_model(shared("golden/huginn"), settings={**SETTINGS, "num_steps": steps, **state}).cast(dtype)


@cache
def expected():
    return json.loads((shared("golden/huginn") / "expected.json").read_text())


def problems():
    return [Problem(question=question, gold=0) for question in expected()["questions"]]


def answers(chosen, conditions=(BASELINE,), batch_tokens=None, most=16, count=12):
    decoding = Decoding(max_new_tokens=most, dtype=str(chosen.dtype).removeprefix("torch."))
    found, asked = {condition.name: {} for condition in conditions}, problems()[:count]
    for batch in generate_batches(chosen, asked, conditions, decoding, batch_tokens=batch_tokens):
        for name, generations in batch.items():
            found[name].update((each.problem_id, list(each.token_ids)) for each in generations)
    return {name: [each[problem.id] for problem in asked] for name, each in found.items()}


def test_it_is_asked_as_the_official_code_asks():
    chosen = model()
    assert [chosen.encode(question) for question in expected()["questions"]] == expected()["input_ids"]
    assert (chosen.begin_ids, chosen.end_ids, chosen.eos_token_id, chosen.logits_considered) == ((), (), 1, 600)
    assert (chosen.num_layers, chosen.num_heads, chosen.num_thoughts, list(chosen.unused)) == (10, 4, 0, ["freqs_cis"])
    card = base_card(shared("golden/huginn"), Loop(4))
    assert (card.num_layers, card.num_heads, card.positions, card.left_out) == (10, 4, 512, ())
    assert card.unrolled == chosen.unrolled


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", STEPS)
def test_tokens(name, dtype):
    form = expected()["conditions"][name]
    found = answers(model(STEPS[name], dtype))["baseline"]
    for answer, tokens, margins in zip(found, form["tokens"], form["margins"], strict=True):
        tie = (at for at, margin in enumerate(margins) if margin < SURE and dtype == "float32")
        sure = next(tie, len(tokens))
        assert answer[:sure] == tokens[:sure]
        if sure == len(tokens):
            assert answer == tokens


def test_a_batch_of_all_is_one_problem_at_a_time():
    """The official code ignores the mask of a batch: of twelve answers one is what it is alone."""
    alone = answers(model(2), (BASELINE, CONDITIONS[3]), batch_tokens=1, most=6)
    assert answers(model(2), (BASELINE, CONDITIONS[3]), most=6) == alone


def test_a_drawn_state_is_certified_and_does_not_depend_on_the_batch():
    """The official code draws anew for every token of every run; of its answers two seeds share one in twelve."""
    drawn = [model(2, init_scale=1.0, init_seed=seed) for seed in (0, 1)]
    found = [answers(each, most=6)["baseline"] for each in drawn]
    assert sum(one == two for one, two in zip(*found, strict=True)) <= 1
    assert found[0][:4] == answers(drawn[0], batch_tokens=1, most=6, count=4)["baseline"]
    assert certify(drawn[0], problems(), [BASELINE])["baseline"].failure() is None
    assert drawn[0].digest != drawn[1].digest


def test_another_number_of_steps_is_another_model():
    assert len({model(steps).digest for steps in STEPS.values()}) == len(STEPS)


def test_certificates_and_audits():
    chosen, decoding = model(dtype="float64"), Decoding(max_new_tokens=3, dtype="float64")
    found = certify(chosen, problems(), CONDITIONS, decoding)
    assert {name: each.failure() for name, each in found.items()} == {each.name: None for each in CONDITIONS}
    assert found["no_question_in_step_2"].scope == "steps 2 and all heads"
    assert found["no_question_in_step_2"].edges_removed == found["no_question_before_the_loop"].edges_removed * 2
    for batch in audited_batches(chosen, problems()[:3], CONDITIONS[:2], decoding):
        assert [audit.failure for audit in batch.audits.values()] == ["", ""]


def test_a_step_is_its_layers_unrolled():
    by_step = hidden("by_step", steps=[1, 3], layers=[1])
    by_layer = hidden("by_layer", layers=[4, 8])
    everywhere = hidden("everywhere", layers=[4, 6, 8])
    found = answers(model(), [by_step, by_layer, everywhere], most=6, count=6)
    assert found["by_step"] == found["by_layer"] != found["everywhere"]


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (hidden("c", steps=[4]), "step 4 does not exist: this model has steps 0 … 3"),
        (hidden("c", steps=[0], layers=[2]), "layer 2 does not exist: this model has layers 0 … 1 in a step"),
        (hidden("c", layers=[10]), "layer 10 does not exist: this model has layers 0 … 9"),
        (
            Condition.from_json({"name": "c", "interventions": [{"keys": ["CT0"], "readers": "later"}]}),
            "CT0 does not exist: this model has no thoughts",
        ),
    ],
)
def test_what_the_model_does_not_have(condition, sentence):
    with pytest.raises(ConditionError, match=sentence):
        certify(model(), problems(), [condition])


def test_what_is_measured_of_thoughts_is_refused():
    with pytest.raises(InputError, match="this model has no begin and no thoughts and no end"):
        measure(model(), problems(), [BASELINE])


def forgetful(through):
    """The state of the step before counts for a little less than it should."""
    return lambda network, layers, count, x, pass_: through(network, layers, count, x * 0.99, pass_)


def exchanged(maps, x):
    """What is gated is the gate."""
    up, gate = maps.fc(x).chunk(2, -1)
    return maps.proj(functional.silu(gate) * up)


def halves(x, turn):
    """Positions turn the pairs of other rotary networks."""
    (first, second), (cosine, sine) = x.chunk(2, -1), turn.unbind(-1)
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], -1)


@pytest.mark.parametrize(
    ("place", "slip"),
    [
        ("looping_network.RecurrentDepthModel._through", forgetful(RecurrentDepthModel._through)),
        ("sandwich_block.GatedMaps.forward", exchanged),
        ("sandwich_block.turned", halves),
    ],
)
def test_a_slip_in_the_network_is_found(monkeypatch, place, slip):
    """Each would answer fluently: only another arithmetic can find it."""
    monkeypatch.setattr(f"ctlab.models.recurrent_depth.{place}", slip)
    (failure,) = (each.failure() for each in certify(model(2), problems(), [BASELINE]).values())
    assert failure is not None
    assert failure.startswith("recomputed: ")


def test_steps_hidden_in_other_layers_are_found(monkeypatch):
    """Engine and certificate say apart which layers are a step's."""
    monkeypatch.setattr("ctlab.models.unrolled.Unrolled.layer", lambda loop, step, layer: step * loop.core + layer)
    found = certify(model(), problems(), [CONDITIONS[1]])
    assert found["no_question_in_step_2"].failure().startswith("removed-edges-are-zero: ")


def test_a_whole_number_and_a_fraction_are_one_setting():
    assert CheckpointSettings.from_json({**SETTINGS, "init_scale": 0}).to_json()["init_scale"] == 0.0
    forms = {json.dumps(CheckpointSettings.from_json({**SETTINGS, "init_scale": zero}).to_json()) for zero in (0, 0.0)}
    assert len(forms) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"num_latent": 6}, "family huginn has no thoughts in the sequence"),
        ({"num_steps": 0}, "num_steps must be a whole number from 1"),
        ({"num_steps": None}, "num_steps must be a whole number from 1"),
        ({"init_scale": 1.0}, "init_seed must be a whole number from 0, not None"),
        ({"init_seed": 1}, "init_seed says which state is drawn, and with init_scale 0 none is"),
        (
            {"init_scale": False},
            "init_scale must be a number from 0 (the state before the first step is zeros) to 1000",
        ),
        ({"init_scale": -1}, "init_scale must be a number from 0"),
        ({"init_scale": None}, "init_scale must be a number: 0, and the state before the first step is zeros"),
        ({"init_scale": float("nan")}, "init_scale must be a number from 0"),
        ({"use_prj": True, "prj_dim": 8}, "family huginn has no use_prj"),
    ],
)
def test_settings(change, sentence):
    with pytest.raises(CheckpointError) as refused:
        CheckpointSettings.from_json({**SETTINGS, **change})
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"auto_map": {"AutoModelForCausalLM": "other.Other"}}, "asks for code of its own"),
        ({"rope_base": 10000}, "holds 'freqs_cis', a constant that the network computes of its config"),
        ({"n_heads": 3}, "n_embd 64 must be n_heads 3 times head_dim"),
        ({"num_key_value_heads": 2}, "every head has keys of its own"),
        ({"bias": True}, "'bias' must be false: its linear maps have no biases"),
        ({"test_time_noise": 0.1}, "'test_time_noise' must be 0: no noise is added at inference"),
        ({"rope_scaling": {"rope_type": "linear", "factor": 2.0}}, "'rope_scaling' must be null"),
        ({"rope_theta": 10000.0}, "rope_theta 10000.0 and rope_base 50000 are one number by two names"),
        ({"injection_type": "add"}, "'injection_type' must be one of linear"),
        ({"n_layers_in_coda": 2}, "tensors are missing for"),
        ({"padded_vocab_size": 599}, "it was trained with a vocabulary of 600 ids"),
    ],
)
def test_a_config_that_is_not_the_checkpoint_s(tmp_path, change, sentence):
    folder = copied(tmp_path)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **change}))
    with pytest.raises(CheckpointError) as refused:
        load_model(folder, settings=SETTINGS)
    assert sentence in str(refused.value)


def copied(folder):
    for path in shared("golden/huginn").iterdir():
        shutil.copy(path, folder / path.name)
    return folder


def test_a_published_config_s_own_words_and_a_file_without_the_constant(tmp_path):
    """As the hub's: heads by transformers' word, code in another repository, and no sizes that follow from others."""
    folder = copied(tmp_path)
    config = json.loads((folder / "config.json").read_text())
    config["num_attention_heads"] = config.pop("n_heads")
    for name in ("padded_vocab_size", "init_values", "head_dim"):
        del config[name]
    config["auto_map"] = {name: f"somebody/model--{value}" for name, value in config["auto_map"].items()}
    (folder / "config.json").write_text(json.dumps(config))
    weights = load_file(folder / "model.safetensors")
    del weights["freqs_cis"]
    save_file(weights, folder / "model.safetensors")
    again = load_model(folder, settings=SETTINGS)
    assert again.unused == {}
    assert again.fingerprint() == model().fingerprint()
    assert again.num_layers == model().num_layers


def test_a_tokenizer_that_ends_questions_is_refused(tmp_path):
    folder = copied(tmp_path)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer.save(str(folder / "tokenizer.json"))
    with pytest.raises(CheckpointError, match="its tokenizer writes the end-of-sequence token behind every question"):
        load_model(folder, settings=SETTINGS)


def test_another_family_s_base_is_refused_both_ways(tmp_path):
    other = {"family": "explicit_cot", "num_latent": 0, "question_suffix": ""}
    with pytest.raises(CheckpointError, match="which loops through a part of its network, and the family's do not"):
        load_model(shared("golden/huginn"), settings=other)
    save(write_base(tmp_path, "gpt2", added=0).state_dict(), tmp_path / "model.safetensors")
    with pytest.raises(CheckpointError, match="which passes once through its layers, and the family's do not"):
        load_model(tmp_path, settings=SETTINGS)


def test_without_settings_the_family_is_told_by_its_tensors():
    with pytest.raises(CheckpointError, match="its tensors are named as those of family huginn"):
        load_model(shared("golden/huginn"))


def test_what_only_the_answer_reads_is_certified_where_an_answer_is_its_end_alone():
    """Without ids around thoughts two answer tokens are looked at, and the first question's answer has one."""
    chosen, found = model(), expected()["conditions"]["baseline"]["tokens"]
    # Rows leave once they are done, and the others of the sample go on.
    asked = sorted(zip(problems(), found, strict=True), key=lambda pair: len(pair[1]))
    assert [len(tokens) for _, tokens in asked[:3]] == [1, 1, 2]
    control = Condition.from_json(
        {"name": "control", "interventions": [{"keys": "question-control", "readers": "answer"}]}
    )
    sample = [problem for problem, _ in (*asked[:2], *asked[-2:])]
    certified = certify(chosen, sample, [BASELINE, control], Decoding(max_new_tokens=4))
    assert {name: each.failure() for name, each in certified.items()} == {"baseline": None, "control": None}


def test_a_config_that_names_another_end_is_refused_in_a_sentence(tmp_path):
    folder = shutil.copytree(shared("golden/huginn"), tmp_path / "mine")
    config = json.loads((folder / "config.json").read_text())
    folder.chmod(0o755)
    (folder / "config.json").chmod(0o644)
    (folder / "config.json").write_text(json.dumps({**config, "eos_token_id": 5}))
    with pytest.raises(CheckpointError, match=r"says eos_token_id 5, which is .* in the tokenizer beside it"):
        load_model(folder, settings=SETTINGS)
