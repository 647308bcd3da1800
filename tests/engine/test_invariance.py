"""An answer depends on nothing that happens to be computed beside it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctlab.engine.answers import generate_batches
from ctlab.engine.undisturbed_thoughts import activation_cache_of
from ctlab.interventions import Condition
from ctlab.models import load_model
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.models.checkpoints.making_checkpoints import write_codi

WORDS = [*"abcdefghijklmnopqrstuvwxyz", *(str(n) for n in range(30))]
FORMS = {
    "baseline": [],
    "ct0_blocked": [{"keys": ["CT0"], "readers": "later"}],
    "ct0_halved": [{"keys": ["CT0"], "readers": "later", "keep": 0.5}],
    "ct1_one_head": [{"keys": ["CT1"], "readers": "later", "heads": [1]}],
    "ct2_one_layer": [{"keys": ["CT2"], "readers": "answer", "layers": [1]}],
    "thoughts_hidden": [{"keys": "thoughts", "readers": "answer"}],
    "control": [{"keys": "question-control", "readers": "later"}],
    "question_hidden": [{"keys": "question", "readers": ["CT0"]}],
    "ct0_zeroed": [{"thoughts": ["CT0"], "by": "zero"}],
    "ct1_mean": [{"thoughts": ["CT1"], "by": "mean"}],
    "ct0_noise": [{"thoughts": ["CT0"], "by": "noise", "seed": 1}],
    "all_resampled": [{"thoughts": "all", "by": "resample"}],
    "ct2_decoded": [{"thoughts": ["CT2"], "by": "decoded"}],
    "ct2_given_back": [{"keys": ["CT0"], "readers": "later"}, {"thoughts": ["CT2"], "by": "baseline"}],
}
CONDITIONS = [Condition.from_json({"name": name, "interventions": form}) for name, form in FORMS.items()]
DECODING = Decoding(max_new_tokens=4)


@pytest.fixture(scope="module", params=[pytest.param("gpt2", marks=pytest.mark.slow), "llama"])
def model(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    return load_model(folder, settings=write_codi(folder, request.param, seed=5))


@pytest.fixture(scope="module")
def problems():
    import random

    draw = random.Random(1)
    texts = {" ".join(["a", *draw.choices(WORDS, k=draw.randint(2, 30))]) for _ in range(130)}
    return [Problem(question=text, gold=1) for text in sorted(texts)]


@pytest.fixture(scope="module")
def activations(model, problems):
    """What every problem thinks undisturbed."""
    return activation_cache_of(model, problems, DECODING)


@pytest.fixture(scope="module")
def alone(model, problems, activations):
    """Answers of each problem and condition on its own."""
    return {
        (problem.id, condition.name): answers(model, [problem], [condition], 1, activations)[problem.id, condition.name]
        for problem in problems[:10]
        for condition in CONDITIONS
    }


def answers(model, problems, conditions, budget, activations):
    batches = generate_batches(model, problems, conditions, DECODING, batch_tokens=budget, activations=activations)
    return {
        (each.problem_id, name): each.token_ids
        for batch in batches
        for name, generations in batch.items()
        for each in generations
    }


@pytest.mark.parametrize("size", [1, 7, 128])
def test_batch_size_does_not_matter(model, problems, activations, alone, size):
    budget = 1 if size == 1 else size * 400
    found = answers(model, problems[:size], CONDITIONS, budget, activations)
    assert len(found) == len(problems[:size]) * len(CONDITIONS)
    assert {key: tokens for key, tokens in found.items() if key in alone and tokens != alone[key]} == {}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(range(10)),
    count=st.integers(1, 10),
    beside=st.lists(st.integers(0, len(CONDITIONS) - 1), min_size=1, unique=True),
    budget=st.integers(1, 5000),
)
def test_neither_order_nor_batch_membership_matters(model, problems, activations, alone, order, count, beside, budget):
    chosen = [problems[index] for index in order[:count]]
    found = answers(model, chosen, [CONDITIONS[index] for index in beside], budget, activations)
    assert {key: tokens for key, tokens in found.items() if tokens != alone[key]} == {}


def test_answers_vary_enough_to_notice_a_mistake(alone):
    by_condition = {name: {tokens for (_, each), tokens in alone.items() if each == name} for name in FORMS}
    assert all(len(tokens) > 3 for tokens in by_condition.values())
    baseline = {problem: tokens for (problem, name), tokens in alone.items() if name == "baseline"}
    for name in FORMS:
        if name != "baseline":
            changed = [
                tokens for (problem, each), tokens in alone.items() if each == name and tokens != baseline[problem]
            ]
            assert changed, name
