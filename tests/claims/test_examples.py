from ctlab.claims import Direction, Kind
from ctlab.claims.examples import find_examples
from tests.claims.making import claim, runs


def test_two_lost_problems_with_both_answers():
    first, second = find_examples(claim(), runs())
    assert (first.change, second.change) == ("lost", "lost")
    assert first.problem_id < second.problem_id
    assert dict(first.answers) == {"baseline": "says CORRECT", "ct0_blocked": "says LOGIC_ERROR"}
    assert first.gold == "7"


def test_gained_ones_where_nothing_is_lost():
    assert {example.change for example in find_examples(claim(), runs(lost=0, gained=5))} == {"gained"}


def test_gained_ones_first_where_more_are_claimed():
    more = claim(Direction.INCREASE, outcome="LOGIC_ERROR")
    assert {example.change for example in find_examples(more, runs())} == {"gained"}
    # The loss of one condition is claimed to be the larger one: what is lost shows it.
    losing = claim(Direction.INCREASE, kind=Kind.MORE_THAN)
    assert {example.change for example in find_examples(losing, runs())} == {"lost"}


def test_none_where_nothing_changed_or_nothing_was_run():
    assert find_examples(claim(), runs(lost=0, gained=0)) == ()
    assert find_examples(claim(), {}) == ()
