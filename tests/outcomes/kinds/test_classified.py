"""What every answer kind has in common: nothing but end tokens is no answer, a crash of ours costs one answer."""

import time

import pytest

from ctlab.outcomes import Outcome, classify
from ctlab.outcomes.kinds import TEXT_KINDS
from ctlab.outcomes.outcome import OUTCOMES_OF
from ctlab.problems import Problem
from ctlab.problems.problem import KINDS

GOLDS = {"choice": "B", "boolean": "True", "entity": "Sally is a sterpus.", "set": "a1, b2", "sequence": "a1, b2"}
PROBLEMS = {kind: Problem(question="Which?", gold=gold, kind=kind) for kind, gold in GOLDS.items()}

UNITS = ("not ", "(A) or ", "A, ", "answer is ", "#", "the ", "\n", "is not true or ", ". A", "so, ", "because A ")
UNITS += ("- a\n", "because A. ", "1. a ", "A.", "U. ", "then ", "after a ", "?\n", "I don't know. ", ", is ", "a    ")
RUNS = (f"a{' ' * 20_000}b", "a" + "\n" * 20_000 + "b")


def test_the_table_of_kinds_is_closed():
    assert {*TEXT_KINDS, "number"} == set(KINDS) == set(OUTCOMES_OF)
    order = list(Outcome)
    for outcomes in OUTCOMES_OF.values():
        assert sorted(outcomes, key=order.index) == list(outcomes)
    assert set().union(*OUTCOMES_OF.values()) == set(Outcome)


@pytest.mark.parametrize("kind", TEXT_KINDS)
@pytest.mark.parametrize("text", ["", " \n", "</s>", "<|endoftext|>", "<s> </s>", "\u200b"])
def test_tokens_are_no_part_of_an_answer(kind, text):
    assert classify(PROBLEMS[kind], text).outcome is Outcome.NONE


@pytest.mark.parametrize("kind", TEXT_KINDS)
@pytest.mark.parametrize("frame", ["{}", "{}</s>", "The answer is: {}", "#### {}", "Well.\nAnswer: {}<|im_end|>x"])
def test_the_reference_answer_is_right_in_every_frame(kind, frame):
    found = classify(PROBLEMS[kind], frame.format(GOLDS[kind]))
    assert found.outcome is Outcome.CORRECT
    assert found.prediction is None
    assert found.extraction.answer
    assert found.extraction.reading
    assert type(found).from_json(found.to_json()) == found


@pytest.mark.parametrize("kind", TEXT_KINDS)
@pytest.mark.parametrize("unit", [*UNITS, *RUNS])
def test_a_long_text_takes_no_longer_than_its_length(kind, unit):
    began = time.process_time()
    found = classify(PROBLEMS[kind], unit * (20_000 // len(unit)))
    assert not found.failure
    assert time.process_time() - began < 1.0


GROWING = (
    "\n",
    "#### ",
    "### \n",
    "A or ",
    "not ",
    ", ",
    "because ",
    "so ",
    "- x\n",
    "Wait, ",
    "no, ",
    "A. No, B. ",
    "x\n",
)
GROWING += ("I don't think ", "anything but ", "true. ", "maybe ", "however ", "A ")


@pytest.mark.long
@pytest.mark.parametrize("kind", TEXT_KINDS)
@pytest.mark.parametrize("start", ["", "The answer is "])
@pytest.mark.parametrize("unit", GROWING)
def test_time_grows_no_faster_than_the_text(kind, start, unit):
    def seconds(count):
        times = []
        for end in (" ", "  ", "   "):  # nothing is remembered from the text before
            began = time.process_time()
            assert not classify(PROBLEMS[kind], f"{start}{unit * count}.{end}").failure
            times.append(time.process_time() - began)
        return min(times)

    few = 2_000 // len(unit)
    # Eight times the text took up to eleven times the time; quadratic time is 64 times.
    assert seconds(8 * few) < 24 * seconds(few) + 0.01


@pytest.mark.parametrize("kind", TEXT_KINDS)
def test_a_mistake_of_ours_costs_one_answer(kind, monkeypatch):
    monkeypatch.setattr(type(TEXT_KINDS[kind]), "read", lambda *_: 1 / 0)
    found = classify(PROBLEMS[kind], "B")
    assert (found.outcome, found.failure[:17]) == (Outcome.UNEXPLAINED, "ZeroDivisionError")
