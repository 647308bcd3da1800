"""A model that hides edges under every condition: certificates count only what a condition adds."""

import json

import pytest

import ctlab
from ctlab.certify import certify
from ctlab.engine import masks
from ctlab.engine.answers import generate_batches
from ctlab.engine.plan import plan
from ctlab.errors import ConditionError
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.engine.oracle import Oracle
from tests.engine.test_against_oracle import assert_same
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_codi

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
HIDDEN = [{"keys": "question", "readers": "answer"}, {"keys": ["CT1"], "readers": ["CT2"], "keep": 0.5, "layers": [1]}]
FORMS = {
    "ct0_blocked": [{"keys": ["CT0"], "readers": "later"}],
    "question_from_end": [{"keys": "question", "readers": ["CT5", "end"]}],
    "ct1_weaker": [{"keys": ["CT1"], "readers": ["CT2"], "keep": 0.5, "heads": [0]}],
}
CONDITIONS = [BASELINE, *(Condition.from_json({"name": name, "interventions": form}) for name, form in FORMS.items())]


@pytest.fixture(scope="module", params=["llama", "gpt2"])
def folder(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    form = write_codi(folder, request.param, seed=3)
    (folder / "ctlab.json").write_text(json.dumps(form))
    return folder


@pytest.fixture(scope="module")
def blind(folder):
    return load_model(folder, settings={"hidden": HIDDEN})


def test_certificates_hold_and_count_what_a_condition_adds(blind):
    found = certify(blind, PROBLEMS, CONDITIONS)
    assert {name: each.failure() for name, each in found.items()} == dict.fromkeys(["baseline", *FORMS])
    assert (found["baseline"].edges_removed, found["baseline"].edges_weakened) == (0, 0)
    assert "recomputed" in {check.name for check in found["baseline"].checks}  # a plain forward pass would see more
    problems = found["ct0_blocked"].problems
    assert found["ct0_blocked"].edges_removed == 6 * problems
    assert found["ct1_weaker"].edges_weakened == problems
    asked = sorted(len(blind.encode(question)) for question in QUESTIONS)
    assert found["question_from_end"].edges_removed in range(problems * asked[0], problems * asked[-1])


def test_a_mask_that_forgets_what_the_model_hides_fails(blind, monkeypatch):
    honest = masks.decode_factors

    def forgetful(kinds, columns, question, control):
        keep = honest(kinds, columns, question, control)
        keep[..., :question] = 1
        return keep

    monkeypatch.setattr(masks, "decode_factors", forgetful)
    assert "removed-edges-are-zero" in (certify(blind, PROBLEMS, [BASELINE])["baseline"].failure() or "")


def test_answers_are_those_of_the_reference_that_hides_the_same(folder, blind):
    settings = json.loads((folder / "ctlab.json").read_text())
    oracle = Oracle.read(folder, json.loads((folder / "base" / "config.json").read_text()), settings)
    batches = list(generate_batches(blind, PROBLEMS, CONDITIONS, Decoding(max_new_tokens=5)))
    for condition in CONDITIONS:
        found = {each.problem_id: each.token_ids for batch in batches for each in batch[condition.name]}
        for problem in PROBLEMS:
            interventions = [*HIDDEN, *condition.to_json()["interventions"]]
            assert_same(found[problem.id], *oracle.answer(blind.encode(problem.question), interventions, 5))


def test_a_condition_that_only_repeats_what_the_model_hides_is_refused(blind):
    again = Condition.from_json({"name": "again", "interventions": [{"keys": "question", "readers": "answer"}]})
    with pytest.raises(ConditionError, match=r"'again' weakens no attention edge: .*the model hides these edges"):
        plan(blind, PROBLEMS, [again], Decoding())


def test_layers_that_the_model_does_not_have_are_named(folder):
    wrong = load_model(folder, settings={"hidden": [{"keys": ["CT1"], "readers": "later", "layers": [7]}]})
    with pytest.raises(ConditionError, match="the model's setting 'hidden': layer 7 does not exist"):
        plan(wrong, PROBLEMS, [BASELINE], Decoding())


def test_what_is_hidden_is_part_of_the_models_identity(folder, blind):
    open_ = load_model(folder)
    assert open_.digest != blind.digest
    assert open_.digest == load_model(folder, settings={"hidden": []}).digest


def test_the_blind_model_answers_every_problem_alike_without_its_thoughts():
    model = load_model("tiny-blind")
    assert (model.name, model.digest != load_model("tiny").digest) == ("tiny-blind", True)
    problems = ctlab.load_problems("tiny")[:40]
    condition = Condition.from_json(
        {"name": "thoughts_blocked", "interventions": [{"keys": "thoughts", "readers": "answer"}]}
    )
    runs = ctlab.generate(model, problems, [BASELINE, condition])
    assert all(each.passed for each in runs.certificates.values())
    assert len({each.token_ids for each in runs["thoughts_blocked"]}) == 1
    assert len({each.token_ids for each in runs["baseline"]}) > 10
