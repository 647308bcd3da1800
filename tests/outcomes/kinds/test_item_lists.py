import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.outcomes import Outcome, classify
from ctlab.problems import Problem

FRUIT = Problem(question="Which?", gold="apple, pear, fig", kind="set")
WAY = Problem(question="In which order?", gold="wake, eat, leave, eat", kind="sequence")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fig, pear, apple", "CORRECT"),
        ("Apple; pear and the fig.", "CORRECT"),
        ("apple, apple, pear and fig", "CORRECT"),
        ("{fig, apple, pear}", "CORRECT"),
        ("The answer is: [apple, pear, fig]</s>", "CORRECT"),
        ("I thought so.\nfig, pear, apple", "CORRECT"),
        ("apple and fig", "MISSING_ITEM"),
        ("apple, pear, fig, plum", "EXTRA_ITEM"),
        ("apple, plum", "WRONG_ITEM"),
        ("plum", "UNEXPLAINED"),
        ("", "NONE"),
        (", ;", "NONSENSE"),
        ("plum, " * 20, "NONSENSE"),
    ],
)
def test_a_set_has_no_order(text, expected):
    assert classify(FRUIT, text).outcome == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wake, eat, leave, eat", "CORRECT"),
        ("wake -> eat -> leave -> eat", "CORRECT"),
        ("wake, then eat, then leave and then eat", "CORRECT"),
        ("eat, wake, leave, eat", "WRONG_ORDER"),
        ("wake, eat, leave", "MISSING_ITEM"),
        ("wake, eat, leave, eat, sleep", "EXTRA_ITEM"),
        ("wake, eat, leave, sleep", "WRONG_ITEM"),
        ("sleep", "UNEXPLAINED"),
        ("###", "NONSENSE"),
    ],
)
def test_a_sequence_has_one(text, expected):
    assert classify(WAY, text).outcome == expected


def test_an_item_said_twice_is_said_to_count_once():
    assert "one said twice counted once" in classify(FRUIT, "fig, fig, pear, apple").extraction.reading


def test_an_alias_is_a_whole_reference_answer():
    either = Problem(question="Which?", gold="1, 2", kind="set", aliases=("one, two",))
    assert classify(either, "two, one").outcome is Outcome.CORRECT
    assert classify(either, "one").outcome is Outcome.MISSING_ITEM


NAMES = st.lists(st.sampled_from(["ash", "birch", "cedar", "elm", "fir"]), min_size=1, max_size=5, unique=True)


@given(NAMES, NAMES, st.randoms())
def test_a_set_is_right_exactly_where_the_items_are(gold, said, rng):
    problem = Problem(question="Which?", gold=", ".join(gold), kind="set")
    shuffled = rng.sample(said, len(said))
    right = classify(problem, ", ".join(shuffled)).outcome is Outcome.CORRECT
    assert right == (set(gold) == set(said))


@given(NAMES, NAMES)
def test_a_sequence_is_right_exactly_where_the_order_is_too(gold, said):
    problem = Problem(question="Which?", gold=", ".join(gold), kind="sequence")
    outcome = classify(problem, ", ".join(said)).outcome
    assert (outcome is Outcome.CORRECT) == (gold == said)
    assert (outcome is Outcome.WRONG_ORDER) == (gold != said and sorted(gold) == sorted(said))
