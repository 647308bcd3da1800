import pytest
from statsmodels.stats.power import NormalIndPower

from ctlab.claims import Direction, Kind
from ctlab.claims.detectable import reach
from ctlab.statistics.power.paired_power import detectable_difference
from tests.claims.making import claim

N, ALPHA, SHARE, RATE = 1319, 0.05 / 6, 0.1, 0.8


def found(direction=Direction.INCREASE, n=N, **fields):
    return reach(claim(direction, **fields), ALPHA, n, SHARE, RATE)


@pytest.mark.parametrize("kind", [Kind.ERROR_MIX, Kind.RATIO])
def test_nothing_is_promised_where_nothing_can_be(kind):
    # A ratio of at least 2 was once promised "beyond 200 points".
    promise = found(kind=kind, margin=2.0)
    assert promise.detectable is None
    assert promise.note.startswith("no promise: ")


def test_fewer_than_fifty_problems_in_a_group_decide_nothing():
    assert found(n=49).note == "nothing: 49 problems in a group, and fewer than 50 decide nothing"
    assert found(n=99, kind=Kind.INTERACTION, feature="has_division").detectable is None
    assert found(n=199, kind=Kind.AUC).detectable is None
    assert found(n=200, kind=Kind.AUC).detectable > 0


def test_every_step_of_a_trend_is_found_with_80_percent_power_together():
    promise = found(kind=Kind.TREND, conditions=("baseline", "a", "b", "c", "d"))
    assert promise.detectable == detectable_difference(SHARE, N, alpha=ALPHA, power=0.8**0.25)
    assert promise.note == "at each of 4 steps"


def test_beyond_a_margin_takes_more_where_more_changes():
    small, large = (reach(claim(Direction.INCREASE, margin=0.02), ALPHA, N, share, RATE) for share in (0.05, 0.2))
    assert small.detectable < large.detectable
    assert small.note == "beyond 2.0 points"


def test_a_contrast_of_losses_is_found_with_twice_the_discordance_as_its_variance():
    found_size = found(kind=Kind.ADDITIVITY).detectable / (2 * SHARE) ** 0.5
    # ratio=0: statsmodels' way of asking for one sample
    power = NormalIndPower().power(found_size, N, ALPHA, ratio=0, alternative="larger")
    assert power == pytest.approx(0.8, abs=1e-6)


def test_an_interaction_that_is_too_large_for_any_loss_is_not_promised():
    assert reach(claim(Direction.INCREASE, kind=Kind.INTERACTION, feature="f"), ALPHA, 120, 0.9, 0.1).detectable is None
