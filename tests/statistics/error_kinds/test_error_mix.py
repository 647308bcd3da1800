import json

import pytest

from ctlab.statistics import error_mix
from ctlab.statistics.error_kinds.error_mix import CHI2, COMPOSITION, PERMUTATIONS
from tests.statistics.fake_runs import FakeRun, Question

CLAIM = Question("change", alpha=0.05)


def runs(before, after):
    return FakeRun("baseline", tuple(before)), FakeRun("ct0_blocked", tuple(after))


def test_a_shift_among_the_same_problems_and_in_the_whole():
    before = ["CALC_ERROR"] * 100 + ["LOGIC_ERROR"] * 100 + ["CORRECT"] * 300
    after = ["CALC_ERROR"] * 40 + ["LOGIC_ERROR"] * 160 + ["LOGIC_ERROR"] * 60 + ["CORRECT"] * 240
    effect = error_mix(*runs(before, after), CLAIM)
    assert effect.p_value < 0.001
    assert effect.groups == {"wrong under both": 200}
    assert effect.details["labels"] == ["CALC_ERROR", "LOGIC_ERROR"]
    assert effect.details["table"] == [[40, 60], [0, 100]]
    json.dumps(effect.to_json())


def test_more_errors_alone_are_no_shift():
    before = ["CALC_ERROR"] * 100 + ["LOGIC_ERROR"] * 100 + ["CORRECT"] * 300
    after = (
        ["CALC_ERROR"] * 100 + ["LOGIC_ERROR"] * 100 + ["CALC_ERROR"] * 100 + ["LOGIC_ERROR"] * 100 + ["CORRECT"] * 100
    )
    effect = error_mix(*runs(before, after), CLAIM)
    assert effect.p_value == 1.0
    assert effect.estimate == 0.0


def test_a_shift_only_in_the_whole_is_not_enough():
    before = ["CALC_ERROR"] * 100 + ["LOGIC_ERROR"] * 100 + ["CORRECT"] * 300
    after = ["CALC_ERROR"] * 100 + ["LOGIC_ERROR"] * 100 + ["LOGIC_ERROR"] * 150 + ["CORRECT"] * 150
    effect = error_mix(*runs(before, after), CLAIM)
    assert effect.details["composition_p"] < 0.001
    assert effect.p_value == 1.0


def test_no_problem_wrong_under_both_decides_nothing():
    before = ["CALC_ERROR"] * 60 + ["CORRECT"] * 100
    after = ["CORRECT"] * 60 + ["CALC_ERROR"] * 100
    effect = error_mix(*runs(before, after), CLAIM)
    assert effect.undecided == "no problem is wrong under both conditions"
    assert effect.groups == {"wrong under both": 0}


def test_a_margin_makes_it_refutable():
    same = ["CALC_ERROR"] * 300 + ["LOGIC_ERROR"] * 300 + ["CORRECT"] * 300
    effect = error_mix(*runs(same, same), Question("change", margin=0.1))
    assert (effect.alternative, effect.boundary) == ("greater", 0.1)
    assert effect.high < 0.1


@pytest.mark.parametrize("before", [["CORRECT"] * 60, ["CALC_ERROR"] * 60])
def test_a_run_without_errors_has_no_mix_to_compare(before):
    effect = error_mix(*runs(before, ["CORRECT"] * 60), CLAIM)
    assert "wrong under" in effect.undecided
    assert "ct0_blocked" in effect.undecided
    assert not effect.estimated
    assert (effect.p_value, effect.details["interval_95"], effect.details["shares"]) == (1.0, None, [])
    json.dumps(effect.to_json())


def test_says_which_test_decided_and_what_the_others_found():
    before = ["CALC_ERROR"] * 100 + ["LOGIC_ERROR"] * 100 + ["CORRECT"] * 300
    after = ["CALC_ERROR"] * 100 + ["LOGIC_ERROR"] * 100 + ["LOGIC_ERROR"] * 150 + ["CORRECT"] * 150
    details = error_mix(*runs(before, after), CLAIM).details
    assert details["tests"] == {CHI2: 1.0, PERMUTATIONS: 1.0, COMPOSITION: details["composition_p"]}
    assert details["decided_by"] == CHI2
    assert details["together"] == {"power": 0.0, "problems_needed": None}


def test_power_is_promised_of_all_tests_together():
    before = ["CALC_ERROR"] * 100 + ["LOGIC_ERROR"] * 100 + ["CORRECT"] * 300
    after = ["LOGIC_ERROR"] * 12 + ["CALC_ERROR"] * 88 + ["CALC_ERROR"] * 6 + ["LOGIC_ERROR"] * 94
    effect = error_mix(*runs(before, after + ["LOGIC_ERROR"] * 80 + ["CORRECT"] * 220), CLAIM)
    assert effect.details["decided_by"] in (CHI2, PERMUTATIONS)
    together = effect.details["together"]
    assert 0.1 < together["power"] < 0.6
    assert 500 < together["problems_needed"] <= 64 * 500
    assert "together" not in error_mix(*runs(before[:200] * 2, ["LOGIC_ERROR"] * 400), CLAIM).details
