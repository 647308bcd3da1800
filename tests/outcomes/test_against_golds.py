"""Right or wrong without an explanation is what a classification says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctlab.outcomes import Outcome, against_golds, classify, taxonomy
from ctlab.outcomes.against_golds import Rightness, is_right, outcome_by_any, problems_of, right_by_any
from ctlab.problems import Problem

QUESTION = "Janet has 18 eggs, sells 3 and asks Sally, a lempus, whether a sterpus is red, blue or green. How many?"
PROBLEMS = {
    "number": Problem(question=QUESTION, gold="18", solution="Janet has 21-3=<<21-3=18>>18.\n#### 18"),
    "choice": Problem(question=QUESTION, gold="B", kind="choice", options=("red", "blue", "green")),
    "boolean": Problem(question=QUESTION, gold="True", kind="boolean"),
    "entity": Problem(question=QUESTION, gold="sterpus", kind="entity", options=("sterpus", "lempus")),
    "set": Problem(question=QUESTION, gold="red, blue", kind="set"),
    "sequence": Problem(question=QUESTION, gold="red, blue", kind="sequence"),
}
TOKENS = r"""18 15 3 -18 18.0 $18 1,800 3*6=18 18/2 21-3=(18) eighteen #### The answer is: A: \boxed{18} B (B) red blue,
green sterpus lempus not no True false or and ? . <<3*6=18>> 1e3 % k 10² 18①"""
WORDS = st.sampled_from((*TOKENS.split(), "\n", "\ud800", "\N{FULLWIDTH EQUALS SIGN}"))
TEXTS = st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=30)


@pytest.mark.parametrize("kind", PROBLEMS)
@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_right_is_what_is_classified_as_correct(kind, text):
    found, label = is_right(PROBLEMS[kind], text), classify(PROBLEMS[kind], text)
    assert found == Rightness(label.outcome is Outcome.CORRECT, label.extraction.ambiguous)


def test_nobody_asks_what_a_wrong_number_came_from(monkeypatch):
    monkeypatch.setattr(taxonomy, "_explained", lambda *_: pytest.fail("explained"))
    assert is_right(PROBLEMS["number"], "#### 15") == Rightness(False, False)


@pytest.mark.parametrize("kind", ["number", "choice"])
def test_a_mistake_of_ours_costs_this_answer_alone(kind, monkeypatch):
    def mistake(*_):
        raise RecursionError

    monkeypatch.setattr(against_golds, "extract", mistake)
    monkeypatch.setattr(taxonomy, "classified", mistake)
    assert is_right(PROBLEMS[kind], "never seen before: #### 15") is None
    assert right_by_any((PROBLEMS[kind],), "never seen before: #### 15") is None


def test_one_of_several_reference_answers_is_enough():
    problems = problems_of(("17", "none", "3*6=18\n#### 18"), "number", "How many?")
    assert [problem.gold for problem in problems] == ["17", "18"]
    assert right_by_any(problems, "#### 18") == Rightness(True, False)
    assert outcome_by_any(problems, "#### 18") is Outcome.CORRECT
    assert outcome_by_any(problems, "#### -17") is Outcome.SIGN_ERROR


def test_without_a_reference_answer_nothing_is_said():
    assert problems_of(("none",), "number", "How many?") == ()
    assert right_by_any((), "#### 18") is None
    assert outcome_by_any((), "#### 18") is None
