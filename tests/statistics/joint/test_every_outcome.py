from ctlab.outcomes import Outcome
from ctlab.statistics import every_outcome_equivalent
from tests.statistics.fake_runs import FakeRun, Question, pair

CLAIM = Question("equivalent", margin=0.02, alpha=0.05 / 6)


def test_every_outcome_is_a_part():
    effect = every_outcome_equivalent(*pair(4, 3, 1319), CLAIM)
    assert set(effect.details["parts"]) == set(map(str, Outcome))
    assert -0.02 < effect.low < effect.high < 0.02


def test_one_outcome_that_moves_is_enough_to_refute():
    before = ("CORRECT",) * 700 + ("CALC_ERROR",) * 300 + ("LOGIC_ERROR",) * 319
    after = ("CORRECT",) * 700 + ("CALC_ERROR",) * 200 + ("LOGIC_ERROR",) * 419
    effect = every_outcome_equivalent(FakeRun("baseline", before), FakeRun("ct4_blocked", after), CLAIM)
    assert effect.details["worst"] in ("CALC_ERROR", "LOGIC_ERROR")
    assert effect.refuting[0] > 0.02 or effect.refuting[1] < -0.02
    assert effect.details["parts"]["CORRECT"]["estimate"] == 0.0
