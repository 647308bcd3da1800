"""A label must move beyond chance too: what is combined how, and what is left of a rise that chance alone makes."""

import numpy as np
import pytest
from scipy.stats import t

from ctlab.outcomes.beyond_chance import CorrectedRate, corrected_rate
from ctlab.statistics import change, ordered_trend, rate_difference, stronger
from ctlab.statistics.paired.chance_corrected import LEAST_WRONG, corrected_difference
from tests.statistics.fake_runs import FakeRun, Question

RISES = Question("increase", alpha=0.01)


def run(name, calc, logic, n=600):
    return FakeRun(name, ("CALC_ERROR",) * calc + ("LOGIC_ERROR",) * logic + ("CORRECT",) * (n - calc - logic))


def test_a_larger_part_of_more_wrong_answers_is_a_rise():
    effect = rate_difference("CALC_ERROR", run("baseline", 20, 180), run("treated", 120, 180), RISES)
    assert set(effect.details["parts"]) == {"rate", "beyond chance"}
    assert effect.p_value < 0.001
    assert effect.low > 0


def test_more_wrong_answers_of_the_same_kinds_are_none():
    effect = rate_difference("CALC_ERROR", run("baseline", 40, 60), run("treated", 160, 240), RISES)
    parts = effect.details["parts"]
    assert parts["rate"]["p_value"] < 1e-9
    assert effect.details["weakest"] == "beyond chance"
    assert effect.p_value == parts["beyond chance"]["p_value"] == pytest.approx(0.5, abs=0.05)
    assert effect.lost is None, "of the chance-corrected rate no problem is lost or gained"


def test_both_parts_are_refuted_at_half_the_level():
    effect = rate_difference("CALC_ERROR", run("baseline", 120, 180), run("treated", 20, 180), RISES)
    assert effect.refuting is not None
    assert effect.refuting[1] < 0


@pytest.mark.parametrize("outcome", ["CORRECT", "NONE", "NONSENSE", "FORM_BROKEN"])
def test_what_the_text_decides_has_no_chance(outcome):
    effect = rate_difference(outcome, run("baseline", 20, 180), run("treated", 120, 180), RISES)
    assert "parts" not in effect.details


def test_a_change_has_no_side_and_a_loss_has_one():
    runs = run("baseline", 20, 180), run("treated", 120, 180)
    assert "parts" not in change("CALC_ERROR", *runs, Question("change")).details
    loses = stronger(*runs, RISES, outcome="CALC_ERROR")
    assert set(loses.details["parts"]) == {"rate", "beyond chance"}


def test_every_step_of_a_trend_must_move_beyond_chance():
    runs = [run("a", 20, 180), run("b", 80, 180), run("c", 140, 180)]
    parts = ordered_trend(runs, Question("increase"), outcome="CALC_ERROR").details["parts"]
    assert list(parts) == ["a → b", "a → b, beyond chance", "b → c", "b → c, beyond chance"]
    assert "a → b, beyond chance" not in ordered_trend(runs, Question("decrease")).details["parts"]


def rate(has, n=400):
    """Answers whose labels no chance gives."""
    zeros = np.zeros(len(has))
    return corrected_rate(np.arange(len(has)), np.array(has, dtype=float), zeros, zeros, n)


def test_without_chance_it_is_the_t_test_of_two_shares_with_two_more_answers_each():
    before, after = rate([1] * 20 + [0] * 80), rate([1] * 60 + [0] * 60)
    effect = corrected_difference(before, after, 0.0, "greater", 0.05)
    assert effect.estimate == pytest.approx(60 / 120 - 20 / 100)
    values = after.values - before.values
    variance = values.var(ddof=1) / 400
    variance += max((21 / 102) * (81 / 102) / 102 - 0.2 * 0.8 / 100, 0.0)
    variance += max((61 / 122) ** 2 / 122 - 0.25 / 120, 0.0)
    score = (61 / 122 - 21 / 102) / variance**0.5
    assert effect.p_value == pytest.approx(t.sf(score, 99))
    # The margin is the rate's, and not that of what is beyond chance.
    wide = corrected_difference(before, after, 0.05, "greater", 0.05)
    assert (wide.margin, wide.boundary, wide.p_value) == (0.05, 0.0, effect.p_value)


def test_the_sides_mirror_each_other():
    before, after = rate([1] * 20 + [0] * 80), rate([1] * 60 + [0] * 60)
    up, down = (corrected_difference(before, after, 0.0, side, 0.05) for side in ("greater", "less"))
    assert up.p_value == pytest.approx(1.0 - down.p_value)
    assert (up.low, up.high) == (down.low, down.high)


def test_few_wrong_answers_decide_nothing():
    few = rate([0] * (LEAST_WRONG - 1))
    effect = corrected_difference(few, rate([1] * 60 + [0] * 60), 0.0, "greater", 0.05)
    assert effect.undecided.startswith("only 49 wrong answers of a condition are labelled by their number")
    nothing = CorrectedRate(values=np.zeros(400), rate=0.0, chance=0.0, wrong=0)
    assert corrected_difference(nothing, nothing, 0.0, "greater", 0.05).p_value == 1.0
