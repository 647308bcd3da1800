"""The state before the first step: with the official answers of zeros, a model that draws it falls short by that."""

import json

import pytest

from ctlab.models import load_model
from ctlab.problems import Problem
from ctlab.reproduction.accusation import compared
from ctlab.reproduction.asked import Asked
from ctlab.reproduction.case import Case
from ctlab.reproduction.causes.initial_state import INITIAL_STATE
from ctlab.reproduction.trial import AS_GIVEN, Bench
from tests.shared_data import shared

SETTINGS = {"family": "huginn", "num_latent": 0, "num_steps": 4, "init_scale": 0}


def case_of(**settings):
    folder = shared("golden/huginn")
    form = json.loads((folder / "expected.json").read_text())
    tokens = form["conditions"]["baseline"]["tokens"]
    asked = tuple(
        Asked(problem=Problem(question=question, gold=0), tokens=tuple(ids))
        for question, ids in zip(form["questions"], tokens, strict=True)
    )

    def load(**other):
        return load_model(folder, settings={**SETTINGS, **settings, **other})

    bench = Bench(model=load(), asked=asked, padding="exact", max_new_tokens=16)
    return Case(bench=bench, given=bench.answer(AS_GIVEN), load=load)


def test_a_drawn_state_is_put_back_to_zeros():
    case = case_of(init_scale=1.0, init_seed=3)
    looked = INITIAL_STATE.look(case)
    assert [variant.remedy for variant in looked.variants] == [
        '"init_scale": 0',
        '"init_scale": 1, "init_seed": 0',
        '"init_scale": 1, "init_seed": 1',
    ]
    zeros, *others = (case.bench.answer(variant) for variant in looked.variants)
    assert (zeros.count, case.given.count) == (12, 0)
    assert compared(case.given, zeros) < 0.001
    assert max(other.count for other in others) <= 1


def test_with_zeros_two_draws_are_tried_and_are_no_better():
    case = case_of()
    assert case.given.count == 12
    variants = INITIAL_STATE.look(case).variants
    assert [variant.change for variant in variants] == [f"a first state that is drawn, seed {seed}" for seed in (0, 1)]
    assert compared(case.given, case.bench.answer(variants[0])) == pytest.approx(1)


def test_a_network_without_a_loop_has_none(tiny):
    case = Case(bench=Bench(model=tiny, asked=(), padding="exact", max_new_tokens=1), given=None, load=load_model)
    assert INITIAL_STATE.look(case).note.startswith("the network does not loop")
