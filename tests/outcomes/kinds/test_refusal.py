import pytest

from ctlab.outcomes import Outcome, classify
from ctlab.problems import Problem

PROBLEMS = [
    Problem(question="Which?", gold="C", kind="choice", options=("car", "plane", "snail", "train")),
    Problem(question="Is it?", gold="False", kind="boolean"),
    Problem(question="Who?", gold="Sally is a sterpus.", kind="entity"),
    Problem(question="Who?", gold="Paris", kind="entity"),
    Problem(question="Which?", gold="red, blue", kind="set"),
    Problem(question="How?", gold="wash, dry", kind="sequence"),
]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: f"{problem.kind}-{problem.gold}")
@pytest.mark.parametrize(
    "text",
    [
        "I don't know.",
        "I do not know the answer to this question",
        "I cannot answer",
        "I'm sorry, but I can't help with that.",
        "I'm not sure.",
        "It cannot be determined.",
        "I need more information to answer this.",
        "There is not enough information.",
        "The answer is: I don't know</s>",
        "The answer is unknown.",
        "no answer",
        "No idea",
        "Unknown",
        "N/A",
        "-",
        "?",
        "Answer: -",
        "I don't know. There is not enough information.",
    ],
)
def test_a_refusal_is_no_answer(problem, text):
    found = classify(problem, text)
    assert (found.outcome, found.extraction.answer) == (Outcome.NONE, None)
    assert found.explanations[0].detail == "the text says that it has no answer"


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (PROBLEMS[0], "I don't know, but I think it is C"),
        (PROBLEMS[1], "I'm not sure, but no."),
        (PROBLEMS[2], "I'm not sure, but Sally is a sterpus."),
        (PROBLEMS[3], "I don't know. Paris"),
    ],
)
def test_a_doubt_before_an_answer_refuses_nothing(problem, text):
    assert classify(problem, text).outcome is Outcome.CORRECT


def test_such_words_are_an_answer_where_just_that_is_asked_for():
    anonymous = Problem(question="Who wrote Beowulf?", gold="Unknown", kind="entity")
    assert classify(anonymous, "unknown.").outcome is Outcome.CORRECT
    offered = Problem(question="Who?", gold="A", kind="choice", options=("Bob", "Ann", "I don't know"))
    assert classify(offered, "I don't know").outcome is Outcome.WRONG_OPTION
    assert classify(offered, "unknown").outcome is Outcome.NONE


def test_a_hesitation_between_two_is_no_refusal():
    assert classify(PROBLEMS[1], "I don't know whether it is true").outcome is Outcome.HEDGED
