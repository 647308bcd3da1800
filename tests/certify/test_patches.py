"""Certificates of replaced thoughts hold for an honest engine and fail for a sabotaged one."""

import random
from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np
import pytest
import torch

from ctlab.certify import certify
from ctlab.certify.matched_donors import donor_of
from ctlab.certify.of_others import resample_source
from ctlab.engine import activation_cache, prefix_tree, thought_patching
from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.rollout import Rollout
from ctlab.engine.thought_patching import ThoughtPatcher
from ctlab.engine.thought_recorder import ThoughtRecorder
from ctlab.engine.undisturbed_thoughts import activation_cache_of
from ctlab.interventions import BASELINE, Condition, Patch, donors
from ctlab.interventions.edits import EDIT_KINDS
from ctlab.interventions.patch_kind import Run, Source
from ctlab.interventions.patches import PATCH_KINDS
from ctlab.interventions.resample_sources import direction, resample_sources
from ctlab.models import load_model
from ctlab.problems import Problem, load_problems
from ctlab.records.generation import Decoding
from tests.interventions.ways import way_form
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_coconut, write_codi

SOLVED = ["2+3=5", "1+4=5", "9-2=7", "4*2=8", "6+1=7", "3+3=6", ""]  # the last two have no donor of the same result
PROBLEMS = [
    Problem(question=question, solution=f"<<{step}>>" if step else "", gold=step.partition("=")[2] or 1)
    for question, step in zip(QUESTIONS, SOLVED, strict=True)
]
HIDE = {"keys": ["CT0"], "readers": "later"}
FORMS = {
    **{
        name.replace("-", "_"): [way_form(name)]
        for name, kind in PATCH_KINDS.items()
        if not kind.restores and kind not in EDIT_KINDS  # these are in test_edited.py
    },
    "noise": [{"thoughts": ["CT0", "CT3"], "by": "noise", "seed": 2}],
    "given": [HIDE, {"thoughts": ["CT2", "CT3"], "by": "baseline"}],
    "every": [{"thoughts": "all", "by": "resample", "seed": 1}],
}
CONDITIONS = [
    BASELINE,
    *(Condition.from_json({"name": f"by_{name}", "interventions": form}) for name, form in FORMS.items()),
    Condition.from_json({"name": "by_self", "interventions": [{"thoughts": ["CT0"], "by": "self"}], "no_op": True}),
]


def made_of(*sources):
    """Conditions with a way that is made of one of the sources."""
    ways = {name for name, kind in PATCH_KINDS.items() if {*kind.sources} & {*sources}}
    return {name for name, form in FORMS.items() if any(each.get("by") in ways for each in form)} | ({"self"} & ways)


OF_OTHERS = [source for source in Source if source.run is Run.OTHERS]


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
    assert given == made_of(Source.UNDISTURBED, *OF_OTHERS) >= {"mean", "mean_own_norm", *DRAWN, "given", "self"}
    assert "no-op" in names["by_self"]
    assert "replaced-as-said" not in names["baseline"]


def test_replaced_thoughts_are_counted_over_the_sample(honest):
    counted = {way: honest[f"by_{way}"].thoughts_replaced for way in [*FORMS, "self"]}
    assert counted == dict.fromkeys(FORMS, 4) | {"noise": 8, "given": 8, "every": 24, "self": 0}
    assert {honest[f"by_{way}"].edges_weakened for way in FORMS if way != "given"} == {0}
    assert honest["by_given"].edges_weakened == 24
    assert honest["baseline"].thoughts_replaced == 0
    assert {way for way in [*FORMS, "self"] if honest[f"by_{way}"].treats} == set(FORMS)


def first_in_the_gate(cases, gate=1):
    """Parameters of which the first stand for all in the default tests."""
    return [pytest.param(case, marks=pytest.mark.slow if at >= gate else ()) for at, case in enumerate(cases)]


@pytest.mark.parametrize("kind", first_in_the_gate(["coconut", "gpt2", "qwen2"], gate=2))
def test_every_way_is_certified_on_other_networks(tmp_path, kind):
    form = (
        write_coconut(tmp_path, seed=2) if kind == "coconut" else write_codi(tmp_path, kind, seed=2, remove_eos=False)
    )
    assert passed(certify(load_model(tmp_path, settings=form, allow_pickle=True), PROBLEMS, CONDITIONS))


