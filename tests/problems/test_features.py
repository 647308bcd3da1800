from dataclasses import replace

import pytest

from ctlab.problems import Features, Problem, features, load_problems
from ctlab.problems.features import has_fractions, max_number
from tests.shared_data import shared

DUCKS = Problem(
    question="Janet's ducks lay 16 eggs per day. She eats 3 and sells the other ones for $2 each. How many dollars?",
    solution="<<16-3=13>> <<13*2=26>>\n#### 26",
    gold=26,
)


def test_features_come_from_the_graph_and_the_question():
    assert DUCKS.features == Features(
        n_tokens=21,
        n_operations=2,
        n_operation_types=2,
        max_number=16.0,
        multi_step=True,
        has_division=False,
        has_multiplication=True,
        has_fractions=False,
        tokens_counted_by="words",
    )


def test_a_tokenizer_counts_tokens_and_is_named():
    found = features(DUCKS, len, counted_by="characters")
    assert (found.n_tokens, found.tokens_counted_by) == (len(DUCKS.question), "characters")


def test_operators_count_once_each_time():
    found = replace(DUCKS, solution="<<16*.5*2+3-3+10=26>>").features
    assert (found.n_operations, found.n_operation_types) == (5, 3)


def test_hyphens_and_slashes_in_prose_are_no_operations():
    problem = Problem(question="A 60-mile trip at $20/hour?", solution="A 60-mile trip: <<60+20=80>>80", gold=80)
    assert (problem.features.n_operations, problem.features.has_division) == (1, False)
    assert not problem.features.multi_step


def test_a_solution_that_parses_in_part_still_counts_its_operators():
    problem = replace(DUCKS, solution="<<16-3=13>> then twice that")
    assert problem.graph is None
    assert problem.features.n_operations == 1


def test_without_a_worked_solution_nothing_is_made_up():
    found = Problem(question="How many?", gold=3).features
    assert (found.n_operations, found.multi_step, found.has_division, found.max_number) == (None, None, None, None)


def test_features_travel_as_json():
    assert Features.from_json(DUCKS.features.to_json()) == DUCKS.features


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("He has $80,000 and 50,000 more", 80_000),
        ("increased by 150% to 12", 150),
        ("the 20th of 3 days", 3),
        ("the 1st, 2nd and 3rd", None),
        ("two dozen eggs and 12 more", 24),
        ("3 dozen eggs and 12 more", 36),
        ("half of 1/3", 1 / 3),
        ("temperature of -4", -4),
        ("a 60-mile trip", 60),
        ("$0.5 million and 3 more", 500_000),
        ("nothing", None),
    ],
)
def test_max_number(question, expected):
    assert max_number(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "He eats 1/3 of it",
        "half of them",
        "half as many",
        "a third of the eggs",
        "one third are red",
        "two-thirds of it",
        "three quarters of an hour",
        "a quarter of the cake",
        "one fifth",
        "sixths",
        "2½ cups",
        "one-half",
    ],
)
def test_parts_of_a_whole_are_fractions(question):
    assert has_fractions(question)


@pytest.mark.parametrize(
    "question",
    [
        "She came in third place",
        "the third of May",
        "his fourth birthday",
        "a third friend joins",
        "$20/hour",
        "on 3/4/2020",
        "20% off",
        "four quarters and two dimes",
        "on behalf of all",
        "the second time",
    ],
)
def test_ordinals_rates_and_percentages_are_none(question):
    assert not has_fractions(question)


def test_features_of_gsm8k_are_plausible():
    found = [problem.features for problem in load_problems(shared("data/gsm8k/test.jsonl"))]
    known = [each for each in found if each.n_operations is not None]
    assert len(known) >= 1310
    assert 3 < sum(each.n_operations for each in known) / len(known) < 4
    assert 0.15 < sum(each.has_fractions for each in found) / len(found) < 0.35
    assert min(each.max_number for each in found if each.max_number is not None) > 0
