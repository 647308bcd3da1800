import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctlab.errors import StatisticsError
from ctlab.interventions.halves import halves
from ctlab.statistics import paired_difference
from ctlab.statistics.many.exact_interval import exact_interval
from ctlab.statistics.many.held_out import cross_fitted_most, halves_of, held_out_most
from tests.statistics.many.test_all_cells import outcomes

HALF = halves_of([f"p{row}" for row in range(300)])


def test_the_picked_cell_is_measured_where_it_was_not_picked():
    right = outcomes(effects=(0.0, 0.0, 0.3, 0.1))
    found = held_out_most(right, HALF, alternative="less", margin=0.05, alpha=0.05)
    changed = [
        [(right[k + 1] < right[0])[h == HALF].sum() - (right[k + 1] > right[0])[h == HALF].sum() for k in range(12)]
        for h in (0, 1)
    ]
    assert found.cell == int(np.argmax(changed[0])) == 2
    assert found.where_picked == pytest.approx(-changed[0][2] / (HALF == 0).sum())
    rest = HALF == 1
    lost, gained = int((right[0] & ~right[3])[rest].sum()), int((~right[0] & right[3])[rest].sum())
    assert found.effect == paired_difference(lost, gained, int(rest.sum()), margin=0.05, alternative="less", alpha=0.05)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_the_half_that_measures_does_not_change_what_is_picked(seed):
    right = outcomes(cells=5, effects=(0.1,), seed=seed)
    shuffled = right.copy()
    shuffled[1:, HALF == 1] = np.random.default_rng(seed).random((5, int((HALF == 1).sum()))) < 0.5
    assert held_out_most(right, HALF).cell == held_out_most(shuffled, HALF).cell
    assert held_out_most(~right, HALF, alternative="greater").cell == held_out_most(right, HALF).cell, "wrong for right"
    mirrored = held_out_most(~right, HALF, alternative="greater")
    assert mirrored.over_second.estimate == pytest.approx(held_out_most(right, HALF).over_second.estimate)
    assert mirrored.over_rest.low == pytest.approx(held_out_most(right, HALF).over_rest.low)


def test_the_gap_to_the_second_is_the_least_of_all():
    right = outcomes(cells=4, effects=(0.4, 0.1, 0.2))
    found = held_out_most(right, HALF, alpha=0.05)
    kept = right[:, HALF == 1]
    gaps, lows = [], []
    for other in (2, 3, 4):
        lost, gained = (kept[1] & ~kept[other]).sum(), (~kept[1] & kept[other]).sum()
        gaps.append((gained - lost) / kept.shape[1])
        lows.append(exact_interval([lost], [gained], kept.shape[1], 0.05)[0][0])
    gap = found.over_second
    assert (gap.estimate, gap.low) == pytest.approx((min(gaps), min(lows)))
    assert gap.cell == 2, "the cell that loses next to most"
    assert gap.low <= gap.estimate <= gap.high
    assert (gap.low > 0) == (gap.p_value < 0.05)
    over_rest = (kept[2:].mean(axis=0) - kept[1]).mean()
    assert found.over_rest.estimate == pytest.approx(over_rest)
    assert found.over_rest.low < over_rest < found.over_rest.high


def test_cells_that_are_all_the_same_are_no_further_than_each_other():
    right = outcomes(cells=1)[[0, 1, 1, 1]]
    found = held_out_most(right, HALF)
    assert (found.cell, found.over_second.estimate, found.over_second.p_value) == (0, 0.0, 1.0)
    alone = held_out_most(right[:2], HALF)
    assert alone.over_second is None is alone.over_rest


def test_both_halves_pick_for_the_other_one():
    right = outcomes(effects=(0.0, 0.3))
    found = cross_fitted_most(right, HALF, alpha=0.05)
    one, other = (held_out_most(right, half, alpha=0.025) for half in (HALF, 1 - HALF))
    assert found.cells == (one.cell, other.cell) == (1, 1)
    assert found.estimate == pytest.approx((one.effect.estimate + other.effect.estimate) / 2)
    assert (found.low, found.high) == pytest.approx(
        ((one.effect.low + other.effect.low) / 2, (one.effect.high + other.effect.high) / 2)
    )
    assert found.level == 0.9


def test_halves_go_by_ids_and_keep_a_cluster_together():
    ids = [f"p{row}" for row in range(101)]
    known = halves(ids, 3)
    assert halves_of(ids, 3).tolist() == [known[each] for each in ids]
    clusters = [row // 3 for row in range(101)]
    half = halves_of(ids, 0, clusters)
    assert all(len(set(half[np.array(clusters) == each])) == 1 for each in clusters)
    order = np.random.default_rng(0).permutation(101)
    again = halves_of([ids[row] for row in order], 0, [f"another name {clusters[row]}" for row in order])
    assert again.tolist() == half[order].tolist()


def test_with_clusters_their_number_decides():
    right = outcomes(cells=4, n=150, effects=(0.3,))
    ids = [f"p{row}" for row in range(300)]
    clusters = np.repeat(np.arange(150), 2).tolist()
    half = halves_of(ids, 0, clusters)
    found = held_out_most(np.repeat(right, 2, axis=1), half, clusters=clusters)
    once = held_out_most(right, half[::2])
    assert found.cell == once.cell
    assert found.effect.details == {"clusters": once.effect.n, "design_effect": pytest.approx(2.0, rel=0.05)}
    assert found.effect.p_value == pytest.approx(once.effect.p_value, rel=0.3)
    assert once.effect.low - 0.02 < found.effect.low < once.effect.low + 0.002, "exact, so rather wider"
    assert found.over_second.low == pytest.approx(once.over_second.low, abs=0.02)
    assert found.over_rest.low == pytest.approx(once.over_rest.low, abs=0.01)
    with pytest.raises(StatisticsError, match="in both halves"):
        held_out_most(np.repeat(right, 2, axis=1), np.arange(300) % 2, clusters=clusters)


@pytest.mark.parametrize("half", [np.zeros(300), np.arange(300), np.arange(3) % 2])
def test_what_are_no_halves_is_refused(half):
    with pytest.raises(StatisticsError, match="halves_of"):
        held_out_most(outcomes(), half)
    with pytest.raises(StatisticsError, match="'less' or 'greater'"):
        held_out_most(outcomes(), HALF, alternative="two-sided")
