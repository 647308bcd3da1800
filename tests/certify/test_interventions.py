"""Certificates hold for honest masks and fail for sabotaged ones."""

import json

import pytest
import torch

from ctlab.certify import certify
from ctlab.certify import interventions as certificates
from ctlab.engine import masks
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.problems import Problem
from ctlab.records import Certificate
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_codi

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
FORMS = {
    "ct0_blocked": [{"keys": ["CT0"], "readers": "later"}],
    "ct0_halved": [{"keys": ["CT0"], "readers": "later", "keep": 0.5}],
    "ct4_from_answer": [{"keys": ["CT4"], "readers": "answer"}],
    "ct1_itself": [{"keys": ["CT1"], "readers": ["CT2"], "self": True}],
    "one_layer": [{"keys": ["CT1"], "readers": "later", "layers": [1]}],
    "one_head": [{"keys": ["CT1"], "readers": "later", "heads": [0, 2]}],
    "control": [{"keys": "question-control", "readers": "later"}],
    "end_from_answer": [{"keys": ["end"], "readers": "answer"}],
    "end_halved": [{"keys": ["end", "CT5"], "readers": "later", "keep": 0.5}],
    "question_unread": [{"keys": "question", "readers": ["begin", "CT0"]}],
    "overlapping": [
        {"keys": ["CT0"], "readers": "later", "keep": 0.5},
        {"keys": "thoughts", "readers": "answer", "keep": 0.5},
    ],
}
CONDITIONS = [BASELINE, *(Condition.from_json({"name": name, "interventions": form}) for name, form in FORMS.items())]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("llama")
    return load_model(folder, settings=write_codi(folder, "llama", seed=2))


@pytest.fixture(scope="module")
def honest(model):
    return certify(model, PROBLEMS, CONDITIONS)


def test_every_condition_is_certified(model, honest):
    assert {name: each.failure() for name, each in honest.items()} == dict.fromkeys(["baseline", *FORMS])
    assert all(each.passed and each.model == model.digest for each in honest.values())


@pytest.mark.parametrize("kind", ["gpt2", "qwen2", "mistral"])
def test_every_condition_is_certified_on_other_networks(tmp_path, kind):
    model = load_model(tmp_path, settings=write_codi(tmp_path, kind, seed=2, remove_eos=False))
    found = certify(model, PROBLEMS, CONDITIONS)
    assert {name: each.failure() for name, each in found.items()} == dict.fromkeys(["baseline", *FORMS])


def test_edges_are_counted_up_to_end_for_the_whole_sample(honest):
    problems = honest["ct0_blocked"].problems
    assert problems == 4
    per_problem = {name: each.edges_removed / problems for name, each in honest.items()}
    assert per_problem["baseline"] == 0
    assert per_problem["ct0_blocked"] == 6  # CT1 … CT5 and end
    assert per_problem["ct4_from_answer"] == 1
    assert per_problem["ct1_itself"] == 2
    assert per_problem["one_layer"] == 5
    assert per_problem["end_from_answer"] == 1  # by the answer's first token, which is the first to read it
    assert honest["end_halved"].edges_weakened == problems * 1  # CT5 by end; end by no position before the answer
    assert (honest["ct0_halved"].edges_removed, honest["ct0_halved"].edges_weakened) == (0, 24)
    assert honest["overlapping"].edges_weakened == problems * (6 + 5)


def test_the_report_can_say_where_and_what(honest):
    assert honest["one_layer"].scope == "layers 1 and all heads"
    assert honest["one_head"].scope == "all layers and heads 0, 2"
    assert honest["ct0_blocked"].scope == "all layers and heads"
    names = {check.name for check in honest["ct0_blocked"].checks}
    assert names >= {"removed-edges-are-zero", "rows-sum-to-one", "weakened-edges-counted", "recomputed", "bites"}
    assert {check.name for check in honest["baseline"].checks} >= {"recomputed", "same-ids-alone"}
    for name in ("baseline", "ct0_blocked"):
        details = {check.name: check.detail for check in honest[name].checks}
        assert details["recomputed"].startswith("recomputed in one piece by code that shares nothing but the weights: ")
    form = json.loads(json.dumps(honest["overlapping"].to_json()))
    assert Certificate.from_json(form) == honest["overlapping"]


