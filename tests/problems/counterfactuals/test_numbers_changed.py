"""Pairs of word problems: what is another in them, worked out here from their texts alone."""

import re
from collections import Counter
from fractions import Fraction

import pytest
from scipy.stats import chisquare

from ctlab.problems import Problem, load_problems
from ctlab.problems.counterfactuals.number_places import places
from ctlab.problems.counterfactuals.numbers_changed import changeable, changed
from ctlab.problems.tiny import templates

TINY = load_problems("tiny").limited(250).problems
CAN = changeable(TINY)


def problem(question, *steps, gold=None):
    text = "\n".join(f"<<{step}>>" for step in steps)
    return Problem(question=question, solution=text, gold=gold or steps[-1].partition("=")[2])


def pairs(step, *, same=False, crossed=False, seed=0):
    found = {name: changed(own, step=step, same=same, crossed=crossed, seed=seed) for name, own in CAN.items()}
    return [(CAN[name].problem, pair) for name, pair in found.items() if pair is not None]


def steps_of(each):
    """Each equation of a worked solution as numbers and its result, by a reader of its own."""
    found = []
    for left, op, right, result in re.findall(r"<<(\d+)([-+*/])(\d+)=(\d+)>>", each.solution):
        made = {"+": int.__add__, "-": int.__sub__, "*": int.__mul__, "/": Fraction}[op](int(left), int(right))
        assert made == int(result)
        found.append((int(left), int(right), int(result)))
    assert found[-1][2] == each.gold_number.value
    return found


def words_and_numbers(question):
    return re.split(r"\d+", question), [int(digits) for digits in re.findall(r"\d+", question)]


def differences(own, donor):
    """Which steps have another result, and which numbers of the question are others."""
    (words, mine), (theirs_words, theirs) = words_and_numbers(own.question), words_and_numbers(donor.question)
    assert words == theirs_words
    steps = [one[2] != other[2] for one, other in zip(steps_of(own), steps_of(donor), strict=True)]
    return [at for at, differs in enumerate(steps, 1) if differs], [
        (one, other) for one, other in zip(mine, theirs, strict=True) if one != other
    ]


@pytest.mark.parametrize("step", [1, 2, 3, 5])
def test_one_number_changes_one_result_and_what_follows_of_it(step):
    found = pairs(step)
    assert len(found) > 15
    for own, pair in found:
        steps, numbers = differences(own, pair.donor)
        assert len(numbers) == 1
        assert steps[0] == step
        assert steps[-1] == len(steps_of(own))
        old, new = numbers[0]
        readers = [
            at
            for at, (one, other) in enumerate(zip(steps_of(own), steps_of(pair.donor), strict=True), 1)
            if (one[0], other[0]) == (old, new) or (one[1], other[1]) == (old, new)
        ]
        assert readers == [step]
        assert pair.expected == pair.donor.gold_number.value != own.gold_number.value
        assert pair.donor.id != own.id
        assert pair.donor.content_id != own.content_id
        assert sum(pair.alternatives.values()) >= len(pair.alternatives) > 0
        assert len(str(old)) == len(str(new))
        assert abs(old - new) <= 50


@pytest.mark.parametrize("step", [1, 2, 3])
def test_the_same_result_of_a_step_goes_with_another_answer_unless_it_is_the_last(step):
    last = 0
    for own, pair in pairs(step, same=True):
        steps, numbers = differences(own, pair.donor)
        assert step not in steps
        assert pair.expected == own.gold_number.value
        if step == len(steps_of(own)):
            last += 1
            assert len(numbers) == 2
            assert pair.donor.gold_number.value == own.gold_number.value
        else:
            assert len(numbers) == 1
            assert pair.donor.gold_number.value != own.gold_number.value
    assert last > 5


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_crossed_donor_leads_to_the_expected_answer_by_that_result_alone(step):
    found = pairs(step, crossed=True)
    assert len(found) > 15
    for own, pair in found:
        result = steps_of(pair.donor)[step - 1][2]
        with_it = own.graph.results_with(step, result)
        steps, numbers = differences(own, pair.donor)
        assert pair.expected == with_it[-1] != own.gold_number.value
        assert steps[0] == step
        if step == len(with_it):
            assert len(numbers) == 1
            continue
        assert len(numbers) == 2
        for at in steps[1:]:
            assert steps_of(pair.donor)[at - 1][2] != with_it[at - 1]


