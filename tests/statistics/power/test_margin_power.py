import pytest

from ctlab.errors import StatisticsError
from ctlab.statistics import paired_difference
from ctlab.statistics.power.margin_power import at_least_power, detectable_beyond
from tests.statistics.enumeration import probabilities, tables


def test_power_is_that_of_the_test_and_the_interval_together():
    n, margin, alpha = 60, 0.05, 0.05

    def supported(lost, gained):
        effect = paired_difference(lost, gained, n, margin=margin, alternative="greater", alpha=alpha)
        return effect.p_value <= alpha and effect.low > margin

    lost, gained = tables(n, 0.25)
    weights = probabilities(lost, gained, n, 0.25, 0.2)
    expected = sum(
        w for a, b, w in zip(lost, gained, weights, strict=True) if w > 1e-9 and b > a and supported(int(a), int(b))
    )
    assert at_least_power(0.2, margin, 0.25, n, alpha=alpha) == pytest.approx(expected, abs=1e-6)


def test_what_is_detectable_has_the_power_it_promises():
    for power in (0.8, 0.95):
        beyond = detectable_beyond(0.02, 0.1, 400, alpha=0.05, power=power)
        assert at_least_power(0.02 + beyond, 0.02, 0.1, 400, alpha=0.05) == pytest.approx(power, abs=0.01)


def test_at_the_margin_it_is_the_size():
    assert at_least_power(0.02, 0.02, 0.1, 400, alpha=0.05) <= 0.05


def test_nothing_to_find():
    assert detectable_beyond(0.9, 0.95, 10, alpha=0.01) is None
    with pytest.raises(StatisticsError, match="discordance must lie between"):
        at_least_power(0.3, 0.02, 0.1, 400, alpha=0.05)
    with pytest.raises(StatisticsError, match="margin must be above 0"):
        at_least_power(0.1, 0.0, 0.1, 400, alpha=0.05)
