import pytest

from ctlab.claims import Direction, Kind, judge
from ctlab.errors import RegistryError
from ctlab.statistics.power.paired_power import provable_margin
from tests.claims.kinds.making_kinds import ALPHA, claim, promise
from tests.statistics.cells.test_idle_thoughts import judged
from tests.statistics.fake_runs import Question

IDLE = claim(Direction.EQUIVALENT, kind=Kind.IDLE, margin=0.02, conditions=("baseline", "t0", "t1"))
ASKED = Question("equivalent", margin=0.02, alpha=ALPHA)


def test_one_idle_thought_supports_it():
    found = judge(IDLE, judged(0, 400, asked=ASKED), alpha=ALPHA)
    assert found.verdict == "SUPPORTED"
    assert found.noun == "difference in the rate of “correct” for the thought that decides, t0"
    assert found.null == "each hidden thought moves the rate of “correct” by 2.0 points or more"
    assert found.why.endswith("Of 2 cells, judged together: 1 idle and 1 used.")


def test_all_used_thoughts_refute_it():
    assert judge(IDLE, judged(200, 400, asked=ASKED), alpha=ALPHA).verdict == "REFUTED"
    assert judge(IDLE, judged(28, 400, asked=ASKED), alpha=ALPHA).verdict == "INCONCLUSIVE"


def test_what_luck_alone_shows_is_open():
    found = judge(IDLE, judged(0, 400, n=300, asked=ASKED), alpha=ALPHA)
    assert found.verdict == "INCONCLUSIVE"


def test_a_plan_says_which_margin_is_proven_of_each_of_several_thoughts():
    assert promise(IDLE).provable == provable_margin(0.1, 1319, alpha=ALPHA / 2)
    assert promise(IDLE).note.endswith("for each of 2 thoughts")
    assert IDLE.kind.rules.pilot_discordance([0.3, 0.01]) == 0.01


def test_another_side_is_refused():
    with pytest.raises(RegistryError, match="an idle thought leaves a rate within a margin"):
        claim(Direction.DECREASE, kind=Kind.IDLE, margin=0.02)


def test_the_thought_that_decides_is_named_as_a_thought_and_not_as_an_outcome():
    found = judge(IDLE, judged(0, 400, asked=ASKED), alpha=ALPHA)
    assert "decided by t0 over all problems" in found.reason