SABOTAGES = {
    "sign flipped": lambda keep: -torch.log(keep),
    "finite and inverted": lambda keep: torch.where(keep > 0, -10000.0, 0.0),
    "one position later": lambda keep: torch.log(keep.roll(1, dims=-1)),
    "one position earlier": lambda keep: torch.log(keep.roll(-1, dims=-1)),
    "nothing hidden": lambda keep: torch.log(torch.where(keep > 0, 1.0, 1.0)),
    "hidden, but not quite": lambda keep: torch.where(keep > 0, torch.log(keep), -20.0),
    "keep forgotten": lambda keep: torch.where(keep > 0, 0.0, -torch.inf),
}


SABOTAGED = [each for each in CONDITIONS if each.name in ("baseline", "ct0_blocked", "ct0_halved", "control")]


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_a_sabotaged_mask_fails(model, monkeypatch, sabotage):
    monkeypatch.setattr(masks, "additive", SABOTAGES[sabotage])
    found = certify(model, PROBLEMS, SABOTAGED)
    sound = {name for name, each in found.items() if each.passed}
    if sabotage == "keep forgotten":
        assert sound == set(found) - {"ct0_halved"}
    else:
        assert sound == set()
    assert all(each.failure() for name, each in found.items() if name not in sound)


@pytest.mark.parametrize("shift", [1, -1])
def test_shifting_only_what_is_hidden_fails_where_something_is_hidden(model, monkeypatch, shift):
    """The hidden column moves by one position, padding and causality stay right: the study's own off-by-one."""
    honest = masks.decode_columns

    def shifted(question, width, tail, device):
        columns = honest(question, width, tail, device)
        return torch.cat([columns[:question], columns[question:].roll(shift)])

    monkeypatch.setattr(masks, "decode_columns", shifted)
    found = certify(model, PROBLEMS, CONDITIONS)
    failed = {name for name, each in found.items() if not each.passed}
    assert failed >= {"ct0_blocked", "ct0_halved", "ct4_from_answer", "ct1_itself", "one_layer", "one_head"}
    assert found["baseline"].passed


def test_a_control_that_hides_padding_removes_no_visible_edge(model, monkeypatch):
    """Engine and certificate agree on the position left of the question, where a row that is padded has padding."""
    monkeypatch.setattr("ctlab.engine.plan.control_position", lambda *_: -1)
    monkeypatch.setattr("ctlab.certify.expected_edges.control_token", lambda *_: -1)
    control = next(each for each in CONDITIONS if each.name == "control")
    found = certify(model, PROBLEMS, [next(each for each in CONDITIONS if each.name == "baseline"), control])["control"]
    failed = {check.name: check.detail for check in found.checks if not check.passed}
    assert failed["every-row-loses-an-edge"] == "it removed no visible edge in 4 of 4 rows"


def test_a_mask_that_a_layer_ignores_fails(model, monkeypatch):
    from ctlab.engine.decode_step import DecodeStep

    honest = DecodeStep.attend

    def attend(self, layer, query, key, value, scale):
        if layer == 1:
            self.masks = [torch.zeros_like(each) for each in self.masks]
        return honest(self, layer, query, key, value, scale)

    monkeypatch.setattr(DecodeStep, "attend", attend)
    assert not certify(model, PROBLEMS, CONDITIONS[:2])["ct0_blocked"].passed


def test_weights_may_be_right_and_the_output_wrong(model, monkeypatch):
    """Only the recompute in one piece notices values that are read from the wrong place."""
    from ctlab.engine.kv_cache import Grid

    honest = Grid.collect
    monkeypatch.setattr(Grid, "collect", lambda self, slots: honest(self, slots).flip(0))
    failed = certify(model, PROBLEMS, CONDITIONS[:2])["ct0_blocked"].failure()
    assert failed is not None
    assert "recomputed" in failed


def outcomes_of(certificate):
    return {check.name: check.passed for check in certificate.checks}


