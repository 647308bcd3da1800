"""What a text answers that takes an answer back."""

import pytest

from ctlab.outcomes import Outcome, classify
from ctlab.problems import Problem

QUESTION = "Every terpus is a rempus. Every yumpus is a lempus. Is Sally a hilpus or a yumpus?"
CHOICE = Problem(question="Which?", gold="B", kind="choice", options=("red", "green", "blue"))
TRUE = Problem(question="Is it?", gold="True", kind="boolean")
PARIS = Problem(question="What is the capital of France?", gold="Paris", kind="entity")
SALLY = Problem(question=QUESTION, gold="Sally is a yumpus.", kind="entity", options=("hilpus", "yumpus"))
COLORS = Problem(question="Which?", gold="red, green, blue", kind="set")
STEPS = Problem(question="How?", gold="stop, wait, go", kind="sequence")

FIRSTS = {
    CHOICE: ("A", "B"),
    TRUE: ("false", "true"),
    PARIS: ("Lyon", "Paris"),
    SALLY: ("Sally is a hilpus", "Sally is a yumpus"),
    COLORS: ("red, green", "red, green, blue"),
    STEPS: ("stop, go", "stop, wait, go"),
}
CUES = ("{}. Wait, {}.", "{}. Sorry, {}", "{}. No, {}.", "{}, no wait, {}", "{}. Actually, {}", "{}, I mean {}")
CUES += (
    "{}. Scratch that: {}",
    "{}... on second thought, {}",
    "{}. Oops, {}.",
    "{}. My mistake, {}",
    "{}. That's wrong. {}",
)


@pytest.mark.parametrize("problem", FIRSTS, ids=lambda problem: problem.gold_text)
@pytest.mark.parametrize("frame", ["{}", "The answer is {}", "#### {}", "Well, let us see.\nAnswer: {}"])
@pytest.mark.parametrize("cue", CUES)
def test_the_later_answer_counts_and_it_is_said(problem, frame, cue):
    wrong, right = FIRSTS[problem]
    text = frame.format(cue.format(wrong, right))
    found = classify(problem, text)
    assert (found.outcome, found.extraction.ambiguous) == (Outcome.CORRECT, True)
    found = classify(problem, frame.format(cue.format(right, wrong)))
    assert found.outcome is not Outcome.CORRECT
    assert found.extraction.ambiguous


@pytest.mark.parametrize("problem", FIRSTS, ids=lambda problem: problem.gold_text)
@pytest.mark.parametrize("cue", ["{}. Wait, {}.", "{}. Actually, {}"])
def test_an_answer_said_again_is_no_correction(problem, cue):
    right = FIRSTS[problem][1]
    found = classify(problem, "The answer is " + cue.format(right, right))
    assert (found.outcome, found.extraction.ambiguous) == (Outcome.CORRECT, False)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (CHOICE, "B. No, seriously."),
        (CHOICE, "The answer is B. Wait for it."),
        (CHOICE, "Actually, B"),
        (CHOICE, "Is it A? No, it is B."),
        (TRUE, "Yes, no doubt."),
        (PARIS, "Paris. No doubt."),
        (PARIS, "Paris. Sorry, I cannot say more."),
        (STEPS, "stop, wait, go"),
        (STEPS, "- stop\n- wait\n- go"),
    ],
)
def test_words_that_take_nothing_back_do_not_count(problem, text):
    found = classify(problem, text)
    assert (found.outcome, found.extraction.ambiguous) == (Outcome.CORRECT, False)


@pytest.mark.parametrize("text", ["No, Paris", "No, it is Paris."])
def test_a_no_that_opens_is_no_negation(text):
    found = classify(PARIS, text)
    assert (found.outcome, found.extraction.ambiguous) == (Outcome.CORRECT, True)


def test_what_is_asked_is_not_what_is_answered():
    found = classify(PARIS, "Paris? No, Lyon.")
    assert found.outcome is Outcome.OTHER_ENTITY_NOT_NAMED


def test_a_remark_about_an_answer_leaves_it_and_it_is_said():
    found = classify(CHOICE, "B. No, A is wrong.")
    assert (found.outcome, found.extraction.ambiguous) == (Outcome.CORRECT, True)
    found = classify(CHOICE, "The answer is B. However, (A) is close.")
    assert (found.extraction.answer, found.extraction.ambiguous) == ("B", True)


def test_the_form_of_a_corrected_answer_is_the_whole_text():
    found = classify(CHOICE, "The answer is A. Wait, B.", ["The answer is A. Wait, N."])
    assert found.extraction.form_broken is False
