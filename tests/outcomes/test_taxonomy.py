import pytest
from hypothesis import given
from hypothesis import strategies as st

import ctlab
from ctlab.outcomes import Classification, Outcome, classify
from ctlab.outcomes.outcome import OUTCOMES_OF
from ctlab.outcomes.taxonomy import label, written_steps
from ctlab.problems import Number, Problem, load_problems

DUCKS = Problem(
    question="Ducks lay 16 eggs a day. She eats 3, bakes with 4 and sells the rest for $2 each. How many dollars?",
    solution="16 - 3 - 4 = <<16-3-4=9>>9\n9 * 2 = <<9*2=18>>18\n#### 18",
    gold=18,
)
CAKES = Problem(
    question="7 boxes of 80 cakes are sold, 24 cakes a day. How many cakes are left after 5 days?",
    solution="<<7*80=560>> <<24*5=120>> <<560-120=440>>",
    gold=440,
)


def outcome(text, problem=DUCKS):
    return classify(problem, text).outcome


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The answer is: 18", "CORRECT"),
        ("The answer is: $18.00", "CORRECT"),
        ("", "NONE"),
        (" \n\N{ZERO WIDTH SPACE}", "NONE"),
        ("I do not know", "NONSENSE"),
        ("5 " * 50, "NONSENSE"),
        ("The answer is: -18", "SIGN_ERROR"),
        ("The answer is: 9", "PARTIAL_ANSWER"),
        ("The answer is: 13", "PARTIAL_ANSWER"),
        ("The answer is: 30", "OPERATION_REVERSAL"),
        ("The answer is: 4.5", "OPERATION_REVERSAL"),
        ("The answer is: 180", "OFF_BY_FACTOR"),
        ("The answer is: 54", "OFF_BY_FACTOR"),
        ("The answer is: 20", "CALC_ERROR"),
        ("The answer is: 17", "CALC_ERROR"),
        ("The answer is: 48", "LOGIC_ERROR"),
        ("The answer is: 1001", "UNEXPLAINED"),
    ],
)
def test_outcomes_of_a_final_number(text, expected):
    assert outcome(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<<16-3=12>> <<12*2=24>>\nA: 24", "CALC_ERROR"),
        ("16 - 3 = 12, and 12 * 2 = 24. The answer is: 24", "CALC_ERROR"),
        ("<<16-3=12>>\nA: 9", "CALC_ERROR"),
        ("<<16-3=12>>\nA: 18", "CORRECT"),
        ("<<16-4=12>> <<12*2=24>>\nA: 1001", "LOGIC_ERROR"),
        ("<<16+4=20>>\nA: 20", "LOGIC_ERROR"),
        # What true steps happen to reach is no part and no multiple of a plan that they did not follow.
        ("<<16-4=12>>\nA: 9", "LOGIC_ERROR"),
        ("<<16-4=12>>\nA: 180", "LOGIC_ERROR"),
        ("<<16-3=13>>\nA: 13", "PARTIAL_ANSWER"),
        ("<<16-3-4=9>>\nA: 9", "PARTIAL_ANSWER"),
        ("<<16-3-4=9>> <<2*9=18>>\nA: 180", "OFF_BY_FACTOR"),
        ("<<16-4=12>>\nA: -18", "SIGN_ERROR"),
    ],
)
def test_written_steps_decide_between_slips_and_plans(text, expected):
    assert outcome(text) == expected


def test_every_outcome_can_be_reached():
    texts = ["18", "", "?", "-18", "9", "30", "180", "20", "48", "1001", "= 5"]
    assert {classify(DUCKS, text, ["N", "?"]).outcome for text in texts} == set(OUTCOMES_OF["number"])


def test_there_is_no_default_label():
    found = classify(DUCKS, "The answer is: 1001")
    assert (found.outcome, found.explanations, found.confidence) == (Outcome.UNEXPLAINED, (), 0.0)


def test_every_explanation_is_kept_in_order_of_precedence():
    found = classify(DUCKS, "The answer is: 36")
    assert [each.outcome for each in found.explanations] == ["OFF_BY_FACTOR", "LOGIC_ERROR"]
    assert found.confidence == 0.5
    assert classify(DUCKS, "36").confidence == 0.25
    true_steps = classify(DUCKS, "<<16+4=20>>\nA: 20")
    assert [each.outcome for each in true_steps.explanations] == ["LOGIC_ERROR", "CALC_ERROR", "LOGIC_ERROR"]


def test_explanations_say_what_was_calculated():
    details = [each.detail for each in classify(CAKES, "The answer is: 450").explanations]
    assert details[0] == "560 slipped to 570 in step 1: one digit off by one"
    assert classify(CAKES, "The answer is: 680").explanations[0].detail == "560+120 for 560-120 in step 3"
    assert classify(CAKES, "The answer is: 560").explanations[0].detail == "the result of step 1"