def test_answers_that_depend_on_what_else_is_in_the_batch_fail(model):
    """Every row is as the others are, and none is what the problem gets alone."""

    def together(module, args, output):
        return output.roll(1, dims=-1) if len(output) > 1 else output

    handle = model.network.base_model.layers[-1].mlp.register_forward_hook(together)
    try:
        found = outcomes_of(certify(model, PROBLEMS, [BASELINE])["baseline"])
    finally:
        handle.remove()
    assert found["same-ids-alone"] is False
    assert found["weights-as-said"] is True


def test_a_logit_that_is_no_number_is_no_move(model):
    """One problem's states overflow; that the other's logits move says nothing of it."""
    poisoned = model.encode(QUESTIONS[3])[1]
    assert poisoned not in model.encode(QUESTIONS[0])

    def overflow(module, args, output):
        return torch.where((args[0] == poisoned)[..., None], torch.nan, output)

    handle = model.network.get_input_embeddings().register_forward_hook(overflow)
    try:
        found = certify(model, [PROBLEMS[0], PROBLEMS[3]], CONDITIONS[:2])["ct0_blocked"]
    finally:
        handle.remove()
    assert "change in 1 of 2 sampled problems" in next(check.detail for check in found.checks if check.name == "bites")
    assert outcomes_of(found)["bites"] is False


def test_two_conditions_with_the_same_edges_are_reported_as_one(model):
    twin = Condition.from_json(
        {
            "name": "twin",
            "interventions": [
                {"keys": ["CT0"], "readers": ["CT1", "CT2", "CT3", "CT4", "CT5"]},
                {"keys": ["CT0"], "readers": "answer"},
            ],
        }
    )
    found = certify(model, PROBLEMS, [BASELINE, CONDITIONS[1], twin])
    assert found["twin"].identical_to == "ct0_blocked"
    assert found["ct0_blocked"].identical_to is None
    assert found["twin"].passed


def test_a_declared_no_op_is_certified_as_one(model):
    control = Condition.from_json(
        {"name": "nothing", "interventions": [{"keys": ["CT5"], "readers": "thoughts"}], "no_op": True}
    )
    found = certify(model, PROBLEMS, [control])["nothing"]
    assert found.passed
    assert (found.edges_removed, found.edges_weakened) == (0, 0)
    assert "no-op" in {check.name for check in found.checks}


def test_a_declared_no_op_that_does_something_fails(model):
    liar = Condition.from_json({"name": "liar", "interventions": FORMS["ct0_blocked"], "no_op": True})
    assert "no-op" in (certify(model, PROBLEMS, [liar])["liar"].failure() or "")


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize(
    "form",
    [
        {"keys": ["CT0"], "readers": ["CT5"], "keep": 0.999},
        {"thoughts": ["CT5"], "by": "noise"},
        {"thoughts": ["CT0"], "by": "mean"},
    ],
    ids=str,
)
def test_no_precision_is_an_excuse_for_a_no_op_that_does_something(model, dtype, form):
    liar = Condition.from_json({"name": "liar", "interventions": [form], "no_op": True})
    assert "no-op" in (certify(model.cast(dtype), PROBLEMS, [liar])["liar"].failure() or "")


def test_many_conditions_are_watched_a_few_at_a_time(model, monkeypatch):
    monkeypatch.setattr(certificates, "_AT_ONCE", 2)
    assert {name: each.passed for name, each in certify(model, PROBLEMS, CONDITIONS[:5]).items()} == dict.fromkeys(
        [each.name for each in CONDITIONS[:5]], True
    )


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_problems_are_enough(model, count):
    found = certify(model, PROBLEMS[:count], CONDITIONS[:2])
    assert found["ct0_blocked"].problems == count
    assert found["ct0_blocked"].passed


@pytest.mark.parametrize("dtype", ["float64", "bfloat16"])
def test_other_precisions_are_certified_with_their_own_rounding(model, dtype):
    found = certify(model.cast(dtype), PROBLEMS, CONDITIONS)
    assert {name: each.failure() for name, each in found.items()} == dict.fromkeys(["baseline", *FORMS])
    assert dtype in found["baseline"].backend


def test_the_networks_own_attention_is_put_back(model, honest):
    assert model.network.config._attn_implementation == "sdpa"
