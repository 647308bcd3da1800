import pytest

from ctlab.errors import StatisticsError
from ctlab.statistics import equivalence
from ctlab.statistics.paired.mcnemar import mcnemar_p
from ctlab.statistics.power.paired_power import (
    detectable_difference,
    difference_power,
    equivalence_power,
    problems_needed,
    problems_to_find,
    problems_to_prove,
    provable_margin,
)
from tests.statistics.enumeration import probabilities, tables


def enumerated(n, discordance, difference, decide):
    """Sum the probability of every table that `decide` accepts."""
    lost, gained = tables(n, discordance)
    weights = probabilities(lost, gained, n, discordance, difference)
    return sum(w for a, b, w in zip(lost, gained, weights, strict=True) if w > 1e-13 and decide(int(a), int(b)))


@pytest.mark.parametrize(("n", "discordance", "difference", "alpha"), [(200, 0.1, 0.04, 0.05), (120, 0.05, 0.05, 0.01)])
def test_power_is_that_of_the_test_itself(n, discordance, difference, alpha):
    expected = enumerated(n, discordance, difference, lambda a, b: mcnemar_p(a, b, "greater") <= alpha)
    assert difference_power(difference, discordance, n, alpha=alpha) == pytest.approx(expected, abs=1e-6)


def test_power_of_equivalence_is_that_of_the_test_itself():
    def proven(a, b):
        effect = equivalence(a, b, 200, margin=0.06)
        return effect.low > -0.06 and effect.high < 0.06

    expected = enumerated(200, 0.1, 0.0, proven)
    assert equivalence_power(0.06, 0.1, 200, alpha=0.05) == pytest.approx(expected, abs=1e-6)


def test_detectable_and_provable_have_80_percent_power():
    found = detectable_difference(0.1, 1319, alpha=0.05 / 6)
    assert difference_power(found, 0.1, 1319, alpha=0.05 / 6) == pytest.approx(0.8, abs=0.005)
    margin = provable_margin(0.1, 1319, alpha=0.05 / 6)
    assert equivalence_power(margin, 0.1, 1319, alpha=0.05 / 6) == pytest.approx(0.8, abs=0.02)


def test_more_problems_find_smaller_effects():
    found = [detectable_difference(0.1, n, alpha=0.05) for n in (100, 400, 1600)]
    assert found[0] > found[1] > found[2]
    assert provable_margin(0.1, 400, alpha=0.05) > provable_margin(0.1, 1600, alpha=0.05)


def test_where_nothing_can_be_found():
    assert detectable_difference(0.1, 4, alpha=0.01) is None
    assert difference_power(0.0, 0.0, 100, alpha=0.05) == 0.0
    assert provable_margin(0.5, 1, alpha=0.05) is None


def test_problems_needed_reach_the_power_they_promise():
    n = problems_to_find(0.03, 0.1, alpha=0.05)
    assert difference_power(0.03, 0.1, n, alpha=0.05) == pytest.approx(0.8, abs=0.01)
    assert problems_needed(0.03, 0.1 - 0.03**2, alpha=0.05) == pytest.approx(n, rel=0.1)
    n = problems_to_prove(0.02, 0.03, alpha=0.05)
    assert equivalence_power(0.02, 0.03, n, alpha=0.05) == pytest.approx(0.8, abs=0.02)


def test_what_no_number_of_problems_settles():
    assert problems_needed(0.0, 0.1, alpha=0.05) is None
    assert problems_to_find(0.0, 0.1, alpha=0.05) is None
    assert problems_to_find(1e-6, 0.1, alpha=0.05) is None


@pytest.mark.parametrize(
    ("difference", "discordance", "n"), [(0.2, 0.1, 100), (0.0, 1.5, 100), (0.0, 0.1, 0), (0.0, 0.1, -5)]
)
def test_impossible_assumptions(difference, discordance, n):
    with pytest.raises(StatisticsError):
        difference_power(difference, discordance, n, alpha=0.05)
