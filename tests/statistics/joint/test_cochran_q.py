from itertools import permutations, product

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import cochrans_q
from statsmodels.stats.multitest import multipletests

from ctlab.errors import StatisticsError
from ctlab.statistics import cochran_q
from ctlab.statistics.joint.cochran_q import FEW, _test
from tests.statistics.fake_runs import FakeRun, Question, labels

CLAIM = Question("change", alpha=0.05)


def runs(table):
    return [FakeRun(f"ct{k}_blocked", labels(map(bool, column))) for k, column in enumerate(np.array(table).T)]


def random_table(seed, n, rates):
    generator = np.random.default_rng(seed)
    ease = generator.random(n)[:, None]
    return (ease + 0.3 * generator.random((n, len(rates))) < np.array(rates)).astype(int)


def test_published_example():
    # Conover, Practical Nonparametric Statistics: three sportsmen predict twelve games; Q = 2.8, p = .2466 by χ²
    games = ["111", "111", "010", "110", "000", "111", "111", "110", "001", "010", "111", "111"]
    table = np.array([[int(each) for each in game] for game in games])
    p_value, statistic, how = _test(table, seed=0)
    assert statistic == pytest.approx(2.8)
    assert cochrans_q(table).pvalue == pytest.approx(0.2466, abs=5e-5)
    # Too few games tell the sportsmen apart for χ².
    assert "permutations" in how
    assert p_value == pytest.approx(by_enumeration(table), abs=0.01)


def by_enumeration(table):
    """Share of all tables with these row sums that reach the sum of squared column sums."""
    telling = [row for row in table.tolist() if 0 < sum(row) < len(row)]
    ways = [sorted(set(permutations(row))) for row in telling]
    observed = sum(sum(column) ** 2 for column in zip(*telling, strict=True))
    found = [sum(sum(column) ** 2 for column in zip(*rows, strict=True)) >= observed for rows in product(*ways)]
    return sum(found) / len(found)


def test_many_problems_use_chi_square_as_statsmodels_does():
    table = random_table(1, 600, (0.5, 0.55, 0.6, 0.62))
    effect = cochran_q(runs(table), CLAIM)
    found = cochrans_q(table)
    assert "χ² with 3" in effect.method
    assert effect.p_value == pytest.approx(found.pvalue)
    assert effect.details["q"] == pytest.approx(found.statistic)


def test_permutations_agree_with_chi_square_where_both_hold():
    table = random_table(2, 90, (0.5, 0.6, 0.65))
    telling = table[(table.sum(axis=1) > 0) & (table.sum(axis=1) < 3)][: FEW - 1]
    assert _test(telling, seed=0)[0] == pytest.approx(cochrans_q(telling).pvalue, abs=0.02)


def test_nothing_tells_the_conditions_apart():
    effect = cochran_q(runs([(1, 1, 1)] * 60 + [(0, 0, 0)] * 40), CLAIM)
    assert (effect.p_value, effect.estimate) == (1.0, 0.0)


def test_pairs_are_holm_adjusted_and_the_largest_is_the_estimate():
    table = random_table(3, 400, (0.4, 0.5, 0.62))
    effect = cochran_q(runs(table), CLAIM)
    pairs = effect.details["pairs"]
    assert (pairs[0]["first"], pairs[0]["second"]) == ("ct0_blocked", "ct1_blocked")
    adjusted = multipletests([row["p_value"] for row in pairs], method="holm")[1]
    assert [row["holm_p"] for row in pairs] == pytest.approx(list(adjusted))
    assert abs(effect.estimate) == max(abs(row["estimate"]) for row in pairs)
    assert effect.level == pytest.approx(1 - 0.05 / 3)


def test_one_run_cannot_be_compared():
    with pytest.raises(StatisticsError, match="at least two runs, got 1"):
        cochran_q(runs([(1,)] * 60), CLAIM)
