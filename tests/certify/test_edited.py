"""Certificates of edited thoughts hold for an honest engine and fail for a sabotaged one."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ctlab.certify import certify
from ctlab.engine import edit_vectors, fitted, thought_patching
from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.undisturbed_thoughts import activation_cache_of
from ctlab.interventions import BASELINE, Condition, halves
from ctlab.interventions.edits import EDIT_KINDS
from ctlab.interventions.patch_kind import Source
from ctlab.interventions.patches import PATCH_KINDS
from ctlab.models import load_model
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.interventions.ways import way_form
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_coconut, write_codi

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
WAYS = [kind.by for kind in EDIT_KINDS] + ["resample-norm"]


def edited(by, **fields):
    form = way_form(by, fields.pop("thoughts", ("CT1", "CT4")), **fields)
    return Condition.from_json({"name": by.replace("-", "_"), "interventions": [form]})


EDITS = {by: edited(by) for by in WAYS}


def made_of(*sources):
    return {by for by in WAYS if {*PATCH_KINDS[by].sources} & {*sources}}


FITTED = made_of(Source.DIFFERENCE, Source.HALF_MEAN, Source.WITHIN_COMPONENTS, Source.WITHIN_RANDOM)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("llama")
    return load_model(folder, settings=write_codi(folder, "llama", seed=2))


def failed(model, ways=WAYS, **fields):
    asked = [EDITS[by] if not fields else edited(by, **fields) for by in ways]
    return {name.replace("_", "-") for name, each in certify(model, PROBLEMS, asked).items() if not each.passed}


def test_every_edit_is_certified(model):
    found = certify(model, PROBLEMS, [BASELINE, *EDITS.values()])
    assert {name: each.failure() for name, each in found.items()} == dict.fromkeys(found)
    names = {by: {check.name for check in found[each.name].checks} for by, each in EDITS.items()}
    assert all("replaced-as-said" in checks for checks in names.values())
    assert {by for by in WAYS if "undisturbed-thoughts" in names[by]} == FITTED | {"resample-norm"}
    assert {found[each.name].thoughts_replaced for each in EDITS.values()} == {8}


@pytest.mark.parametrize("dtype", ["bfloat16", pytest.param("float64", marks=pytest.mark.slow)])
def test_every_edit_is_certified_in_other_precisions(model, dtype):
    assert failed(model.cast(dtype)) == set()


@pytest.mark.parametrize("kind", ["coconut", pytest.param("gpt2", marks=pytest.mark.slow)])
def test_every_edit_is_certified_on_other_networks(tmp_path, kind):
    form = write_coconut(tmp_path, seed=2) if kind == "coconut" else write_codi(tmp_path, kind, seed=2)
    assert failed(load_model(tmp_path, settings=form, allow_pickle=True)) == set()


def test_a_part_is_certified_with_the_thoughts_of_the_whole(model):
    whole = activation_cache_of(model, PROBLEMS, Decoding())
    for part in (PROBLEMS[:3], PROBLEMS[4:5]):
        found = certify(model, part, list(EDITS.values()), activations=whole)
        assert {name: each.failure() for name, each in found.items()} == dict.fromkeys(found)


def test_another_seed_another_edit(model):
    assert failed(model, [by for by in WAYS if PATCH_KINDS[by].seeded], seed=2) == set()


def formula(by, wrong):
    """The engine's formula, replaced."""
    return lambda patch: patch.setattr(type(PATCH_KINDS[by]), "vector", staticmethod(wrong))


def swapped(module, name, wrong):
    """A function of the engine's, replaced by one that is told the honest one first."""
    honest = getattr(module, name)
    return lambda patch: patch.setattr(module, name, lambda *given: wrong(honest, *given))


def own_length(rows):
    return (rows * rows).sum(-1, keepdims=True) ** 0.5


def not_centred(honest, activations, half, seed, number, count):
    return np.linalg.svd(fitted._of_the_other(activations, half, seed, number), full_matrices=False)[2][:count]


def last_ones(honest, activations, half, seed, number, count):
    return np.linalg.svd(fitted._of_the_other(activations, half, seed, number), full_matrices=False)[2][-count:]


