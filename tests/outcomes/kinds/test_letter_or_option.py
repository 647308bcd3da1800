import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.outcomes import Outcome, classify
from ctlab.problems import Problem

RIVER = Problem(
    question="Where does a boat float?",
    gold="B",
    kind="choice",
    options=("desk", "river", "New York", "New York City", "man", "river bed"),
)


def read(text, problem=RIVER):
    found = classify(problem, text)
    assert not found.failure
    return found.extraction.answer, found.extraction.ambiguous


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B", "B"),
        ("(B)", "B"),
        ("B.", "B"),
        ("b", "B"),
        ("(b)", "B"),
        ("b) river", "B"),
        ("B) river", "B"),
        ("Answer: B) river", "B"),
        ("The answer is B", "B"),
        ("The answer is: B</s>", "B"),
        ("The correct option is (B).", "B"),
        ("#### B", "B"),
        ("**B**", "B"),
        (r"The answer is \boxed{\text{B}}.", "B"),
        ("River.", "B"),
        ("the  river", "B"),
        ("It floats on a river, of course", "B"),
        ("It is in a river bed", "F"),
        ("New York City", "D"),
        ("New York", "C"),
        ("He saw new york city there", "D"),
        ("A man", "E"),
        ("A man sits there", "E"),
        ("A", "A"),
        ("(A) desk", "A"),
        ("The answer is A", "A"),
        ("not A but B", "B"),
        ("The answer is not (A), but (B).", "B"),
        ("A is wrong. The answer is B", "B"),
        ("It is not in the desk so river", "B"),
        ("I choose B because it is wet", "B"),
        ("option c", "C"),
        ("B<|endoftext|>A", "B"),
        ("B\nQ: What is dry?\nA", "B"),
        ("B. A is wrong because desks do not float", "B"),
        ("I think so. The boat needs water. So it is B.", "B"),
        ("The answer is A. No: the answer is B", "B"),
    ],
)
def test_reads_letters_and_texts_as_a_person_does(text, expected):
    assert read(text) == (expected, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A or B", "A or B"),
        ("(A) or (B)", "A or B"),
        ("The answer is A/B", "A or B"),
        ("The desk, I think, or the river.", "A or B"),
        ("desk or river", "A or B"),
    ],
)
def test_a_hedge_chooses_none(text, expected):
    assert read(text) == (expected, True)
    assert classify(RIVER, text).outcome is Outcome.HEDGED


@pytest.mark.parametrize("text", ["B) desk", "Perhaps A. Then again B.", "There is a desk. There is a river."])
def test_where_a_person_would_hesitate_it_is_said(text):
    assert read(text) == ("B", True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B", "CORRECT"),
        ("", "NONE"),
        (" </s>", "NONE"),
        ("<|endoftext|>", "NONE"),
        ("qwerty", "NONSENSE"),
        ("A man-made lake", "NONSENSE"),
        ("C" * 40, "NONSENSE"),
        ("C. C. C. C. C. C. C. C. C. C. C. C. ", "NONSENSE"),
        ("C", "WRONG_OPTION"),
        ("the desk", "WRONG_OPTION"),
        ("It is not B", "NEGATED"),
        ("It is not C", "UNEXPLAINED"),
        ("G", "UNEXPLAINED"),
    ],
)
def test_each_answer_has_its_outcome(text, expected):
    assert classify(RIVER, text).outcome == expected


def test_the_reference_answer_may_be_the_text_and_options_may_be_unknown():
    by_text = Problem(question="Where?", gold="River", kind="choice", options=("desk", "river"), aliases=("stream",))
    assert [classify(by_text, text).outcome for text in ("B", "river", "a stream")] == ["CORRECT"] * 3
    alone = Problem(question="Where?", gold="(C)", kind="choice")
    assert [classify(alone, text).outcome for text in ("C", "(D)")] == ["CORRECT", "WRONG_OPTION"]


def test_a_broken_form_is_told_from_a_wrong_option():
    forms = ["The answer is N"]
    assert classify(RIVER, "The answer is C", forms).outcome is Outcome.WRONG_OPTION
    assert classify(RIVER, "C!", forms).outcome is Outcome.FORM_BROKEN
    assert classify(RIVER, "B!", forms).outcome is Outcome.CORRECT


@given(st.text(alphabet="ABC()[]. ,\nornotbut:#</s>|river", max_size=60) | st.text(max_size=40))
def test_no_text_is_beyond_it(text):
    found = classify(RIVER, text)
    assert not found.failure
    assert found.outcome in Outcome
    assert type(found).from_json(found.to_json()) == found


def test_two_options_of_one_text_are_the_right_one_where_either_is_and_it_is_said():
    twice = Problem(question="What is not alive?", gold="C", kind="choice", options=("dead", "dying", "Dead"))
    assert read("dead", twice) == ("C", True)
    assert read("(C) dead", twice) == ("C", False)
    assert read("(A) dead", twice) == ("A", False)
