"""The engine against the independent reference, for random conditions on every kind of checkpoint."""

import json
import zlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctlab.engine.answers import generate_batches
from ctlab.engine.control_token import control_position
from ctlab.errors import ConditionError
from ctlab.interventions import Condition
from ctlab.models import load_model
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.engine.oracle import Oracle
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_coconut, write_codi

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
TOKENS = 5
KINDS: dict[str, dict[str, Any]] = {
    "gpt2": {"kind": "gpt2"},
    "gpt2-eos-no-ln": {"kind": "gpt2", "remove_eos": False, "prj_no_ln": True},
    "llama-grouped": {"kind": "llama"},
    "llama-untied": {"kind": "llama", "tied": False},
    "llama-no-projection": {"kind": "llama", "use_prj": False, "remove_eos": False},
    "qwen2": {"kind": "qwen2", "remove_eos": False},
    "mistral-no-lora": {"kind": "mistral", "lora_r": 0},
    "coconut": {},
}

MANY_IN_THE_GATE = ("llama-untied", "coconut")
"""Of the others the gate answers few conditions, and `make long` many."""


@pytest.fixture(scope="module", params=KINDS)
def answerer(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    seed = zlib.crc32(request.param.encode()) % 1000
    if request.param == "coconut":
        form = write_coconut(folder, seed=seed)
    else:
        form = write_codi(folder, seed=seed, **KINDS[request.param])
    config = json.loads((folder / "base" / "config.json").read_text())
    oracle = Oracle.read(folder, config, form)
    return load_model(folder, settings=form, allow_pickle=True), oracle


POSITIONS = ["begin", *(f"CT{k}" for k in range(6)), "end"]
INTERVENTIONS = st.fixed_dictionaries(
    {
        "keys": st.one_of(
            st.lists(st.sampled_from(POSITIONS), min_size=1, max_size=3, unique=True),
            st.sampled_from(["thoughts", "question", "question-control"]),
        ),
        "readers": st.one_of(
            st.sampled_from(["later", "thoughts", "answer"]),
            st.lists(st.sampled_from(POSITIONS), min_size=1, max_size=3, unique=True),
        ),
    },
    optional={
        "self": st.booleans(),
        "keep": st.sampled_from([0, 0.25, 0.5, 0.9]),
        "layers": st.lists(st.integers(0, 2), min_size=1, max_size=2, unique=True),
        "heads": st.lists(st.integers(0, 3), min_size=1, max_size=2, unique=True),
    },
)


FORMS = st.lists(st.lists(INTERVENTIONS, max_size=2), min_size=1, max_size=4)
CHOSEN = st.lists(st.integers(0, len(PROBLEMS) - 1), min_size=1, max_size=4, unique=True)
SHARED = [HealthCheck.function_scoped_fixture]


@settings(max_examples=8, deadline=None, suppress_health_check=SHARED)
@given(forms=FORMS, chosen=CHOSEN)
def test_random_conditions_answer_as_the_reference_does(answerer, forms, chosen):
    compare(answerer, forms, chosen)


@pytest.mark.parametrize(
    "answerer",
    [pytest.param(kind, marks=pytest.mark.slow if kind in MANY_IN_THE_GATE else pytest.mark.long) for kind in KINDS],
    indirect=True,
)
@settings(max_examples=100, deadline=None, suppress_health_check=SHARED)
@given(forms=FORMS, chosen=CHOSEN)
def test_many_random_conditions_answer_as_the_reference_does(answerer, forms, chosen):
    compare(answerer, forms, chosen)


def compare(answerer, forms, chosen):
    model, oracle = answerer
    conditions = [condition for number, form in enumerate(forms) if (condition := readable(f"c{number}", form))]
    problems = [PROBLEMS[index] for index in chosen]
    decoding = Decoding(max_new_tokens=TOKENS)
    try:
        batches = list(generate_batches(model, problems, conditions, decoding, batch_tokens=200))
    except ConditionError as error:
        reason = str(error)
    else:
        reason = None
    if reason is not None:
        assert "without any position to read" in reason
        return
    for condition in conditions:
        found = {each.problem_id: each.token_ids for batch in batches for each in batch[condition.name]}
        for problem in problems:
            ids = model.encode(problem.question)
            control = control_position(model, problem.id, ids)
            expected = oracle.answer(ids, condition.to_json()["interventions"], TOKENS, control=control)
            assert_same(found[problem.id], *expected)


def readable(name, form):
    try:
        return Condition.from_json({"name": name, "interventions": form, "no_op": True})
    except ConditionError:
        return None  # a listed reader that comes before its key


def assert_same(found, tokens, margins):
    for index, (token, margin) in enumerate(zip(tokens, margins, strict=True)):
        if margin < 1e-4:
            return
        assert found[index] == token, (found, tokens, margins)
    assert len(found) == len(tokens)


def test_the_reference_refuses_nothing_that_the_engine_answers(answerer):
    model, oracle = answerer
    everything = [{"keys": "thoughts", "readers": "later"}, {"keys": "question", "readers": ["CT0"], "keep": 0.5}]
    condition = Condition.from_json({"name": "both", "interventions": everything})
    batches = list(generate_batches(model, PROBLEMS, [condition], Decoding(max_new_tokens=TOKENS)))
    found = {each.problem_id: each.token_ids for batch in batches for each in batch["both"]}
    for problem in PROBLEMS:
        assert_same(found[problem.id], *oracle.answer(model.encode(problem.question), everything, TOKENS))
