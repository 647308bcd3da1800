"""Donors: who fits, who is chosen, and on what that depends."""

import hashlib
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from ctlab.interventions.donor_rule import Matching
from ctlab.interventions.donors import all_donors, donors
from ctlab.problems import Problem, load_problems


def problem(name, *steps):
    """A problem with a worked solution of these equations."""
    gold = steps[-1].partition("=")[2]
    return Problem(question=f"{name}?", solution=" ".join(f"<<{step}>>" for step in steps), gold=gold)


def matching(step=1, same=False, seed=0):
    return Matching(step=step, same=same, seed=seed)


def names(problems, found):
    named = {each.id: each.question[:-1] for each in problems}
    return {named[one]: {named[other] for other in others} for one, others in found.items() if others}


def fit(problems, **fields):
    """Names of the donors that fit each problem that has one."""
    return names(problems, all_donors(problems, matching(**fields)))


RANGE = problem("range", "1+98=99", "99-98=1", "1+0=1", "1+0=1", "1+0=1")  # what results of the set may be


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("same", [False, True])
def test_donors_of_the_embedded_set_are_what_they_are_said_to_be(step, same):
    problems = load_problems("tiny").limited(300).problems
    by_id = {each.id: each for each in problems}
    chosen = donors(problems, matching(step, same, seed=2))
    assert len(chosen) > 5
    for one, other in chosen.items():
        own, donor = by_id[one].graph, by_id[other].graph
        assert one != other
        assert [(o.left_from, o.right_from) for o in own.operations] == [
            (o.left_from, o.right_from) for o in donor.operations
        ]
        alike = [mine == theirs for mine, theirs in zip(own.results, donor.results, strict=True)]
        assert alike[step - 1] == same
        if same:
            assert sum(alike) == 1
        else:
            results = own.results_with(step, donor.results[step - 1])
            assert results[-1] != own.gold
            assert all(Fraction(result).denominator == 1 and 0 <= result <= 99 for result in results)


def test_operations_may_be_others_and_the_wiring_may_not():
    problems = [
        problem("a", "2+3=5", "5*2=10"),
        problem("b", "9-2=7", "7+1=8"),
        problem("tree", "2+3=5", "4+4=8", "8-5=3"),
        problem("short", "2+4=6"),
        RANGE,
    ]
    assert fit(problems) == {"a": {"b"}, "b": {"a"}}
    assert fit(problems, step=2) == {"a": {"b"}, "b": {"a"}}
    assert fit(problems, step=3) == {}


@pytest.mark.parametrize(
    ("own", "donor", "fits"),
    [
        (("8/2=4", "4+1=5"), ("1+5=6", "6+1=7"), True),
        (("8+2=10", "10/2=5"), ("1+6=7", "7+1=8"), False),  # 7 / 2 is not whole
        (("9-2=7", "7-6=1"), ("1+4=5", "5+1=6"), False),  # 5 - 6 is negative
        (("2+3=5", "5*9=45"), ("8+4=12", "12+1=13"), False),  # 12 * 9 is beyond all results of the set
        (("2+3=5", "5*0=0"), ("1+3=4", "4+1=5"), False),  # the answer would be the same
        (("4-2=2", "8/2=4"), ("5-5=0", "8+0=8"), False),  # nothing follows of 8 / 0
        (("2+3=5", "5*9=45"), ("3+2=5", "5+1=6"), False),  # the same result
    ],
)
def test_a_donor_s_result_leads_to_another_answer_of_the_own_kind(own, donor, fits):
    problems = [problem("own", *own), problem("donor", *donor), RANGE]
    assert ("own" in fit(problems)) == fits


def test_a_step_that_the_answer_does_not_depend_on_has_no_donors():
    problems = [problem("a", "1+1=2", "4+5=9"), problem("b", "2+1=3", "4+6=10")]
    assert fit(problems) == {}
    assert fit(problems, step=2) == {"a": {"b"}, "b": {"a"}}


@pytest.mark.parametrize(
    ("donor", "fits"),
    [
        (("1+9=10", "10*3=30"), True),
        (("8+2=10", "10*3=30"), False),  # reached from the same numbers
        (("1+9=10", "10/2=5"), False),  # another result in common
        (("1+8=9", "9+1=10"), False),  # another result of the step
    ],
)
def test_a_control_has_one_result_in_common_and_nothing_else(donor, fits):
    problems = [problem("own", "8+2=10", "10-5=5"), problem("donor", *donor), RANGE]
    assert ("own" in fit(problems, same=True)) == fits


def test_problems_without_a_readable_solution_have_none_and_are_none():
    problems = [Problem(question="no solution?", gold=5), problem("a", "1+1=2"), problem("b", "2+1=3")]
    assert fit(problems) == {"a": {"b"}, "b": {"a"}}


def test_a_step_that_calculates_nothing_gives_nothing():
    problems = [problem("a", "5=5", "5*2=10"), problem("b", "6=6", "6*2=12")]
    assert fit(problems) == {}


TINY = load_problems("tiny").limited(120).problems


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(len(TINY))), st.integers(1, 3), st.booleans(), st.integers(0, 5))
def test_the_order_of_the_problems_does_not_matter(order, step, same, seed):
    asked = matching(step, same, seed)
    assert donors([TINY[place] for place in order], asked) == donors(TINY, asked)


def test_the_next_one_in_the_circle_that_fits_is_chosen():
    """So that most problems keep their donor in a larger set, and each donor lends to few."""

    def place(name):
        return hashlib.sha256(f"3\n{name}".encode()).hexdigest()

    fitting = all_donors(TINY, matching(2, seed=3))
    for one, others in fitting.items():
        further = [other for other in others if place(other) > place(one)]
        assert [*others[:1]] == sorted(further or others, key=place)[:1]
    chosen = donors(TINY, matching(2, seed=3))
    assert chosen == {one: others[0] for one, others in fitting.items() if others}
    assert chosen != donors(TINY, matching(2, seed=4))
    part = donors(TINY[:60], matching(2, seed=3))
    ids = {each.id for each in TINY[:60]}
    stay = {one for one, other in chosen.items() if one in ids and other in ids}
    # Where the donor is in the part it is the donor there too, unless the range of its results is narrower.
    assert sum(part.get(one) == chosen[one] for one in stay) >= 0.8 * len(stay) > 5


def test_over_seeds_each_donor_that_fits_is_chosen_as_often():
    """What chance says of an answer rests on it (`measures.exchanged_answers`)."""
    problems = TINY[:40]
    draws = [all_donors(problems, matching(2, seed=seed)) for seed in range(400)]
    fewest = min((each for each in draws[0] if len(draws[0][each]) > 2), key=lambda each: len(draws[0][each]))
    counts = Counter(found[fewest][0] for found in draws)
    assert set(counts) == set(draws[0][fewest])
    assert chisquare([*counts.values()]).pvalue > 0.001
