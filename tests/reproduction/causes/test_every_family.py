"""Every cause looks at every family: sound golden checkpoints, where nothing is seen and everything can be tried."""

import pytest

from ctlab.models import load_model
from ctlab.reproduction.case import Case
from ctlab.reproduction.causes import CAUSES
from ctlab.reproduction.expected_answers import read_expected
from ctlab.reproduction.trial import AS_GIVEN, Bench
from tests.models.families.golden_settings import golden_settings
from tests.shared_data import shared

THINKING = {"rows-in-wrong-order", "eos-marker", "number-of-thoughts", "projection"}
"""Causes with something to try wherever thoughts are made of states, and stand between markers."""
QUICK, SLOW = (
    ("bmarti-m1-cot", "pccot-gpt2"),
    ("bmarti-m3-pause", "coconut-gpt2", "latenttts-codi", "pccot-llama", "huginn"),
)


@pytest.fixture(scope="module", params=[*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)])
def looked(request):
    folder = shared(f"golden/{request.param}")
    settings = golden_settings(folder)

    def load(dtype="float32", **more):
        return load_model(folder, settings={**settings, **more}, dtype=dtype)

    # What is expected was answered one question at a time; PCCoT's published evaluation reads the padding of batches,
    # and goes on where an answer begins with the end of sequence.
    in_passes, model = settings["family"] == "pccot", load()
    asked = read_expected(folder / "expected.json")
    asked = [each for each in asked if not in_passes or each.tokens[0] != model.eos_token_id][:2]
    padding = "exact" if in_passes else "as-published"
    bench = Bench(model=model, asked=tuple(asked), padding=padding, max_new_tokens=16)
    case = Case(bench=bench, given=bench.answer(AS_GIVEN), load=load)
    return case, {cause.name: cause.look(case) for cause in CAUSES}


def test_nothing_is_seen_and_what_is_not_tried_has_a_reason(looked):
    case, found = looked
    assert all(case.given.right)
    assert {name: each.findings for name, each in found.items() if each.findings} == {}
    assert [name for name, each in found.items() if not each.variants and not each.note] == []
    for each in found.values():
        for variant in each.variants:
            places = [place for _, part in variant.parts(case.model, case.asked) for place in part]
            assert sorted(places) == [0, 1], variant.change


def test_what_can_be_tried_follows_from_how_a_model_thinks(looked):
    case, found = looked
    tried = {name for name, each in found.items() if each.variants}
    family = case.model.settings.family
    expected = THINKING if case.model.num_thoughts else set()
    expected = expected - {"projection"} if family == "pause" else expected
    assert tried & THINKING == expected
    assert ("number-of-passes" in tried) == (family == "pccot")
    assert ("lora-scale" in tried) == (family == "pccot")


def test_words_that_are_forced_before_an_answer_stay(looked):
    case, found = looked
    forced = case.model.end_ids[1:]
    for variant in found["eos-marker"].variants:
        ((model, _),) = variant.parts(case.model, case.asked)
        assert model.end_ids[-len(forced) :] == forced or not forced
