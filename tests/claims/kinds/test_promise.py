import pytest

from ctlab.claims import Direction
from ctlab.claims.kinds.promise import Sample, equivalence_promise, paired_promise, too_few
from ctlab.statistics.power.paired_power import detectable_difference, equivalence_power

N, ALPHA, SHARE = 1319, 0.05 / 6, 0.1
UP = Direction.INCREASE


def sample(n=N, discordance=SHARE):
    return Sample(n=n, discordance=discordance, rate=0.8)


def test_fewer_than_fifty_problems_in_a_group_decide_nothing():
    assert too_few(49) == "nothing: 49 problems in a group, and fewer than 50 decide nothing"
    assert too_few(50) == ""


def test_every_step_is_found_with_80_percent_power_together():
    promise = paired_promise(UP, 0.0, ALPHA, sample(), steps=4)
    assert promise.detectable == detectable_difference(SHARE, N, alpha=ALPHA, power=0.8**0.25)
    assert promise.note == "at each of 4 steps"


def test_a_change_takes_more_than_a_side():
    one, both = (paired_promise(side, 0.0, ALPHA, sample()).detectable for side in (UP, Direction.CHANGE))
    assert (one, both) == tuple(detectable_difference(SHARE, N, alpha=ALPHA, two_sided=two) for two in (False, True))


def test_beyond_a_margin_takes_more_where_more_changes():
    small, large = (paired_promise(UP, 0.02, ALPHA, sample(discordance=share)) for share in (0.05, 0.2))
    assert small.detectable < large.detectable
    assert small.note == "beyond 2.0 points"
    assert paired_promise(UP, 0.02, ALPHA, sample(), steps=2).note == "beyond 2.0 points, at each of 2 steps"


def test_an_equivalence_says_margin_power_and_need():
    promise = equivalence_promise(0.02, ALPHA, sample(discordance=0.03))
    assert promise.detectable is None
    assert promise.power == equivalence_power(0.02, 0.03, N, alpha=ALPHA)
    assert equivalence_power(0.02, 0.03, promise.needed, alpha=ALPHA) == pytest.approx(0.8, abs=0.02)
    assert paired_promise(Direction.EQUIVALENT, 0.02, ALPHA, sample(discordance=0.03)) == promise


def test_an_equivalence_says_whether_its_own_margin_can_be_proven():
    likely, few, hardly = (equivalence_promise(0.02, 0.0125, sample(discordance=share)) for share in (0.03, 0.07, 0.2))
    said = "if nothing changes, ±2.0 points is SUPPORTED in"
    assert likely.note == f"{said} {likely.power * 100:.0f} % of samples of this size"
    enough = "of samples of this size, in 80 % of samples of about"
    assert few.note == f"{said} only {few.power * 100:.0f} % {enough} {few.needed:,}"
    assert hardly.note == f"{said} under 5 % {enough} {hardly.needed:,}"
    assert (hardly.provable > 0.02, hardly.power < 0.05, hardly.needed > N) == (True, True, True)
