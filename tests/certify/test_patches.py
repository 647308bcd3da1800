"""Certificates of replaced thoughts hold for an honest engine and fail for a sabotaged one."""

from functools import partial

import numpy as np
import pytest
import torch

from ctlab.certify import certify
from ctlab.certify.patches import donor
from ctlab.engine import activation_cache as bank
from ctlab.engine import prefix_tree as branches
from ctlab.engine import thought_patching as replacing
from ctlab.engine.activation_cache import Bank, ThoughtsSeen
from ctlab.engine.plan import bank_of
from ctlab.engine.rollout import Rollout
from ctlab.engine.thought_patching import Replacing
from ctlab.interventions import BASELINE, Condition
from ctlab.interventions.resample_sources import direction, donors_of
from ctlab.models import load_model
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_coconut, write_codi

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
HIDE = {"keys": ["CT0"], "readers": "later"}
FORMS = {
    "zero": [{"thoughts": ["CT0"], "by": "zero"}],
    "mean": [{"thoughts": ["CT0"], "by": "mean"}],
    "noise": [{"thoughts": ["CT0", "CT3"], "by": "noise", "seed": 2}],
    "resample": [{"thoughts": ["CT0"], "by": "resample"}],
    "decoded": [{"thoughts": ["CT0"], "by": "decoded"}],
    "given": [HIDE, {"thoughts": ["CT2", "CT3"], "by": "baseline"}],
    "every": [{"thoughts": "all", "by": "resample", "seed": 1}],
}
CONDITIONS = [
    BASELINE,
    *(Condition.from_json({"name": f"by_{name}", "interventions": form}) for name, form in FORMS.items()),
    Condition.from_json({"name": "by_self", "interventions": [{"thoughts": ["CT0"], "by": "self"}], "no_op": True}),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("llama")
    return load_model(folder, settings=write_codi(folder, "llama", seed=2))


@pytest.fixture(scope="module")
def honest(model):
    return certify(model, PROBLEMS, CONDITIONS)


def passed(certificates):
    return {name: each.failure() for name, each in certificates.items()} == dict.fromkeys(
        each.name for each in CONDITIONS
    )


def failed(certificates):
    return {name.removeprefix("by_") for name, each in certificates.items() if not each.passed}


def test_every_way_is_certified(honest):
    assert passed(honest)
    names = {name: {check.name for check in each.checks} for name, each in honest.items()}
    assert all("replaced-as-said" in names[f"by_{way}"] for way in FORMS)
    given = {way for way in [*FORMS, "self"] if "undisturbed-thoughts" in names[f"by_{way}"]}
    assert given == {"mean", "resample", "every", "given", "self"}
    assert "no-op" in names["by_self"]
    assert "replaced-as-said" not in names["baseline"]


def test_replaced_thoughts_are_counted_over_the_sample(honest):
    counted = {way: honest[f"by_{way}"].thoughts_replaced for way in [*FORMS, "self"]}
    assert counted == {
        "zero": 4,
        "mean": 4,
        "noise": 8,
        "resample": 4,
        "decoded": 4,
        "given": 8,
        "every": 24,
        "self": 0,
    }
    assert {honest[f"by_{way}"].edges_weakened for way in FORMS if way != "given"} == {0}
    assert honest["by_given"].edges_weakened == 24
    assert honest["baseline"].thoughts_replaced == 0
    assert {way for way in [*FORMS, "self"] if honest[f"by_{way}"].treats} == set(FORMS)


@pytest.mark.parametrize("kind", ["gpt2", "qwen2", "coconut"])
def test_every_way_is_certified_on_other_networks(tmp_path, kind):
    form = (
        write_coconut(tmp_path, seed=2) if kind == "coconut" else write_codi(tmp_path, kind, seed=2, remove_eos=False)
    )
    assert passed(certify(load_model(tmp_path, settings=form, allow_pickle=True), PROBLEMS, CONDITIONS))


@pytest.mark.parametrize("dtype", ["float64", "bfloat16"])
def test_every_way_is_certified_in_other_precisions(model, dtype):
    assert passed(certify(model.cast(dtype), PROBLEMS, CONDITIONS))


def test_as_published_too(model):
    found = certify(model, PROBLEMS, CONDITIONS, Decoding(padding="as-published", max_new_tokens=4))
    assert passed(found)


@pytest.mark.parametrize(
    "hidden",
    [{"keys": "question", "readers": "answer"}, {"keys": ["CT0"], "readers": ["CT2"]}],
    ids=["answer", "thought"],
)
def test_a_model_that_hides_edges_itself_is_recomputed_with_them(tmp_path, hidden):
    settings = {**write_codi(tmp_path, "llama", seed=2), "hidden": [hidden]}
    assert passed(certify(load_model(tmp_path, settings=settings), PROBLEMS, CONDITIONS))


def test_a_part_is_certified_with_the_bank_of_the_whole(model):
    whole = bank_of(model, PROBLEMS, Decoding())
    assert passed(certify(model, PROBLEMS[:3], CONDITIONS, bank=whole))


def test_the_plain_donor_is_the_engines():
    ids = [f"p{n}" for n in range(30)]
    for seed in range(3):
        assert {each: donor(each, ids, seed) for each in ids} == donors_of(ids, seed)


DRAWN = {"resample", "every"}


def shift_feeds(by):
    def feed(feeds, segment):
        thought = segment - branches.FIRST_THOUGHT - by
        return feeds[thought] if 0 <= thought < len(feeds) else None

    return feed


@pytest.mark.parametrize("by", [1, -1])
def test_a_swap_shifted_by_one_step_fails(model, monkeypatch, by):
    monkeypatch.setattr(branches, "_feed", shift_feeds(by))
    found = failed(certify(model, PROBLEMS, CONDITIONS))
    assert found >= set(FORMS)


@pytest.mark.parametrize("by", [1, -1])
def test_a_donor_s_other_thought_fails(model, monkeypatch, by):
    original = Bank.resampled
    monkeypatch.setattr(
        Bank, "resampled", lambda self, ids, thought, seed: original(self, ids, (thought + by) % 6, seed)
    )
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == DRAWN


def test_a_donor_off_by_one_fails(model, monkeypatch):
    def next_but_one(ids, seed):
        once = donors_of(ids, seed)
        return {each: once[once[each]] for each in ids}

    monkeypatch.setattr(bank, "donors_of", next_but_one)
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == DRAWN


def test_a_donor_that_is_the_problem_itself_fails(model, monkeypatch):
    monkeypatch.setattr(bank, "donors_of", lambda ids, seed: {each: each for each in ids})
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == DRAWN


@pytest.mark.parametrize(
    "wrong",
    [
        lambda *where: 1.1 * direction(*where),
        lambda problem, thought, seed, size: direction(problem, thought + 1, seed, size),
        lambda problem, thought, seed, size: direction("the same", thought, seed, size),
        lambda problem, thought, seed, size: direction(problem, thought, seed + 1, size),
        lambda *where: -direction(*where),
    ],
    ids=["norm", "thought", "problem", "seed", "sign"],
)
def test_wrong_noise_fails(model, monkeypatch, wrong):
    monkeypatch.setattr(replacing, "direction", wrong)
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == {"noise"}
    # half precision is no excuse: nothing piles up between what is drawn and what is fed
    assert failed(certify(model.cast("bfloat16"), PROBLEMS, CONDITIONS)) == {"noise"}


MEANS = {
    "over thoughts": lambda thoughts: thoughts.mean(1),
    "over dimensions": lambda thoughts: np.broadcast_to(thoughts.mean(-1).mean(0)[:, None], thoughts.shape[1:]).copy(),
    "of all but one": lambda thoughts: thoughts[1:].mean(0),
    "a median": lambda thoughts: np.median(thoughts, axis=0),
}


@pytest.mark.parametrize("wrong", MEANS)
def test_a_wrong_mean_fails(model, monkeypatch, wrong):
    monkeypatch.setattr(Bank, "mean", property(lambda self: MEANS[wrong](self.thoughts)))
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == {"mean"}


def test_nearly_zero_is_not_zero(model, monkeypatch):
    honest = Replacing.feed

    def feed(self, thought, level, rows, hidden, made, say):
        fed = honest(self, thought, level, rows, hidden, made, say)
        return torch.where(fed == 0, 1e-12, fed)

    monkeypatch.setattr(Replacing, "feed", feed)
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == {"zero"}


def test_another_token_than_the_decoded_one_fails(model, monkeypatch):
    monkeypatch.setattr(Rollout, "_say", lambda self, hidden: self.embedding(self._choose(hidden) + 1))
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == {"decoded"}
    assert failed(certify(model.cast("bfloat16"), PROBLEMS, CONDITIONS)) == {"decoded"}


def test_giving_back_another_problems_row_fails(model, monkeypatch):
    honest = Replacing._undisturbed
    monkeypatch.setattr(Replacing, "_undisturbed", lambda self, *where: honest(self, *where).roll(1))
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == {"given", "self"}


def test_giving_back_what_the_condition_itself_made_fails(model, monkeypatch):
    monkeypatch.setattr(Replacing, "_undisturbed", lambda self, level, rows, own: own)
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == {"given"}


@pytest.mark.parametrize("axis", [0, 1])
def test_a_bank_that_is_shifted_fails(model, monkeypatch, axis):
    """By one problem, or by one step: what is drawn is as said, but it is not what was thought."""
    honest = ThoughtsSeen.thoughts
    monkeypatch.setattr(ThoughtsSeen, "thoughts", lambda self: np.roll(honest(self), 1, axis=axis))
    found = certify(model, PROBLEMS, CONDITIONS)
    assert failed(found) == {*DRAWN, "mean"}
    assert "undisturbed-thoughts" in found["by_resample"].failure()


def test_replacing_nothing_fails(model, monkeypatch):
    monkeypatch.setattr(Replacing, "feed", lambda self, thought, level, rows, hidden, made, say: made)
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == set(FORMS)


def test_replacing_one_thought_too_many_fails(model, monkeypatch):
    honest = Replacing.feed

    def feed(self, thought, level, rows, hidden, made, say):
        fed = honest(self, thought, level, rows, hidden, made, say)
        return fed * 1.01 if thought == 5 else fed

    monkeypatch.setattr(Replacing, "feed", feed)
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == {*FORMS, "baseline", "self"}


def test_sabotage_is_found_where_it_is(model, monkeypatch):
    """A swap that works but is put one row too far is told from one that is not what was said."""
    monkeypatch.setattr(replacing, "direction", partial(_ones))
    failure = certify(model, PROBLEMS, CONDITIONS)["by_noise"].failure()
    assert failure.startswith("replaced-as-said")


def _ones(problem, thought, seed, size):
    return np.ones(size) / np.sqrt(size)
