from ctlab.claims import Direction, Kind
from tests.claims.kinds.making_kinds import claim, effect, promise

GROWS = claim(Direction.INCREASE, kind=Kind.INTERACTION, feature="n_operations >= 3")


def test_its_feature_is_said_in_words():
    slope = effect(unit="log-odds", null="β ≤ 0 for the interaction of condition and n_operations >= 3")
    null = "β ≤ 0 for the interaction of condition and 3 operations or more"
    assert GROWS.kind.rules.null(GROWS, slope) == null


def test_each_half_of_the_problems_is_a_group():
    assert promise(GROWS, n=99).detectable is None
    assert promise(GROWS, n=100).detectable > 0


def test_the_rate_before_matters_because_odds_are_compared():
    low, high = (promise(GROWS, rate=rate) for rate in (0.5, 0.9))
    assert low.detectable < high.detectable
    note = "about; difference in loss between halves of the problems, 90 % right before; judged in log-odds"
    assert high.note == note


def test_what_is_too_large_for_any_loss_is_not_promised():
    assert promise(GROWS, n=120, discordance=0.9, rate=0.1).detectable is None