def test_no_sentence_that_only_distracts_is_changed():
    """A number that no step reads stays: read off the embedded set's own sentences."""
    shapes = [
        re.sub(r"\{\w+\}", r"[\\w ]+", re.escape(each).replace(r"\{", "{").replace(r"\}", "}"))
        for each in templates.DISTRACTORS
    ]
    of_distractors = [re.compile(shape) for shape in shapes]
    seen = 0
    for step in (1, 2, 3):
        for own, pair in pairs(step):
            for one, other in zip(own.question.split(". "), pair.donor.question.split(". "), strict=True):
                if one != other:
                    seen += 1
                    assert not any(each.fullmatch(f"{one.rstrip('.')}.") for each in of_distractors)
    assert seen > 200


def test_which_numbers_one_operation_alone_reads():
    def values(each):
        return [(place.value, place.step, place.side) for place in places(each)]

    plain = problem("Ann has 12 pens and gets 5. She gives 9 away.", "12+5=17", "17-9=8")
    assert values(plain) == [(12, 1, "left"), (5, 1, "right"), (9, 2, "right")]
    # Read twice; said twice; said by a word; a share; not whole; with a comma: none can be changed alone.
    assert values(problem("4 and 30?", "4+30=34", "34-4=30")) == [(30, 1, "right")]
    assert values(problem("6 days, 6 pens, 20 more?", "6+20=26")) == [(20, 1, "right")]
    assert values(problem("Twice as many as 14. He is 2.", "14*2=28")) == [(14, 1, "left")]
    assert values(problem("Half of the 18 pens. Day 2.", "18/2=9")) == [(18, 1, "left")]
    assert values(problem("1/3 of the 18 pens, on day 3.", "18/3=6")) == [(18, 1, "left")]
    assert values(problem("2.5 and 40?", "2.5*40=100")) == [(40, 1, "right")]
    assert values(problem("1,200 and 40?", "1200+40=1240")) == [(40, 1, "right")]
    assert values(problem("1 and 40?", "1+40=41")) == [(40, 1, "right")]
    assert places(Problem(question="3 and 4?", gold=7)) == ()


def test_new_numbers_stay_in_the_range_of_the_set():
    several = [
        problem(f"Case {name}: {a} bags of {b} pens.", f"{a}*{b}={a * b}")
        for name, a, b in (("x", 30, 5), ("y", 12, 7), ("z", 25, 8))
    ]
    can = changeable(several)
    for own in several:
        pair = changed(can[own.id], step=1, same=False, crossed=False, seed=0)
        left, right = (int(digits) for digits in re.findall(r"\d+", pair.donor.question))
        assert 12 <= left <= 30
        assert 5 <= right <= 8
        assert left * right <= 200


def test_a_problem_that_cannot_be_read_or_has_too_few_steps_has_no_pair():
    own = problem("12 and 5?", "12+5=17")
    can = changeable([own, Problem(question="?", gold=3)])
    assert list(can) == [own.id]
    for step in (0, 2):
        assert changed(can[own.id], step=step, same=False, crossed=False, seed=0) is None
    rounded = problem("20 pens among 3.", "20/3=6.67", gold="6.67")
    assert changed(changeable([rounded])[rounded.id], step=1, same=False, crossed=False, seed=0) is None


def test_each_pair_that_fits_is_as_likely_as_the_others():
    own = next(each for each in CAN.values() if len(each.results) == 2 and len(each.single) > 15)
    drawn = [changed(own, step=1, same=False, crossed=False, seed=seed) for seed in range(900)]
    told = Counter(pair.expected for pair in drawn)
    weights = drawn[0].alternatives
    assert all(pair.alternatives == weights for pair in drawn)
    expected = {answer: count / sum(weights.values()) * 900 for answer, count in weights.items()}
    large = [answer for answer in expected if expected[answer] >= 5]
    assert len(large) > 5
    scale = sum(told[answer] for answer in large) / sum(expected[answer] for answer in large)
    assert chisquare([told[a] for a in large], [expected[a] * scale for a in large]).pvalue > 1e-4