@pytest.mark.parametrize("dtype", first_in_the_gate(["bfloat16", "float64"]))
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


def test_a_part_is_certified_with_the_activations_of_the_whole(model):
    whole = activation_cache_of(model, PROBLEMS, Decoding())
    assert passed(certify(model, PROBLEMS[:3], CONDITIONS, activations=whole))


def test_the_plain_source_is_the_engines():
    ids = [f"p{n}" for n in range(30)]
    for seed in range(3):
        assert {each: resample_source(each, ids, seed) for each in ids} == resample_sources(ids, seed)


DRAWN = made_of(Source.RESAMPLED)
DONATED = made_of(Source.OTHER_RESULT, Source.SAME_RESULT)


def shifted(by):
    def sources_in(sources, layout, step):
        places = [thought - by for thought in step.thoughts]
        return tuple(sources[place] if 0 <= place < len(sources) else None for place in places)

    return sources_in


@pytest.mark.parametrize("by", first_in_the_gate([1, -1]))
def test_a_swap_shifted_by_one_step_fails(model, monkeypatch, by):
    monkeypatch.setattr(prefix_tree, "sources_in", shifted(by))
    found = failed(certify(model, PROBLEMS, CONDITIONS))
    assert found >= set(FORMS)


@pytest.mark.parametrize("by", first_in_the_gate([1, -1]))
def test_another_thought_of_the_source_fails(model, monkeypatch, by):
    original = ActivationCache.resampled
    monkeypatch.setattr(
        ActivationCache, "resampled", lambda self, ids, thought, seed: original(self, ids, (thought + by) % 6, seed)
    )
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == DRAWN


def test_a_source_off_by_one_fails(model, monkeypatch):
    def next_but_one(ids, seed):
        once = resample_sources(ids, seed)
        return {each: once[once[each]] for each in ids}

    monkeypatch.setattr(activation_cache, "resample_sources", next_but_one)
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == DRAWN


def test_a_source_that_is_the_problem_itself_fails(model, monkeypatch):
    monkeypatch.setattr(activation_cache, "resample_sources", lambda ids, seed: {each: each for each in ids})
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == DRAWN


def next_but_one(found):
    return {each: found.get(found[each], found[each]) for each in found}


@pytest.mark.parametrize(
    "wrong",
    first_in_the_gate(
        [
            next_but_one,
            lambda found: {each: each for each in found},
            lambda found: dict(zip(found, [*[*found.values()][1:], *[*found.values()][:1]], strict=True)),
            lambda found: dict([*found.items()][:-1]),
            lambda found: {**{problem.id: PROBLEMS[0].id for problem in PROBLEMS[1:]}, **found},
        ]
    ),
    ids=["next but one", "itself", "another's", "one left out", "one too many"],
)
def test_another_donor_fails(model, monkeypatch, wrong):
    monkeypatch.setattr(activation_cache, "donors", lambda *asked: wrong(donors.donors(*asked)))
    found = certify(model, PROBLEMS, CONDITIONS)
    assert DONATED >= failed(found) >= {"matched"}
    assert "donors-as-said" in found["by_matched"].failure()


def test_a_donor_by_another_rule_fails(model, monkeypatch):
    """The control's donors for the exchange and the other way round, or those of another seed."""
    for change in ({"same": True}, {"seed": 1}):
        monkeypatch.setattr(
            activation_cache,
            "donors",
            lambda problems, asked, new=change: donors.donors(problems, replace(asked, **new)),
        )
        assert "matched" in failed(certify(model, PROBLEMS, CONDITIONS))


@pytest.mark.parametrize("by", first_in_the_gate([-1, 1]))
def test_another_thought_of_the_donor_fails(model, monkeypatch, by):
    original = ActivationCache.donated
    monkeypatch.setattr(
        ActivationCache, "donated", lambda self, ids, thought, asked: original(self, ids, (thought + by) % 6, asked)
    )
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == DONATED


