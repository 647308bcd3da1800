"""What a subject knows of its problems, and how two differ."""

from dataclasses import replace

import pytest

from ctlab.claims import Subject
from ctlab.claims.subject import asked, overlap
from ctlab.problems import Problem


def subject(problems, **fields):
    given = {"model": "m", "problems": "p", "padding": "exact", "dtype": "float32", "max_new_tokens": 64}
    return Subject(**{**given, **fields}, **asked(problems))


SUMS = [Problem(question=f"What is {k} plus {k}?", gold=2 * k) for k in range(1, 41)]
HERE = subject(SUMS)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({3: {"gold": 7}}, "gold differs in 1 problem"),
        ({3: {"gold": 7}, 9: {"gold": 1}}, "gold differs in 2 problems"),
        ({3: {"question": "What is  4 plus 4?"}}, "text differs in 1 problem"),
        ({3: {"question": " What is 4 plus 4?", "gold": 9}}, "text differs in 1 problem and gold differs in 1 problem"),
        ({3: {"question": "What is 400 plus 4?"}}, ""),  # another question, and not the same one changed
    ],
)
def test_differences_are_counted_problem_by_problem_in_either_direction(changed, said):
    other = subject([replace(each, **changed.get(row, {})) for row, each in enumerate(SUMS)])
    assert HERE.differences(other) == other.differences(HERE) == said
    assert other == HERE, "one digest"
    assert HERE.is_same(other) == (not said)


def test_order_makes_no_difference_and_what_is_not_known_none_either():
    assert HERE.differences(subject(SUMS[::-1])) == ""
    assert HERE.differences(replace(HERE, golds="", ids=frozenset())) == ""
    assert HERE.texts == "", "no question has a blank too many"


def test_blanks_do_not_make_another_problem():
    wide = [Problem(question=each.question.replace(" ", "\n "), gold=each.gold_number) for each in SUMS]
    assert {each.id for each in wide}.isdisjoint(each.id for each in SUMS)
    assert subject(wide).ids == HERE.ids


def test_an_overlap_says_what_was_left_out():
    there = subject(SUMS).ids
    here = subject(SUMS[10:]).ids
    assert overlap(here, there, "sums", same=False) == (
        "30 of 30 problems were answered before, as part of sums, under other ids or in another order; "
        "10 of its 40 are left out here"
    )
    assert overlap(there, there, "sums", same=True) == overlap(frozenset("a"), there, "sums", same=False) == ""


def test_several_models_are_named_by_digest_and_share_answers_where_one_is_the_same():
    one = replace(HERE, model="coconut=aaaa+pause=bbbb@64")
    assert one.models == {"aaaa", "bbbb"}
    assert replace(HERE, model="aaaa").models == {"aaaa"}
    assert one.shares_answers_with(replace(HERE, model="aaaa"))
    assert one.shares_answers_with(replace(HERE, model="cccc+written=bbbb"))
    assert not one.shares_answers_with(replace(HERE, model="coconut=cccc"))
    assert one != replace(HERE, model="coconut=bbbb+pause=aaaa@64"), "who is called what belongs to it"