def test_a_slip_is_carried_through():
    found = classify(CAKES, "The answer is: 360")
    assert found.outcome == "CALC_ERROR"
    assert found.explanations[0].detail == "560 slipped to 480 in step 1: a times-table neighbour"


def test_a_rounded_answer_is_matched_at_its_precision():
    problem = Problem(question="10 in 3 parts of 7?", solution="<<10/3=3.33>> <<3.33*7=23.31>>", gold="23.31")
    assert outcome("The answer is: 3.3", problem) == "PARTIAL_ANSWER"
    assert outcome("The answer is: 0.476", problem) == "OPERATION_REVERSAL"
    assert outcome("The answer is: 0.48", problem) == "OPERATION_REVERSAL"


def test_a_problem_without_worked_solution_is_judged_by_what_is_known():
    problem = Problem(question="How many are 16 and 3?", gold=19)
    assert outcome("The answer is: -19", problem) == "SIGN_ERROR"
    assert outcome("The answer is: 190", problem) == "OFF_BY_FACTOR"
    assert outcome("The answer is: 48", problem) == "LOGIC_ERROR"
    assert outcome("The answer is: 7000", problem) == "UNEXPLAINED"


def test_a_solution_that_parses_in_part_still_has_intermediate_results():
    problem = Problem(question="16, 3 and 5?", solution="<<16-3=13>> and five more", gold=18)
    assert problem.graph is None
    assert outcome("The answer is: 13", problem) == "PARTIAL_ANSWER"


def test_a_gold_answer_of_zero():
    problem = Problem(question="3 from 3?", solution="<<3-3=0>>", gold=0)
    assert outcome("The answer is: 0", problem) == "CORRECT"
    assert outcome("The answer is: 6", problem) == "OPERATION_REVERSAL"


def test_a_flagged_number_is_still_judged():
    found = classify(DUCKS, "she has 9")
    assert found.extraction.flagged
    assert found.outcome == "PARTIAL_ANSWER"


@pytest.mark.parametrize("text", ["The answer is: 9", "<<2+2=5>> A: 3", "", "x", "The answer is: 1/3", "3 dozen"])
def test_classifications_travel_as_json(text):
    found = classify(DUCKS, text)
    assert Classification.from_json(found.to_json()) == found


def test_the_label_of_a_number_is_the_classifier_s():
    for problem in load_problems("tiny")[:60]:
        for value in range(1, 60, 3):
            assert label(problem, Number.of(value)) == classify(problem, f"The answer is: {value}").outcome
            text = f"<<1+1=2>> The answer is: {value}"
            assert label(problem, Number.of(value), written_steps(text)) == classify(problem, text).outcome


@given(st.text())
def test_any_text_gets_an_outcome(text):
    found = classify(DUCKS, text)
    assert found.outcome in Outcome
    assert 0 <= found.confidence <= 1
    assert (found.outcome == "UNEXPLAINED") == (not found.explanations)


@given(st.integers(-(10**6), 10**6), st.integers(0, 3))
def test_the_chosen_outcome_is_the_first_explanation(value, places):
    found = classify(DUCKS, f"The answer is: {value / 10**places:.{places}f}")
    if found.explanations:
        assert found.explanations[0].outcome == found.outcome


def test_the_public_name():
    assert ctlab.classify is classify


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The answer is: 18", ("CORRECT", False)),
        ("18", ("CORRECT", True)),
        ("", ("NONE", True)),
        ("/ ?", ("NONSENSE", True)),
        ("5 " * 50, ("NONSENSE", True)),
        ("9", ("FORM_BROKEN", True)),
        ("/ 5", ("FORM_BROKEN", True)),
        ("+ 2 = 4 The answer is: 4", ("FORM_BROKEN", True)),
        ("The answer is: 9", ("PARTIAL_ANSWER", False)),
        ("The  answer is: -18", ("SIGN_ERROR", False)),
    ],
)
def test_another_form_comes_before_what_the_number_says(text, expected):
    found = classify(DUCKS, text, {"The answer is: N"})
    assert (found.outcome, found.extraction.form_broken) == expected
    assert Classification.from_json(found.to_json()) == found


@pytest.mark.parametrize("forms", [None, (), frozenset()])
def test_without_a_form_no_form_is_broken(forms):
    found = classify(DUCKS, "/ 9", forms)
    assert (found.outcome, found.extraction.form_broken) == ("PARTIAL_ANSWER", None)


def test_two_off_is_a_slip_only_where_no_plan_reaches_the_number():
    problem = Problem(question="611 boxes of 7 are sold.", solution="<<611*7=4277>>", gold=4277)
    found = classify(problem, "The answer is: 4279")
    assert (found.outcome, found.explanations[0].detail) == ("CALC_ERROR", "4277 slipped to 4279 in step 1: off by two")
    reached = classify(DUCKS, "The answer is: 22")  # (16 - 3 - 4 + 2) * 2, and a plan: 16 + 2 + 4
    assert [way.outcome for way in reached.explanations] == ["LOGIC_ERROR", "CALC_ERROR"]