SABOTAGES = {
    "factor squared": (formula("scale", lambda own, factor: own * factor**2), {"scale"}),
    "sign of what is added": (formula("add-difference", lambda own, by, factor: own - factor * by), {"add-difference"}),
    "not in lengths of the thought": (formula("add-noise", lambda own, to, factor: own + factor * to), {"add-noise"}),
    "length squared": (
        formula("add-given", lambda own, to, factor: own + factor * own_length(own) ** 2 * to),
        {"add-given"},
    ),
    "onto instead of out of": (formula("remove-components", lambda own, within: within), {"remove-components"}),
    "out of instead of onto": (
        formula("project-components", lambda centre, within: centre - within),
        {"project-components"},
    ),
    "onto without the centre": (formula("project-random", lambda centre, within: within), {"project-random"}),
    "more than its part removed": (formula("remove-given", lambda own, within: own - 1.01 * within), {"remove-given"}),
    "norm and direction swapped": (
        formula("resample-norm", lambda other, own: other * own_length(own) / own_length(other)),
        {"resample-norm"},
    ),
    "components not centred": (
        swapped(fitted, "components", not_centred),
        made_of(Source.WITHIN_COMPONENTS),
    ),
    "not the first components": (swapped(fitted, "components", last_ones), made_of(Source.WITHIN_COMPONENTS)),
    "one component too few": (
        swapped(fitted, "components", lambda honest, *given: honest(*given)[:-1]),
        made_of(Source.WITHIN_COMPONENTS),
    ),
    "fitted on all problems": (
        swapped(
            fitted,
            "_of_the_other",
            lambda honest, activations, half, seed, number: activations.thoughts[:, number].astype(float),
        ),
        FITTED - {"add-difference"},
    ),
    "fitted on the problem's own half": (
        swapped(fitted, "_of_the_other", lambda honest, found, half, *given: honest(found, 1 - half, *given)),
        FITTED - {"add-difference"},
    ),
    "halves of another seed": (
        swapped(fitted, "halves", lambda honest, ids, seed: honest(ids, seed + 1)),
        FITTED,
    ),
    "halves that depend on the order": (
        swapped(fitted, "halves", lambda honest, ids, seed: {name: at % 2 for at, name in enumerate(ids)}),
        FITTED - {"add-difference"},
    ),
    "another thought": (
        swapped(
            fitted, "_of_the_other", lambda honest, found, half, seed, number: honest(found, half, seed, number + 1)
        ),
        FITTED,
    ),
    "groups the other way round": (
        swapped(fitted, "difference", lambda honest, *given: -honest(*given)),
        {"add-difference"},
    ),
    "one more problem holds": (
        swapped(fitted, "difference", lambda honest, *given: honest(*given[:-1], replace(given[-1], least=5))),
        {"add-difference"},
    ),
    "a subspace of another problem": (
        swapped(edit_vectors, "random_axes", lambda honest, problem, *given: honest("the same", *given)),
        made_of(Source.WITHIN_RANDOM),
    ),
    "a subspace of another thought": (
        swapped(edit_vectors, "random_axes", lambda honest, problem, thought, *given: honest(problem, 0, *given)),
        made_of(Source.WITHIN_RANDOM),
    ),
    "axes that are no axes": (
        swapped(edit_vectors, "random_axes", lambda honest, *given: 1.01 * honest(*given)),
        made_of(Source.WITHIN_RANDOM),
    ),
    "the file's centre forgotten": (
        swapped(
            edit_vectors,
            "read_directions",
            lambda honest, *given: replace(honest(*given), centre=(0.0,) * honest(*given).dim),
        ),
        made_of(Source.GIVEN_CENTRE, Source.WITHIN_GIVEN),
    ),
    "a direction of the file turned round": (
        swapped(
            edit_vectors,
            "read_directions",
            lambda honest, *given: replace(
                honest(*given), directions=tuple(tuple(-x for x in row) for row in honest(*given).directions)
            ),
        ),
        {"add-given"},  # of a subspace the sign of an axis says nothing
    ),
}


IN_THE_GATE = {
    "factor squared",
    "sign of what is added",
    "onto instead of out of",
    "components not centred",
    "fitted on all problems",
    "another thought",
    "a subspace of another thought",
    "the file's centre forgotten",
}


@pytest.mark.parametrize(
    "sabotage", [pytest.param(each, marks=() if each in IN_THE_GATE else pytest.mark.slow) for each in SABOTAGES]
)
def test_a_sabotaged_edit_fails(model, monkeypatch, sabotage):
    spoil, wrong = SABOTAGES[sabotage]
    spoil(monkeypatch)
    bystander = next(by for by in ("scale", "add-noise", "resample-norm") if by not in wrong)
    asked = sorted(wrong | {bystander})
    assert failed(model, asked) == wrong


def test_half_precision_is_no_excuse(model, monkeypatch):
    spoil, wrong = SABOTAGES["components not centred"]
    spoil(monkeypatch)
    assert failed(model.cast("bfloat16"), sorted(wrong)) == wrong


def test_an_edit_of_what_the_undisturbed_run_made_fails(model, monkeypatch):
    """CT4 is edited where CT1 was edited already: what the model makes of it is not what it made undisturbed."""
    honest = thought_patching.Edited

    def undisturbed(**given):
        return honest(**{**given, "projected": given["projected"] * 1.001})

    monkeypatch.setattr(thought_patching, "Edited", undisturbed)
    within = made_of(Source.WITHIN_COMPONENTS, Source.WITHIN_RANDOM, Source.WITHIN_GIVEN)
    assert failed(model, sorted(within)) == within


def test_the_plain_halves_are_the_engines(model):
    from ctlab.certify.edited import others_of

    cache = ActivationCache(problems=tuple(PROBLEMS), thoughts=np.empty(0))
    for seed in range(3):
        half = halves.halves(cache.problem_ids, seed)
        for name in cache.problem_ids:
            assert {*others_of(name, cache, seed)} == {other for other in half if half[other] != half[name]}


def test_components_are_those_of_a_covariance_of_few_problems_and_of_many():
    from ctlab.certify.edited import _components, others_of

    rng = np.random.default_rng(4)
    for count in (12, 200):
        problems = tuple(Problem(question=f"q {n} ?", gold=1) for n in range(count))
        cache = ActivationCache(problems=problems, thoughts=rng.standard_normal((count, 1, 24)).astype(np.float32))
        for half in (0, 1):
            name = next(each for each, own in halves.halves(cache.problem_ids, 0).items() if own == half)
            mine = fitted.components(cache, half, 0, 0, 3)
            plain = _components(cache, others_of(name, cache, 0), 0, 3)
            plain = np.linalg.qr(plain.T)[0].T
            np.testing.assert_allclose(mine.T @ mine, plain.T @ plain, atol=1e-10)


def test_equal_variances_have_no_first_one(model):
    from ctlab.errors import InputError

    problems = tuple(Problem(question=f"q {n} ?", gold=1) for n in range(8))
    cache = ActivationCache(problems=problems, thoughts=np.zeros((8, 1, 6)))
    with pytest.raises(InputError, match="has no 2 first principal components among 4 problems"):
        fitted.components(cache, 0, 0, 0, 2)
    assert torch.equal(torch.from_numpy(fitted.half_mean(cache, 0, 0, 0)), torch.zeros(6, dtype=torch.float64))
