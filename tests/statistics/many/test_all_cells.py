import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from ctlab.errors import StatisticsError
from ctlab.statistics import clustered_difference
from ctlab.statistics.many.all_cells import cell_differences
from ctlab.statistics.many.discordance import cluster_numbers, discordance
from ctlab.statistics.many.shared_level import largest_differences


def outcomes(cells=12, n=300, *, effects=(), moved=0.1, seed=0):
    """A baseline and cells in which the first lose as much as `effects` says."""
    draw = np.random.default_rng(seed)
    before, luck = draw.random(n) < 0.8, draw.random(n)
    rows = [before]
    for cell in range(cells):
        own = np.where(draw.random(n) < 0.5, luck, draw.random(n))
        loss = effects[cell] if cell < len(effects) else 0.0
        rows.append(np.where(before, own >= moved + loss / 0.8, own < moved * 4))
    return np.array(rows)


def test_holm_and_benjamini_and_hochberg_by_hand():
    found = cell_differences(outcomes(effects=(0.3, 0.2, 0.1)))
    p = [binomtest(int(g), int(g + a)).pvalue for a, g in zip(found.lost, found.gained, strict=True)]
    assert found.p_value == pytest.approx(p)
    order, count = np.argsort(p), len(p)
    holm, rates = np.zeros(count), np.zeros(count)
    for rank, cell in enumerate(order):
        holm[cell] = max([min(1, (count - k) * p[order[k]]) for k in range(rank + 1)])
        rates[cell] = min([count / (k + 1) * p[order[k]] for k in range(rank, count)])
    assert found.family_wise == pytest.approx(holm)
    assert found.discovery == pytest.approx(np.minimum(rates, 1))
    harmonic = sum(1 / k for k in range(1, count + 1))
    any_way = cell_differences(outcomes(effects=(0.3, 0.2, 0.1)), dependence="any")
    assert any_way.discovery == pytest.approx(np.minimum(rates * harmonic, 1))
    assert found.marked[:2].all()


def test_cells_in_which_nothing_changes_say_so():
    right = outcomes(cells=4)
    right[2] = right[0]
    for together in ("bonferroni", "joint"):
        found = cell_differences(right, together=together)
        assert (found.p_value[1], found.family_wise[1], found.discovery[1]) == (1.0, 1.0, 1.0)
        assert found.low[1] < 0.0 == found.estimate[1] < found.high[1] < 0.03
    right[1:] = right[0]
    found = cell_differences(right, together="joint")
    assert found.level == pytest.approx(1 - 0.05 / 4), "with no cell to draw from, the level is Bonferroni's"
    assert not found.marked.any()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["bonferroni", "joint"]))
def test_an_interval_beyond_zero_is_marked(seed, together):
    found = cell_differences(outcomes(cells=6, n=120, effects=(0.25,), seed=seed), together=together, draws=500)
    beyond = (found.low > 0) | (found.high < 0)
    assert not (beyond & ~found.marked).any()
    assert (found.family_wise >= found.p_value - 1e-12).all()
    assert ((found.low <= found.estimate) & (found.estimate <= found.high)).all()


def test_what_cells_share_makes_intervals_narrower():
    draw = np.random.default_rng(1)
    before = draw.random(1000) < 0.7
    after = np.where(draw.random(1000) < 0.3, draw.random(1000) < 0.7, before)
    alike = np.array([before] + [after] * 50)
    joint = cell_differences(alike, together="joint")
    assert joint.level == pytest.approx(0.95, abs=0.01), "fifty times the same cell is one"
    assert cell_differences(alike).level == pytest.approx(1 - 0.05 / 50)


def test_the_drawn_level_is_that_of_independent_normals():
    draw = np.random.default_rng(2)
    before = draw.random(4000) < 0.5
    right = np.array([before] + [np.where(draw.random(4000) < 0.4, draw.random(4000) < 0.5, before) for _ in range(20)])
    # Changes of different cells are independent, but that a problem which was right can only be lost.
    right[1:] = np.where(draw.random(4000) < 0.5, right[1:], ~right[1:])
    largest = largest_differences(right, draws=20_000)
    differences = right[1:].astype(float) - right[0]
    covariance = np.corrcoef(differences)
    drawn = np.abs(draw.multivariate_normal(np.zeros(20), covariance, 100_000)).max(axis=1)
    p = 2 * norm.sf(np.quantile(drawn, 0.95))
    assert largest.share(0.05) == pytest.approx(p, rel=0.12)
    assert largest.chance(p) == pytest.approx(0.05, abs=0.006)
    assert largest.share(0.05) >= 0.05 / 20


def test_problems_asked_twice_count_once():
    right = outcomes(cells=5, n=200, effects=(0.2,))
    twice = np.repeat(right, 2, axis=1)
    once = cell_differences(right)
    both = cell_differences(twice, clusters=np.repeat(np.arange(200), 2).tolist())
    assert both.estimate == pytest.approx(once.estimate)
    assert both.low == pytest.approx(once.low, abs=0.003)
    assert both.p_value == pytest.approx(once.p_value, rel=0.05)
    assert (cell_differences(twice).p_value[0]) < once.p_value[0] ** 1.5, "and four times as sure if nobody says so"
    alone = cell_differences(right, clusters=list(range(200)))
    assert alone.low == pytest.approx(once.low, abs=1e-12), "clusters of one problem are none"


def test_a_design_effect_is_that_of_a_clustered_difference():
    draw = np.random.default_rng(3)
    right = outcomes(cells=3, n=240, effects=(0.2, 0.1), moved=0.2)
    clusters = draw.integers(0, 60, 240).tolist()
    found = discordance(right[0], right[1:], cluster_numbers(clusters, 240))
    for cell, effect in enumerate(found.design_effect):
        alone = clustered_difference(right[0].tolist(), right[cell + 1].tolist(), clusters)
        assert effect == pytest.approx(max(1.0, alone.details["design_effect"]))


def test_of_few_changed_clusters_each_counts_once():
    right = np.ones((2, 200), dtype=bool)
    right[1, :8] = False
    found = cell_differences(right, clusters=np.repeat(np.arange(50), 4).tolist())
    assert found.p_value[0] == pytest.approx(binomtest(0, 2).pvalue, rel=0.03), (
        "two clusters changed, and eight problems"
    )


@pytest.mark.parametrize(
    ("right", "options", "said"),
    [
        (np.ones((3, 4)), {}, "table of True and False"),
        (np.ones((1, 4), dtype=bool), {}, "table of True and False"),
        (np.ones((2, 4), dtype=bool), {"together": "sidak"}, "together is"),
        (np.ones((2, 4), dtype=bool), {"alpha": 5}, "alpha must lie"),
        (np.ones((2, 4), dtype=bool), {"clusters": [1, 2]}, "one value a problem"),
        (np.ones((2, 4), dtype=bool), {"clusters": [1, 1, 1, 1]}, "All problems are in one cluster"),
    ],
)
def test_what_is_no_sweep_is_refused(right, options, said):
    with pytest.raises(StatisticsError, match=said):
        cell_differences(right, **options)
