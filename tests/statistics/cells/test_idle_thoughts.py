import pytest

from ctlab.errors import StatisticsError
from ctlab.statistics import equivalence, idle_thoughts
from tests.statistics.fake_runs import FakeRun, Question, labels

ASKED = Question("equivalent", margin=0.02, alpha=0.05)


def judged(*lost, n=1319, right=1.0, asked=ASKED):
    before = [row < right * n for row in range(n)]
    treated = [
        FakeRun(f"t{k}", labels([each and row >= count for row, each in enumerate(before)]))
        for k, count in enumerate(lost)
    ]
    return idle_thoughts(FakeRun("baseline", labels(before)), treated, asked)


def test_a_thought_is_an_equivalence_at_its_share_of_alpha():
    effect = judged(0, 400, 25)
    rows = effect.details["cells"]
    assert [row["label"] for row in rows] == ["idle", "used", "unknown"]
    for row, lost in zip(rows, (0, 400, 25), strict=True):
        alone = equivalence(lost, 0, 1319, margin=0.02, alpha=0.05 / 3)
        assert (row["low"], row["high"], row["p_value"]) == (alone.low, alone.high, alone.p_value)
    assert effect.p_value == 3 * rows[0]["p_value"]
    assert effect.undecided == ""


def test_what_was_shown_by_luck_decides_nothing():
    effect = judged(0, n=200)
    assert effect.details["cells"][0]["label"] == "unknown"
    assert effect.undecided == "less than 80 % power to show that it is idle"


def test_where_few_were_right_nothing_lost_says_nothing():
    assert judged(0, right=0.03).details["cells"][0]["label"] == "unknown"


def test_another_side_and_no_thought_are_refused():
    with pytest.raises(StatisticsError, match="equivalent, not 'decrease'"):
        judged(0, asked=Question("decrease", margin=0.02))
    with pytest.raises(StatisticsError, match="one run a thought"):
        judged()
