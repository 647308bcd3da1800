"""A verdict is compared: it is no truth value, and a watched one tells whether a comparison decided anything."""

import copy
import json
import pickle

import pytest

from ctlab.records import Verdict

SUPPORTED, REFUTED = Verdict.SUPPORTED, Verdict.REFUTED


def watched(verdict=SUPPORTED):
    notes = []
    return verdict.watched(lambda: notes.append("asked")), notes


@pytest.mark.parametrize("verdict", [*Verdict, watched()[0]], ids=[*Verdict, "watched"])
def test_it_is_no_truth_value(verdict):
    with pytest.raises(TypeError, match=f"this one is {verdict}.*== Verdict.SUPPORTED"):
        bool(verdict)


ASKED = {
    "v == SUPPORTED": True,
    "v == REFUTED": False,
    "v == 'SUPPORTED'": True,
    "v == 1": False,
    "v != SUPPORTED": False,
    "v != REFUTED": True,
    "v != 1": True,
    "SUPPORTED == v": True,
    "'REFUTED' != v": True,
    "v in (REFUTED, SUPPORTED)": True,
    "not v == SUPPORTED": False,
}


@pytest.mark.parametrize(("asked", "answer"), ASKED.items())
def test_its_comparisons_are_those_of_the_word_and_noted_when_they_decide(asked, answer):
    verdict, notes = watched()
    assert eval(asked, globals(), {"v": SUPPORTED}) is answer
    assert bool(eval(asked, globals(), {"v": verdict})) is answer
    assert notes


IDLE = ("v == SUPPORTED", "v != SUPPORTED", "print(v, v == SUPPORTED)", "hash(v)", "json.dumps([v])", "v is SUPPORTED")


@pytest.mark.parametrize("looked_at", IDLE)
def test_what_decides_nothing_is_not_noted(looked_at):
    verdict, notes = watched()
    eval(looked_at, globals(), {"v": verdict, "json": json})
    assert notes == []


def test_a_watched_verdict_is_the_same_word_everywhere():
    verdict, _ = watched()
    assert isinstance(verdict, Verdict)
    assert repr(verdict) == repr(SUPPORTED)
    assert {SUPPORTED: "found"}[verdict] == "found"
    assert Verdict(str(verdict)) is SUPPORTED
    assert pickle.loads(pickle.dumps(verdict)) is SUPPORTED
    assert copy.deepcopy(verdict) == SUPPORTED
    assert repr(verdict == SUPPORTED) == "True"
    assert len({*Verdict}) == 4
