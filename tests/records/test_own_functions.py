"""Own outcomes and features: what they are asked with, and what is refused in one sentence."""

import re

import numpy as np
import pytest

from ctlab.errors import StatisticsError
from ctlab.outcomes import classify
from ctlab.problems import Problem
from ctlab.records.fields import Fields
from ctlab.records.own_functions import OwnFeature, OwnOutcome, named_outcome, nearest, own_outcome

PROBLEM = Problem(question="How far is 3 km and 4 km?", gold=7, fields=Fields({"difficulty": 3}))
SAID = "The answer is: 7"
LABEL = classify(PROBLEM, SAID)


def of(function):
    return OwnOutcome("CONTAINS_UNIT", function).of(PROBLEM, SAID, LABEL)


def test_an_outcome_is_asked_with_problem_and_text_and_the_label_where_it_needs_one():
    assert of(lambda problem, text: (problem, text) == (PROBLEM, SAID))
    assert of(lambda problem, text, label: label is LABEL)
    assert of(lambda problem, text, least=3: least == 3)
    assert of(lambda *given: given == (PROBLEM, SAID))
    assert of(lambda problem, text: np.bool_(True)) is True


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda problem, text: 1 / 0, r"own outcome CONTAINS_UNIT failed for problem \w{16} \('How far.*ZeroDivision"),
        (lambda problem, text: re.search("7", text), r"returned <re.Match .* for problem .*; return True or False$"),
        (lambda problem, text: 1, "returned 1 for problem"),
        (lambda problem, text: None, "returned None for problem"),
        (lambda problem: True, r"is called with \(problem, text\) or \(problem, text, classification\), which its fun"),
        (lambda a, b, c, d: True, "which its function does not take"),
        ("km", "own outcome CONTAINS_UNIT must be a function, not 'km'"),
    ],
)
def test_an_outcome_that_cannot_be_asked(function, message):
    with pytest.raises(StatisticsError, match=message):
        of(function)


@pytest.mark.parametrize("name", ["", "Contains_unit", "EVERY", "A B", "1A", "A__B", "A_"])
def test_names_that_no_outcome_has(name):
    with pytest.raises(StatisticsError, match="an own outcome is named in capitals"):
        OwnOutcome(name, lambda problem, text: True)


@pytest.mark.parametrize("value", [0, -2.5, True, None, "algebra", np.float64(0.5), np.int64(3)])
def test_values_that_a_feature_may_have(value):
    assert OwnFeature("level", lambda problem: value).of(PROBLEM) == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [1], 1j, 10**400])
def test_values_that_a_feature_may_not_have(value):
    with pytest.raises(StatisticsError, match="own feature level must be a finite number, True or False, a te"):
        OwnFeature("level", lambda problem: value).of(PROBLEM)


def test_a_feature_that_fails_says_for_which_problem():
    with pytest.raises(StatisticsError, match=r"own feature level failed for problem \w{16} .*KeyError: 'level'"):
        OwnFeature("level", lambda problem: problem.fields["level"]).of(PROBLEM)


def test_a_function_is_named_as_it_is():
    def contains_unit(problem, text):
        return True

    assert named_outcome(contains_unit) == "CONTAINS_UNIT"
    assert named_outcome("CORRECT") == str(own_outcome(OwnOutcome("CORRECT", contains_unit))) == "CORRECT"
    assert named_outcome(lambda problem, text: True) == "OWN_OUTCOME"


def test_the_nearest_name():
    assert nearest("HAS_MARKR", ["CORRECT", "HAS_MARKER"]) == "; did you mean 'HAS_MARKER'?"
    assert nearest("correct", ["CORRECT"]) == "; did you mean 'CORRECT'?"
    assert nearest("xyz", ["CORRECT"]) == ""
