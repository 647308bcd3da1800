"""Where a thought is needed: cells against counts by hand, labels against their rules, errors against truth."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from scipy.stats import binom

from benchmarks.calibration_cells import DESIGNS, measure
from benchmarks.calibration_exact import Design, errors
from benchmarks.calibration_simulated import most
from ctlab.claims.decision import SMALLEST_GROUP
from ctlab.claims.room import MARGINS
from ctlab.errors import StatisticsError
from ctlab.interventions import Condition, Intervention
from ctlab.statistics import equivalence, needed_where, paired_difference, read_where
from ctlab.statistics.cells.cell import FEWEST, ROOM, readers_of
from tests.statistics.fake_runs import FakeRun, Question, labels


@dataclass(frozen=True)
class Told(FakeRun):
    """A run whose condition says what is hidden from whom."""

    hidden: Condition = None

    @property
    def condition(self):
        return self.hidden


ASKED = Question("decrease", margin=0.1, alpha=0.05)


def runs(*cells, sizes=(200, 200), right=1.0):
    """A baseline, and one run a thought in which so many of each stratum are lost."""
    features, before = [], []
    for level, size in enumerate(sizes, start=1):
        features += [SimpleNamespace(n_operations=level)] * size
        before += [row < right * size for row in range(size)]
    made = [FakeRun("baseline", labels(before), tuple(features))]
    for thought, lost in enumerate(cells):
        after = list(before)
        for level, count in enumerate(lost):
            start = sum(sizes[:level])
            after[start : start + count] = [False] * count
        made.append(FakeRun(f"t{thought}", labels(after), tuple(features)))
    return made


def cells(made, asked=ASKED):
    baseline, *treated = made
    effect = needed_where(baseline, treated, asked, feature="n_operations")
    return effect, {(row["thought"], row["value"]): row for row in effect.details["cells"]}


def test_a_cell_is_a_paired_difference_at_its_share_of_alpha():
    effect, found = cells(runs((60, 0), (1, 25)))
    for (thought, level), lost in {("t0", 1): 60, ("t0", 2): 0, ("t1", 1): 1, ("t1", 2): 25}.items():
        alone = paired_difference(lost, 0, 200, margin=0.1, alternative="less", alpha=0.05 / 4)
        row = found[thought, level]
        assert (row["low"], row["high"], row["p_value"], row["lost"]) == (alone.low, alone.high, alone.p_value, lost)
    assert [found[key]["label"] for key in sorted(found)] == ["needed", "idle", "idle", "unknown"]
    assert effect.details["weakest"] == "t0 at n_operations = 1"
    assert effect.n == 400


def test_the_level_of_one_cell_is_the_exact_binomial_of_its_losses():
    """With nothing gained and the margin as the rate of loss, the worst case of the exact test is a binomial tail."""
    _, found = cells(runs((40,), sizes=(200,)))
    assert found["t0", 1]["p_value"] >= binom.sf(39, 200, 0.1)


def test_idle_is_an_equivalence_that_the_cell_had_the_power_and_the_room_to_show():
    asked = Question("decrease", margin=0.1, alpha=0.05 / 6)
    _, found = cells(runs((0, 0), sizes=(200, 66)), asked)
    assert found["t0", 1]["label"] == "idle"
    alone = equivalence(0, 0, 66, margin=0.1, alpha=0.05 / 6 / 2)
    assert -0.1 < alone.low < alone.high < 0.1  # shown, and by luck: one lost problem would have undone it
    assert found["t0", 2]["label"] == "unknown"
    assert found["t0", 2]["power"] < 0.8
    assert found["t0", 2]["why"] == "less than 80 % power to show that it is idle"


def test_where_few_were_right_before_nothing_lost_says_nothing():
    _, found = cells(runs((0,), sizes=(400,), right=0.19))
    assert found["t0", 1]["label"] == "unknown"
    assert "too few were right" in found["t0", 1]["why"]
    assert cells(runs((0,), sizes=(400,), right=0.2))[1]["t0", 1]["label"] == "idle"


def test_a_small_stratum_takes_no_share_and_is_unknown():
    effect, found = cells(runs((60, 49), sizes=(200, 49)))
    assert effect.details["cell_count"] == 1
    assert (found["t0", 2]["label"], found["t0", 2]["estimate"]) == ("unknown", None)
    only, _ = cells(runs((9,), sizes=(49,)))
    assert only.undecided == "no stratum has 50 problems"


def test_problems_without_the_feature_are_left_out_and_counted():
    made = runs((60,), sizes=(200,))
    for run in made:
        object.__setattr__(run, "features", (SimpleNamespace(n_operations=None), *run.features[1:]))
    effect, found = cells(made)
    assert (effect.n, effect.details["left_out"], found["t0", 1]["lost"]) == (199, 1, 59)


@pytest.mark.parametrize("asked", [Question("increase", margin=0.1), Question("decrease", margin=0.0)])
def test_another_side_and_no_margin_are_refused(asked):
    with pytest.raises(StatisticsError):
        cells(runs((1,), sizes=(60,)), asked)


def test_a_thought_is_there_once():
    baseline, treated = runs((1,), sizes=(60,))
    with pytest.raises(StatisticsError, match="there twice"):
        needed_where(baseline, [treated, treated], ASKED, feature="n_operations")


def test_readers_are_told_apart_and_named():
    baseline, first, second = runs((60,), (0,), sizes=(200,))
    hide = [Intervention(keys=("CT3",), readers=readers) for readers in ("answer", ("CT4",))]
    told = [
        Told(run.name, run.labels, run.features, hidden=Condition(name=name, interventions=(edges,)))
        for run, name, edges in zip((first, second), ("a", "b"), hide, strict=True)
    ]
    effect = read_where(baseline, told, ASKED, feature="n_operations")
    assert [(row["thought"], row["readers"], row["label"]) for row in effect.details["cells"]] == [
        ("CT3", "the answer", "needed"),
        ("CT3", "the next thought", "idle"),
    ]
    assert effect.details["asks"] == "read"
    with pytest.raises(StatisticsError, match="there twice"):
        needed_where(baseline, told, ASKED, feature="n_operations")


@pytest.mark.parametrize(
    ("readers", "words"),
    [("answer", "the answer"), ("later", "all that comes later"), (("CT2",), "the next thought"), (("CT3",), "c")],
)
def test_readers_in_words(readers, words):
    hidden = Condition(name="c", interventions=(Intervention(keys=("CT1",), readers=readers),))
    assert readers_of(hidden) == words


def test_its_rules_of_size_and_room_are_those_of_every_verdict():
    assert (FEWEST, ROOM) == (SMALLEST_GROUP, MARGINS)


IN_THE_GATE = (
    "every cell loses the margin, nothing gained",
    "few right before, the margin",
    "needed on the diagonal, idle elsewhere",
    "every problem twice, the margin",
)


@pytest.mark.parametrize(
    "design",
    [
        pytest.param(design, id=design.name, marks=pytest.mark.slow if design.name in IN_THE_GATE else pytest.mark.long)
        for design in DESIGNS
    ],
)
def test_labels_and_verdicts_err_no_more_often_than_alpha(design):
    runs_made = 200
    found = measure(design, runs_made, seed=3)
    worst = max(found.wrongly_needed, found.wrongly_idle, found.supported, found.refuted)
    assert (worst <= most(0.05, runs_made)) == design.holds


@pytest.mark.slow
@pytest.mark.parametrize("n", [264, 609])
def test_an_equivalence_keeps_a_level_as_strict_as_thirty_cells_leave_it(n):
    """Enumerated: Tango's test is approximate, and calibrated elsewhere down to α / 6 only."""
    found = errors(Design(n, 0.1), 0.05 / 30, (0.9, 1.0))
    assert found.equivalence <= 1.05
