"""Answers after fewer thoughts: what they share, counted, and what they say, against the independent reference."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctlab.engine import attention, edge_factors, generate_batches
from ctlab.engine.control_token import control_position
from ctlab.engine.layout import Layout
from ctlab.engine.plan import plan
from ctlab.engine.prefix_tree import grow
from ctlab.errors import ConditionError, InputError
from ctlab.generation import measure
from ctlab.interventions import BASELINE, Condition, early_answers
from ctlab.models import load_model
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.engine.oracle import Oracle
from tests.engine.test_against_oracle import INTERVENTIONS, assert_same
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_coconut, write_codi

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
LAYOUT = Layout(begin=1, thoughts=3, end=1)
TOKENS = 4
THOUGHTS = 6
WAYS = {"codi": lambda folder: write_codi(folder, seed=5, kind="gpt2"), "coconut": write_coconut}


@pytest.fixture(scope="module", params=WAYS)
def answerer(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    form = WAYS[request.param](folder)
    oracle = Oracle.read(folder, json.loads((folder / "base" / "config.json").read_text()), form)
    return load_model(folder, settings=form, allow_pickle=True), oracle


def answers(model, conditions, problems=PROBLEMS, tokens=TOKENS, **options):
    found = {condition.name: {} for condition in conditions}
    for batch in generate_batches(model, problems, conditions, Decoding(max_new_tokens=tokens), **options):
        for name, generations in batch.items():
            found[name].update((each.problem_id, each.token_ids) for each in generations)
    return found


FORMS = st.lists(st.lists(INTERVENTIONS, min_size=1, max_size=2), min_size=1, max_size=1)


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(forms=FORMS, chosen=st.lists(st.integers(0, 3), min_size=1, max_size=2, unique=True))
def test_every_number_of_thoughts_answers_as_the_reference_does(answerer, forms, chosen):
    """Beside what goes on where they stop, with edges weakened or none; the reference thinks k thoughts and no more."""
    compare(answerer, forms, chosen)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(forms=FORMS, chosen=st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True))
def test_many_numbers_of_thoughts_answer_as_the_reference_does(answerer, forms, chosen):
    compare(answerer, forms, chosen)


def compare(answerer, forms, chosen):
    model, oracle = answerer
    conditions = []
    for number, form in enumerate([[], *forms]):
        for fed in (None, *range(THOUGHTS + 1)):
            more = {} if fed is None else {"num_thoughts": fed}
            try:
                given_ = {"name": f"c{number}_{fed}", "interventions": form, "no_op": True, **more}
                conditions.append(Condition.from_json(given_))
            except ConditionError:
                continue  # a thought that is not fed, or a reader before its key
    problems = [PROBLEMS[index] for index in chosen]
    try:
        found = answers(model, conditions, problems, batch_tokens=300)
    except ConditionError as error:
        reason = str(error)
    else:
        reason = None
    if reason is not None:
        assert "without any position to read" in reason
        return
    for condition in conditions:
        thinks = replace(oracle, settings={**oracle.settings, "num_latent": condition.fed(THOUGHTS)})
        for problem in problems:
            ids = model.encode(problem.question)
            named = any(edges.keys == "question-control" for edges in condition.on_edges)
            control = control_position(model, problem.id, ids) if named else None
            expected = thinks.answer(ids, condition.to_json()["interventions"], TOKENS, control=control)
            assert_same(found[condition.name][problem.id], *expected)


class Counting:
    """Positions that the network computes: rows times new positions."""

    def __init__(self, patch):
        self.positions, honest = 0, attention.forward

        def forward(network, embeddings, *rest):  # prompts go through it, too
            self.positions += embeddings.shape[0] * embeddings.shape[1]
            return honest(network, embeddings, *rest)

        patch.setattr(attention, "forward", forward)

    def of(self, work):
        before, result = self.positions, work()
        return self.positions - before, result


def test_each_thought_is_computed_once_for_all_answers(answerer, monkeypatch):
    model, _ = answerer
    counting, problem = Counting(monkeypatch), PROBLEMS[:1]
    early = list(early_answers(THOUGHTS).values())
    positions, _ = counting.of(lambda: answers(model, early, problem, tokens=1))
    before = len(model.encode(problem[0].question)) + len(model.begin_ids)
    assert positions == before + THOUGHTS + (THOUGHTS + 1) * len(model.end_ids)


def test_all_answers_together_are_less_than_half_of_their_work_apart(answerer, monkeypatch):
    model, _ = answerer
    counting, early = Counting(monkeypatch), list(early_answers(THOUGHTS).values())
    together, found = counting.of(lambda: answers(model, early))
    apart = [counting.of(lambda each=each: answers(model, [each])) for each in early]
    assert {name: each for _, answer in apart for name, each in answer.items()} == found
    work = [positions for positions, _ in apart]
    assert together <= sum(work[:-1]) / 2  # n conditions, the baseline not counted


def tree(*conditions):
    return grow(edge_factors.edge_factors(conditions, LAYOUT, layers=2, heads=2))


def test_an_early_answer_parts_before_end():
    found = tree(*early_answers(3).values())
    assert [len(level.parents) for level in found.levels] == [1] * 5 + [4, 4]
    assert [level.left_out for level in found.levels[-2:]] == [(3, 2, 1, 0)] * 2
    assert len(set(found.leaves)) == 4


def test_it_goes_along_with_whoever_does_the_same_and_feeds_more():
    hidden = Condition.from_json({"name": "hidden", "interventions": [{"keys": ["CT0"], "readers": "later"}]})
    early = replace(hidden, name="early", num_thoughts=2)
    later = replace(hidden, name="later", num_thoughts=1)
    for order in ((BASELINE, hidden, early, later), (later, early, hidden, BASELINE)):
        found = tree(*order)
        assert [len(level.parents) for level in found.levels][:5] == [1, 1, 1, 2, 2]
        branches = found.levels[4].branch_of
        own = {condition.name: branch for condition, branch in zip(order, branches, strict=True)}
        assert own["hidden"] == own["early"] != own["baseline"]
        assert own["later"] in (own["hidden"], own["baseline"])  # nobody reads CT0 before CT1


def test_a_thought_that_is_not_fed_is_not_one_that_is_hidden():
    hidden = Condition.from_json({"name": "hidden", "interventions": [{"keys": ["CT2"], "readers": "answer"}]})
    found = tree(hidden, Condition(name="after_2", num_thoughts=2))
    assert found.leaves[0] != found.leaves[1]  # end stands one position earlier


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"num_thoughts": 4}, "it feeds 4 thoughts .* this model feeds 3; name fewer"),
        ({"num_thoughts": 3}, "feeds 3 thoughts .* as this model does anyway: that is the baseline"),
        ({"num_thoughts": 1, "interventions": [{"keys": ["CT0"], "readers": ["CT0"]}]}, "weakens no attention edge"),
        (
            {"num_thoughts": 1, "interventions": [{"thoughts": ["CT0"], "by": "baseline"}]},
            "gives CT0 back, which nothing before it has disturbed",
        ),
    ],
)
def test_what_a_model_cannot_have_is_said(form, said):
    with pytest.raises(ConditionError, match=said):
        tree(Condition.from_json({"name": "early", **form}))


def test_without_an_end_marker_nothing_tells_the_model_to_answer():
    condition = Condition(name="early", num_thoughts=1)
    with pytest.raises(ConditionError, match="has no end marker that would tell it to"):
        edge_factors.edge_factors([condition], Layout(begin=1, thoughts=3, end=0), layers=1, heads=1)


def test_what_thoughts_read_is_measured_of_all_of_them(answerer):
    model, _ = answerer
    with pytest.raises(InputError, match="'after_2' feeds 2 of 6 thoughts"):
        measure(model, PROBLEMS[:1], [Condition(name="after_2", num_thoughts=2)])


def test_an_early_answer_is_not_the_undisturbed_run(answerer):
    model, _ = answerer
    planned = plan(model, PROBLEMS, list(early_answers(THOUGHTS).values()), Decoding(max_new_tokens=1))
    assert planned.conditions[planned.reference] == BASELINE