@pytest.mark.parametrize("step", [1, 2, 3, 4])
@pytest.mark.parametrize("by", ["matched", "matched-same"])
def test_the_plain_donor_is_the_engine_s(step, by):
    problems = load_problems("tiny").limited(150).problems
    cache = ActivationCache(problems=problems, thoughts=np.empty(0))
    for seed in range(2):
        patch = Patch(thoughts=("CT0",), by=by, step=step, seed=seed)
        chosen = {problem.id: donor_of(problem.id, cache, patch) for problem in problems}
        assert {one: other for one, other in chosen.items() if other} == cache.donors(patch.matching)


def test_the_plain_donor_is_the_engine_s_where_solutions_are_rounded_divided_and_cut_off():
    """What the embedded set has not: fractions, negative numbers, steps of several operations or that lead nowhere."""
    rng = random.Random(5)
    problems = [odd_problem(rng, number) for number in range(200)]
    assert sum(problem.graph is not None for problem in problems) > 150
    cache = ActivationCache(problems=tuple(problems), thoughts=np.empty(0))
    found = 0
    for by, step in product(("matched", "matched-same"), (1, 2, 3)):
        patch = Patch(thoughts=("CT0",), by=by, step=step)
        chosen = {problem.id: donor_of(problem.id, cache, patch) for problem in problems}
        assert {one: other for one, other in chosen.items() if other} == cache.donors(patch.matching)
        found += len(cache.donors(patch.matching))
    assert found > 200


def odd_problem(rng, number):
    """A problem whose solution is one of a few plans with random small numbers, results rounded to two places."""
    a, b, c, d = (rng.randint(1, 6) for _ in range(4))
    plan = rng.choice(["{a}/{b}|x*{c}|y-{d}", "{a}-{b}|{c}*{d}|x+y", "{a}+{b}*{c}|x/{d}", "{a}*{b}|{c}-{d}|x-1"])
    made, lines = [], []
    for step in plan.format(a=a, b=b, c=c, d=d).split("|"):
        written = step.replace("x", str(made[0]) if made else "").replace("y", str(made[1]) if len(made) > 1 else "")
        value = round(eval(written), 2)
        made.append(int(value) if value == int(value) else value)
        lines.append(f"<<{written}={made[-1]}>>")
    return Problem(question=f"odd {number}?", solution=" ".join(lines), gold=str(made[-1]))


def test_a_late_step_is_certified_on_problems_that_have_one(model):
    """Of the seven only two have a second step; four that are picked by length alone would show nothing."""
    solutions = ["<<2+3=5>> <<5+1=6>>", *["<<1+1=2>>"] * 5, "<<3+3=6>> <<6+2=8>>"]
    problems = [
        Problem(question=question, solution=solution, gold=solution[-3])
        for question, solution in zip(sorted(QUESTIONS, key=len), solutions, strict=True)
    ]
    late = Condition.from_json({"name": "late", "interventions": [{"thoughts": ["CT1"], "by": "matched", "step": 2}]})
    found = certify(model, problems, [BASELINE, late])
    assert {name: each.failure() for name, each in found.items()} == {"baseline": None, "late": None}
    assert (found["late"].thoughts_replaced, found["late"].problems) == (2, 3)
    assert found["baseline"].problems == 4


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda *where: 1.1 * direction(*where), id="norm"),
        *(
            pytest.param(other, id=name, marks=pytest.mark.slow)
            for name, other in {
                "thought": lambda problem, thought, seed, size: direction(problem, thought + 1, seed, size),
                "problem": lambda problem, thought, seed, size: direction("the same", thought, seed, size),
                "seed": lambda problem, thought, seed, size: direction(problem, thought, seed + 1, size),
                "sign": lambda *where: -direction(*where),
            }.items()
        ),
    ],
)
def test_wrong_noise_fails(model, monkeypatch, wrong):
    monkeypatch.setattr(thought_patching, "direction", wrong)
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == made_of(Source.DIRECTION)
    # half precision is no excuse: nothing piles up between what is drawn and what is fed
    assert failed(certify(model.cast("bfloat16"), PROBLEMS, CONDITIONS)) == made_of(Source.DIRECTION)


