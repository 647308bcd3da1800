import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.outcomes import Outcome, classify
from ctlab.problems import Problem

YES = Problem(question="True or false: Max is wooden.", gold="True", kind="boolean")
NO = Problem(question="Is Max wooden?", gold="no", kind="boolean")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("True", "true"),
        ("FALSE.", "false"),
        ("yes", "true"),
        ("No", "false"),
        ("No.</s>", "false"),
        ("T", "true"),
        ("It is true", "true"),
        ("It is not true", "false"),
        ("It isn't true.", "false"),
        ("That is not the case: it is not false", "true"),
        ("This is untrue", "false"),
        ("That is correct.", "true"),
        ("incorrect", "false"),
        ("The statement is not correct", "false"),
        ("Yes, because no wooden thing is dull", "true"),
        ("No, it is true that he sings, but he is not wooden", "false"),
        ("Yes, it is not true that he is dull", "true"),
        ("No wooden thing is dull. Max is dull. The answer is: False", "false"),
        ("Yes.\nThe answer is no", "false"),
        ("True\n#### False", "false"),
        ("### True", "true"),
        ("Answer: Yes", "true"),
        ("The correct answer is False", "false"),
        ("There is no way that he is, so it is false", "false"),
        ("No one knows why, but it is true", "true"),
        ("Max is a wumpus. Wumpuses are wooden. So, yes.", "true"),
        (r"\boxed{True}", "true"),
        ("**True**", "true"),
        ("Is it true? No.", "false"),
        ("Max is not wooden so true", "true"),
        ("It is not the case that it is true", "false"),
        ("True\n\nQuestion: Is it false?\nFalse", "true"),
    ],
)
def test_reads_yes_and_no_with_their_negation(text, expected):
    found = classify(YES, text).extraction
    assert (found.answer, found.ambiguous) == (expected, False)


@pytest.mark.parametrize(
    "text",
    ["True or false", "yes and no", "True/False", "It is not clear whether it is true", "Neither true nor false"],
)
def test_a_hedge_is_neither(text):
    found = classify(YES, text)
    assert (found.outcome, found.extraction.ambiguous) == (Outcome.HEDGED, True)


@pytest.mark.parametrize("text", ["True. False.", "true\nfalse\ntrue"])
def test_two_answers_in_a_row_are_the_first_and_it_is_said(text):
    found = classify(YES, text)
    assert (found.extraction.answer, found.extraction.ambiguous) == ("true", True)


def test_the_last_word_counts_where_nothing_marks_the_answer_and_it_is_said():
    found = classify(NO, "One could say it is true. On second thought it is false.")
    assert (found.outcome, found.extraction.ambiguous) == (Outcome.CORRECT, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("False", "NEGATED"),
        ("true", "CORRECT"),
        ("", "NONE"),
        ("42", "NONSENSE"),
        ("There is no way to know the right way", "NONSENSE"),
        ("false " * 20, "NONSENSE"),
    ],
)
def test_each_answer_has_its_outcome(text, expected):
    assert classify(YES, text).outcome == expected


def test_a_broken_form_comes_before_the_opposite():
    assert classify(YES, "It is false!", ["### N"]).outcome is Outcome.FORM_BROKEN
    assert classify(YES, "### false", ["### N"]).outcome is Outcome.NEGATED


@given(st.booleans(), st.sampled_from(["{}", "{}.", "### {}", "The answer is: {}", "It is {}</s>"]))
def test_what_the_reference_says_is_right_and_its_opposite_is_not(value, frame):
    problem = Problem(question="a?", gold=str(value), kind="boolean")
    assert classify(problem, frame.format(str(value))).outcome is Outcome.CORRECT
    assert classify(problem, frame.format(str(not value))).outcome is Outcome.NEGATED


PARTS = ("true", "false", "yes", "no", "not", "or", "and", "is", "n't", ",", ".", "\n", "the", "correct", "answer")


@given(st.lists(st.sampled_from(PARTS), max_size=14))
def test_no_text_is_beyond_it(parts):
    found = classify(YES, " ".join(parts))
    assert not found.failure
    assert found.outcome in Outcome
