"""Models in which nothing stands before the thoughts, nothing after them, or no thought at all: against the oracle."""

import json
from dataclasses import dataclass, fields, replace

import pytest

from ctlab.certify import audited_batches, certify
from ctlab.engine import rollout
from ctlab.engine.answers import generate_batches
from ctlab.engine.control_token import control_position
from ctlab.engine.plan import plan
from ctlab.errors import ConditionError, InputError
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.models.reasoner import LatentReasoner
from ctlab.models.thought_program import ThoughtProgram
from ctlab.probes.measuring import measure
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.engine.oracle import Oracle
from tests.engine.test_against_oracle import assert_same
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_codi

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
TOKENS = 5
SHAPES = {
    "explicit": (0, 0, 0),
    "bare": (0, 3, 0),
    "no-begin": (0, 2, 1),
    "no-end": (1, 2, 0),
    "no-thoughts": (1, 0, 2),
}
FORMS = {
    "baseline": [],
    "control_hidden": [{"keys": "question-control", "readers": "answer"}],
    "question_halved": [{"keys": "question", "readers": "later", "keep": 0.5, "layers": [0, 2]}],
    "itself_weakened": [{"keys": "question-control", "readers": "later", "self": True, "keep": 0.25, "heads": [1]}],
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reshaped(LatentReasoner):
    """A model with another frame, and fewer thoughts."""

    thoughts: int = 0

    @property
    def program(self):
        return ThoughtProgram(slots=LatentReasoner.program.fget(self).slots[: self.thoughts])


class ReshapedOracle(Oracle):
    def _ids(self):
        begin, end, eos, considered = Oracle._ids(self)
        return (begin * 2)[: self.settings["shape"][0]], (end * 2)[: self.settings["shape"][2]], eos, considered


@pytest.fixture(scope="module", params=["gpt2", pytest.param("llama", marks=pytest.mark.slow)])
def written(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    form = write_codi(folder, request.param, seed=5)
    config = json.loads((folder / "base" / "config.json").read_text())
    return load_model(folder, settings=form), ReshapedOracle.read(folder, config, form)


@pytest.fixture(params=SHAPES)
def model_and_oracle(written, request):
    model, oracle = written
    begin, thoughts, end = SHAPES[request.param]
    given = {field.name: getattr(model, field.name) for field in fields(model)}
    given |= {"begin_ids": (model.begin_ids * 2)[:begin], "end_ids": (model.end_ids * 2)[:end]}
    settings = {**oracle.settings, "num_latent": thoughts, "shape": SHAPES[request.param]}
    return Reshaped(**given, thoughts=thoughts), replace(oracle, settings=settings)


def conditions(model):
    forms = dict(FORMS)
    if model.num_thoughts:
        forms["ct0_hidden"] = [{"keys": ["CT0"], "readers": "later"}]
    return [Condition.from_json({"name": name, "interventions": form}) for name, form in forms.items()]


@pytest.mark.parametrize("batch_tokens", [pytest.param(1, marks=pytest.mark.slow), None])
def test_answers_are_the_reference_s(model_and_oracle, batch_tokens):
    model, oracle = model_and_oracle
    chosen = conditions(model)
    decoding = Decoding(max_new_tokens=TOKENS)
    batches = list(generate_batches(model, PROBLEMS, chosen, decoding, batch_tokens=batch_tokens))
    for condition in chosen:
        found = {each.problem_id: each.token_ids for batch in batches for each in batch[condition.name]}
        for problem in PROBLEMS:
            ids = model.encode(problem.question)
            control = control_position(model, problem.id, ids)
            expected = oracle.answer(ids, condition.to_json()["interventions"], TOKENS, control=control)
            assert_same(found[problem.id], *expected)


def test_they_are_certified_and_audited(model_and_oracle):
    model, _ = model_and_oracle
    no_op = Condition.from_json(
        {"name": "no_op", "interventions": [{"keys": "question", "readers": "answer", "keep": 1.0}], "no_op": True}
    )
    chosen = [*conditions(model), no_op]
    certificates = certify(model, PROBLEMS, chosen, Decoding(max_new_tokens=TOKENS))
    assert {name: each.failure() for name, each in certificates.items()} == {each.name: None for each in chosen}
    for batch in audited_batches(model, PROBLEMS, chosen, Decoding(max_new_tokens=TOKENS)):
        assert [audit.failure for audit in batch.audits.values()] == [""] * len(chosen)
        assert sum(audit.rows for audit in batch.audits.values()) > 0


def test_a_state_of_another_problem_is_found(model_and_oracle, monkeypatch):
    """Where no begin stands, the question's last state is handed on: here, to the next row."""
    model, _ = model_and_oracle
    honest = rollout.prefill

    def rolled(*given, **named):
        cache, position, states = honest(*given, **named)
        return cache, position, states.roll(1, 0)

    monkeypatch.setattr(rollout, "prefill", rolled)
    failure = certify(model, PROBLEMS, [BASELINE], Decoding(max_new_tokens=TOKENS))["baseline"].failure()
    assert (failure is None) == bool(model.begin_ids)


def test_what_is_not_there_is_said(model_and_oracle):
    model, _ = model_and_oracle
    asked = {"begin": {"keys": ["begin"], "readers": "later"}, "end": {"keys": "question", "readers": ["end"]}}
    for name, form in asked.items():
        condition = Condition.from_json({"name": "it", "interventions": [form]})
        if not getattr(model, f"{name}_ids"):
            with pytest.raises(ConditionError, match=f"{name} does not exist"):
                plan(model, PROBLEMS, [condition], Decoding())
    if not model.num_thoughts:
        for form in ({"keys": ["CT0"], "readers": "later"}, {"thoughts": "all", "by": "zero"}):
            with pytest.raises(ConditionError, match="thoughts"):
                plan(model, PROBLEMS, [Condition.from_json({"name": "it", "interventions": [form]})], Decoding())
    with pytest.raises(InputError, match=r"this model has no (begin|thoughts|end)"):
        measure(model, PROBLEMS, [BASELINE])