MEANS = {
    "over thoughts": lambda thoughts: thoughts.mean(1),
    "over dimensions": lambda thoughts: np.broadcast_to(thoughts.mean(-1).mean(0)[:, None], thoughts.shape[1:]).copy(),
    "of all but one": lambda thoughts: thoughts[1:].mean(0),
    "a median": lambda thoughts: np.median(thoughts, axis=0),
}


@pytest.mark.parametrize("wrong", first_in_the_gate(MEANS))
def test_a_wrong_mean_fails(model, monkeypatch, wrong):
    monkeypatch.setattr(ActivationCache, "mean", property(lambda self: MEANS[wrong](self.thoughts)))
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == made_of(Source.MEAN)


@pytest.mark.parametrize(
    "by",
    [
        pytest.param(by, marks=() if by in ("zero", "mean-own-norm", "matched", "baseline") else pytest.mark.slow)
        for by, kind in PATCH_KINDS.items()
        if kind not in EDIT_KINDS
    ],
)
def test_a_mistake_in_a_formula_fails(model, monkeypatch, by):
    """The certificate has a formula of its own: the engine's cannot prove itself."""
    kind = type(PATCH_KINDS[by])
    honest = kind.vector
    monkeypatch.setattr(kind, "vector", staticmethod(lambda *sources: 1.001 * honest(*sources) + 1e-4))
    patched = {name for name, form in FORMS.items() if any(each.get("by") == by for each in form)}
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == patched | ({by} & {"self"})


def test_nearly_zero_is_not_zero(model, monkeypatch):
    honest = ThoughtPatcher.patch

    def patch(self, before):
        fed = honest(self, before)
        return torch.where(fed == 0, 1e-12, fed)

    monkeypatch.setattr(ThoughtPatcher, "patch", patch)
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == {"zero"}


def test_another_token_than_the_decoded_one_fails(model, monkeypatch):
    monkeypatch.setattr(Rollout, "_decoded", lambda self, hidden: self.embedding(self._argmax(hidden) + 1))
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == made_of(Source.DECODED)
    assert failed(certify(model.cast("bfloat16"), PROBLEMS, CONDITIONS)) == made_of(Source.DECODED)


def test_giving_back_another_problems_row_fails(model, monkeypatch):
    honest = ThoughtPatcher._undisturbed
    monkeypatch.setattr(ThoughtPatcher, "_undisturbed", lambda self, *where: honest(self, *where).roll(1))
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == made_of(Source.UNDISTURBED)


def test_giving_back_what_the_condition_itself_made_fails(model, monkeypatch):
    monkeypatch.setattr(ThoughtPatcher, "_undisturbed", lambda self, before, own: own)
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == {"given"}


@pytest.mark.parametrize("axis", first_in_the_gate([0, 1]))
def test_a_cache_that_is_shifted_fails(model, monkeypatch, axis):
    """By one problem, or by one step: what is drawn is as said, but it is not what was thought."""
    honest = ThoughtRecorder.thoughts
    monkeypatch.setattr(ThoughtRecorder, "thoughts", lambda self: np.roll(honest(self), 1, axis=axis))
    found = certify(model, PROBLEMS, CONDITIONS)
    assert failed(found) == made_of(*OF_OTHERS)
    assert "undisturbed-thoughts" in found["by_resample"].failure()


def test_replacing_nothing_fails(model, monkeypatch):
    monkeypatch.setattr(ThoughtPatcher, "patch", lambda self, before: before.projected)
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == set(FORMS)


def test_replacing_one_thought_too_many_fails(model, monkeypatch):
    honest = ThoughtPatcher.patch

    def patch(self, before):
        fed = honest(self, before)
        return fed * 1.01 if before.thought == 5 else fed

    monkeypatch.setattr(ThoughtPatcher, "patch", patch)
    assert failed(certify(model, PROBLEMS, CONDITIONS)) == {*FORMS, "baseline", "self"}


def test_sabotage_is_found_where_it_is(model, monkeypatch):
    """A swap that works but is put one row too far is told from one that is not what was said."""
    monkeypatch.setattr(thought_patching, "direction", partial(_ones))
    failure = certify(model, PROBLEMS, CONDITIONS)["by_noise"].failure()
    assert failure.startswith("replaced-as-said")


def _ones(problem, thought, seed, size):
    return np.ones(size) / np.sqrt(size)
