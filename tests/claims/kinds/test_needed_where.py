from types import SimpleNamespace

import pytest

from ctlab.claims import Direction, Kind, judge
from ctlab.errors import RegistryError
from ctlab.interventions import Condition
from ctlab.statistics import needed_where
from tests.claims.kinds.making_kinds import ALPHA, claim, promise
from tests.statistics.cells.test_needed_where import runs
from tests.statistics.fake_runs import Question

CONDITIONS = ("baseline", "t0", "t1")
NEEDED = claim(Direction.DECREASE, kind=Kind.NEEDED_WHERE, margin=0.1, feature="n_operations", conditions=CONDITIONS)


def judged(*lost, **fields):
    baseline, *treated = runs(*lost, **fields)
    asked = Question("decrease", margin=0.1, alpha=ALPHA)
    return judge(NEEDED, needed_where(baseline, treated, asked, feature="n_operations"), alpha=ALPHA)


def test_it_says_which_cell_decides_and_what_all_of_them_show():
    found = judged((100, 0), (0, 2))
    assert found.verdict == "SUPPORTED"
    assert found.noun == "difference in the rate of “correct” in the cell that decides, t0 at 1 operation"
    assert (
        found.null
        == "in any stratum by operations no hidden thought costs more than 10.0 points of the rate of “correct”"
    )
    assert (
        found.why
        == "The interval lies below −10.0 points, as claimed. Of 4 cells, judged together: 1 needed and 3 idle."
    )
    assert (found.compared, found.counts) == (None, "")


def test_it_is_refuted_where_every_cell_is_and_names_the_closest():
    found = judged((0, 0), (0, 3))
    assert found.verdict == "REFUTED"
    assert "(t1 at n_operations = 2), the cell that comes closest to the claim, lies above −10.0 points" in found.why


def test_one_cell_that_is_open_leaves_it_open():
    found = judged((0, 0), (0, 25))
    assert found.verdict == "INCONCLUSIVE"
    assert "With 80 % power this sample could find an effect of" in found.outlook


@pytest.mark.parametrize("fields", [{"margin": 0.0}, {"margin": 0.1, "direction": Direction.INCREASE}])
def test_a_loss_of_any_size_and_a_gain_are_refused(fields):
    with pytest.raises(RegistryError, match="a needed thought costs more than a margin"):
        claim(**{"direction": Direction.DECREASE, **fields}, kind=Kind.NEEDED_WHERE, conditions=CONDITIONS)


def test_a_plan_is_about_a_fifth_of_the_problems_at_the_level_of_all_cells():
    from ctlab.statistics.power.margin_power import detectable_beyond
    from ctlab.statistics.power.paired_power import POWER

    planned = promise(NEEDED)
    assert planned.detectable == detectable_beyond(0.1, 0.1, 263, alpha=ALPHA / 10, power=POWER)
    assert "in one of 5 strata of 263" in planned.note
    assert "fewer than 50" in promise(NEEDED, n=200).note
    assert NEEDED.kind.rules.pairs(NEEDED) == [("baseline", "t0"), ("baseline", "t1")]


def test_a_thought_hidden_from_two_readers_has_cells_by_reader():
    """`thoughts-are-read` of the embedded suite hides each thought twice, `thoughts-are-needed-somewhere` once."""

    def run(name, readers):
        hidden = {"keys": ["CT0"], "readers": readers}
        return SimpleNamespace(condition=Condition.from_json({"name": name, "interventions": [hidden]}))

    base = SimpleNamespace(condition=Condition(name="baseline"))
    about = SimpleNamespace(feature="n_operations", outcome="CORRECT")
    once, again = run("a", "answer"), run("b", ["CT1"])
    called = Kind.NEEDED_WHERE.rules.call
    assert called(about, (base, once), ()).statistic == "needed_where"
    assert called(about, (base, once, again), ()).statistic == "read_where"
