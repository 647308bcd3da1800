"""One cell suffices to support, and every cell must fail to refute."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctlab.claims import Direction, Kind, Verdict
from ctlab.claims.judge import decide
from ctlab.errors import StatisticsError
from ctlab.interventions import Condition, Intervention, Patch
from ctlab.statistics import paired_difference
from ctlab.statistics.cells.cell import Place, Shown, cell_row, check_once, thought_of
from ctlab.statistics.cells.some_cell import some_cell
from tests.claims.making import claim

MARGIN, N, ALPHA = 0.1, 200, 0.05
CLAIM = claim(Direction.DECREASE, kind=Kind.NEEDED_WHERE, margin=MARGIN, feature="n_operations")


def joined(*counts):
    """The effect of cells with these lost and gained problems."""

    def tested(alpha):
        return {
            f"CT{k}": paired_difference(lost, gained, N, margin=MARGIN, alternative="less", alpha=alpha)
            for k, (lost, gained) in enumerate(counts)
        }

    strict = tested(ALPHA / len(counts))
    rows = [cell_row(Place(thought=name, place=""), N, Shown(label="unknown"), each) for name, each in strict.items()]
    return some_cell(strict, tested(ALPHA), rows, n=N, null="no cell", asks="needed")


def test_p_is_the_smallest_times_the_number_of_cells_and_the_interval_shares_the_level():
    effect = joined((60, 0), (0, 0), (20, 1), (5, 9))
    alone = paired_difference(60, 0, N, margin=MARGIN, alternative="less", alpha=ALPHA / 4)
    assert effect.p_value == min(1.0, 4 * alone.p_value)
    assert (effect.low, effect.high, effect.level) == (alone.low, alone.high, 1 - 2 * ALPHA / 4)
    assert effect.details["weakest"] == "CT0"
    assert decide(CLAIM, effect, ALPHA) == Verdict.SUPPORTED


def test_all_cells_must_fail_to_refute():
    assert decide(CLAIM, joined((0, 0), (1, 2), (3, 1)), ALPHA) == Verdict.REFUTED
    assert decide(CLAIM, joined((0, 0), (1, 2), (22, 1)), ALPHA) == Verdict.INCONCLUSIVE


@settings(deadline=None, max_examples=25)  # an exact test takes milliseconds, and each example has up to ten
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), min_size=1, max_size=5))
def test_it_is_supported_exactly_where_a_cell_is_at_its_share_and_refuted_exactly_where_each_is(counts):
    share = ALPHA / len(counts)
    each = [paired_difference(*pair, N, margin=MARGIN, alternative="less", alpha=share) for pair in counts]
    plain = [paired_difference(*pair, N, margin=MARGIN, alternative="less", alpha=ALPHA) for pair in counts]
    best = min(each, key=lambda cell: (cell.p_value, cell.high))
    verdict = decide(CLAIM, joined(*counts), ALPHA)
    assert (verdict == Verdict.SUPPORTED) == (best.p_value <= share and best.high < -MARGIN)
    if verdict == Verdict.REFUTED:
        assert all(cell.low > -MARGIN for cell in plain)


def test_cells_need_both_levels():
    with pytest.raises(StatisticsError, match="one effect at α / K and one at α each"):
        some_cell({}, {}, [], n=1, null="", asks="needed")


def test_a_cell_that_is_there_twice_is_refused():
    with pytest.raises(StatisticsError, match="CT0 at step 1 is there twice"):
        check_once([Place(thought="CT0", place="step 1")] * 2)


def test_a_condition_names_the_one_thought_that_it_hides_or_replaces():
    hidden = Intervention(keys=("CT3",), readers="later")
    assert thought_of(Condition(name="any", interventions=(hidden,))) == "CT3"
    assert thought_of(Condition(name="any", interventions=(Patch(thoughts=("CT2",), by="zero"),))) == "CT2"
    both = Condition(name="both", interventions=(hidden, replace(hidden, keys=("CT1",))))
    assert thought_of(both) == "both"
    assert thought_of(Condition(name="all", interventions=(Intervention(keys="thoughts", readers="answer"),))) == "all"
