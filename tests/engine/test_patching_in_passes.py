"""Replaced thoughts of a model that passes over them several times, against the independent reference in float64.

What is drawn from other problems or given back is their thought *of the same pass*: the reference counts what is fed
pass by pass, and replaces each by the rule of its way.
"""

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ctlab
from ctlab.certify import audited_batches, certify
from ctlab.engine import undisturbed_thoughts
from ctlab.engine.undisturbed_thoughts import activation_cache_of
from ctlab.interventions import Condition
from ctlab.interventions.patch_kind import Run, Source
from ctlab.interventions.patches import PATCH_KINDS
from tests.certify.test_passes import PASSES, THOUGHTS
from tests.engine.test_passes_against_oracle import both  # noqa: F401
from tests.engine.test_thought_patching import DECODING, PROBLEMS, WAYS, Reference, compare, readable
from tests.interventions.ways import way_form

NOTHING_MADE = {Source.DECODED, Source.WITHIN_COMPONENTS, Source.DIFFERENCE}
"""In pass 0 all problems are fed one placeholder."""
IN_PASS_0 = [by for by in WAYS if not NOTHING_MADE & {*PATCH_KINDS[by].sources}]
DRAWING = [by for by in WAYS if Run.OTHERS in {source.run for source in PATCH_KINDS[by].sources}]


class InPasses(Reference):
    """Thoughts are numbered pass by pass; a direction is the thought's own, whatever the pass."""

    def numbers(self, form):
        chosen = [k for k in range(THOUGHTS) if form["thoughts"] == "all" or f"CT{k}" in form["thoughts"]]
        first = 0 if form.get("first_pass") else 1
        return [number * THOUGHTS + k for number in range(first, 1 + PASSES) for k in chosen]

    def direction(self, problem_id, thought, seed, width):
        return super().direction(problem_id, thought % THOUGHTS, seed, width)

    def number_of(self, thought):
        return thought % THOUGHTS


@pytest.fixture(scope="module")
def answerer(both):  # noqa: F811
    model = both[0].cast("float64")
    return model, InPasses(both[1], model, PROBLEMS)


@pytest.mark.parametrize("thoughts", [["CT0"], ["CT1", "CT3"]], ids=str)
def test_each_way_answers_as_the_reference_does(answerer, thoughts):
    forms = [[way_form(by, thoughts)] for by in WAYS]
    forms += [[way_form(by, thoughts, first_pass=True)] for by in IN_PASS_0]
    found = compare(answerer, [[], *forms])
    assert sum(answers != found["c0"] for answers in found.values()) > len(forms) / 2


def test_hiding_and_giving_back_answer_as_the_reference_does(answerer):
    hide, last = ({"keys": ["CT0"], "readers": "later", **more} for more in ({}, {"passes": "last"}))
    compare(
        answerer,
        [
            [hide, way_form("baseline", ["CT2"])],
            [hide, way_form("matched", ["CT2"], seed=1)],
            [last, way_form("resample", ["CT1", "CT3"], first_pass=True)],
            [way_form("matched", ["CT0"]), way_form("baseline", ["CT2"])],
        ],
    )


REPLACEMENTS = st.builds(
    lambda thoughts, by, seed, first: way_form(
        by,
        thoughts,
        **({"seed": seed} if PATCH_KINDS[by].seeded else {}),
        **({"first_pass": True} if first and by in IN_PASS_0 else {}),
    ),
    st.lists(st.sampled_from([f"CT{k}" for k in range(THOUGHTS)]), min_size=1, max_size=2, unique=True),
    st.sampled_from(WAYS),
    st.integers(0, 2),
    st.booleans(),
)
FORMS = st.lists(st.lists(REPLACEMENTS, min_size=1, max_size=3), min_size=1, max_size=4)


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(forms=FORMS, budget=st.sampled_from([1, 400, 4000]))
def test_random_mixtures_answer_as_the_reference_does(answerer, forms, budget):
    if fed_once := [form for form in forms if readable(form)]:
        compare(answerer, fed_once, budget)


def test_the_activation_cache_holds_every_pass(answerer):
    model, reference = answerer
    activations = activation_cache_of(model, PROBLEMS, DECODING, batch_tokens=200)
    for problem in PROBLEMS:
        undisturbed = reference.undisturbed[problem.id]
        assert undisturbed.shape == ((1 + PASSES) * THOUGHTS, model.network.config.hidden_size)
        torch.testing.assert_close(torch.from_numpy(activations.of(problem.id)), undisturbed, atol=1e-6, rtol=0)


def condition(by, thoughts, **asked):
    return Condition.from_json({"name": by.replace("-", "_"), "interventions": [way_form(by, thoughts, **asked)]})


def conditions():
    return [condition(by, ["CT1", "CT2"]) for by in DRAWING]


def test_what_is_drawn_is_certified_and_audited(answerer):
    model = answerer[0]
    found = certify(model, PROBLEMS, conditions(), DECODING)
    assert {name: each.failure() for name, each in found.items()} == dict.fromkeys(found)
    for batch in audited_batches(model, PROBLEMS, conditions(), DECODING):
        assert [audit.failure for audit in batch.audits.values()] == [""] * len(DRAWING)


def test_answers_name_their_donors(answerer):
    model, reference = answerer
    runs = ctlab.generate(model, PROBLEMS, [each for each in conditions() if each.matching], max_new_tokens=2)
    for name, answers in runs.items():
        donors = {problem.id: reference.donor(problem.id, 0, same=name == "matched_same") for problem in PROBLEMS}
        assert {answer.problem_id: answer.donor or None for answer in answers} == donors
        assert set(donors.values()) != {None}


@pytest.mark.parametrize("by", DRAWING)
def test_a_thought_of_another_pass_is_found(answerer, monkeypatch, by):
    honest = undisturbed_thoughts.ThoughtRecorder.thoughts

    def first_and_second_exchanged(self):
        fed = honest(self)
        return fed.reshape(len(fed), 1 + PASSES, THOUGHTS, -1)[:, [0, 2, 1]].reshape(fed.shape)

    monkeypatch.setattr(undisturbed_thoughts.ThoughtRecorder, "thoughts", first_and_second_exchanged)
    (found,) = certify(answerer[0], PROBLEMS, [condition(by, ["CT2"])], DECODING).values()
    assert "undisturbed-thoughts" in found.failure()
