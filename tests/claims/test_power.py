import pytest

from ctlab.claims.power import prospects
from ctlab.records import Effect
from ctlab.statistics import equivalence, paired_difference
from ctlab.statistics.power.paired_power import detectable_difference, provable_margin


def test_paired_differences_use_the_exact_test_and_the_discordance_seen():
    effect = paired_difference(60, 40, 1000, alternative="less", alpha=0.01)
    found = prospects(effect, 0.01)
    assert found.detectable == detectable_difference(0.1, 1000, alpha=0.01)
    assert found.provable is None


def test_every_step_of_a_trend_must_be_found():
    effect = paired_difference(60, 40, 1000, alternative="less", alpha=0.01)
    steps = effect.with_details(parts={step: {} for step in "abcd"})
    assert prospects(steps, 0.01).detectable == detectable_difference(0.1, 1000, alpha=0.01, power=0.8**0.25)
    assert prospects(steps, 0.01).needed > prospects(effect, 0.01).needed


def test_equivalences_say_which_margin():
    effect = equivalence(60, 40, 1000, margin=0.02, alpha=0.01)
    assert prospects(effect, 0.01).provable == provable_margin(0.1, 1000, alpha=0.01)


def test_nothing_discordant_is_no_proof_that_nothing_can_be():
    found = prospects(paired_difference(0, 0, 1000, alternative="less"), 0.05)
    assert 0 < found.detectable < 0.01
    assert found.needed is None


def test_other_effects_use_the_width_of_their_interval():
    row = paired_difference(60, 40, 1000, alternative="greater", alpha=0.05).to_json()
    row |= {"lost": None, "gained": None, "estimate": 0.5, "low": 0.5 - 1.6448536, "high": 0.5 + 1.6448536}
    found = prospects(Effect.from_json({**row, "unit": "log-odds"}), 0.05)
    assert found.detectable == pytest.approx(1.6448536 + 0.8416212, rel=1e-5)
    assert found.needed == pytest.approx(1000 * (found.detectable / 0.5) ** 2, abs=1)


@pytest.mark.parametrize(
    ("effect", "against"),
    [
        (paired_difference(60, 40, 1000, alternative="less"), False),
        (paired_difference(40, 60, 1000, alternative="less"), True),
        (paired_difference(60, 40, 1000, alternative="greater"), True),
        (paired_difference(60, 40, 1000), False),
        (paired_difference(60, 40, 1000, margin=0.05, alternative="less"), True),
        (equivalence(60, 40, 1000, margin=0.03), False),
        (equivalence(60, 40, 1000, margin=0.01), True),
    ],
)
def test_which_way_more_problems_would_settle(effect, against):
    assert prospects(effect, 0.05).against == against


def test_one_part_that_goes_the_wrong_way_refutes_by_itself_at_its_share_of_the_level():
    wrong = paired_difference(40, 60, 1000, alternative="less", alpha=0.04)
    steps = wrong.with_details(parts={step: {} for step in "abcd"})
    assert prospects(steps, 0.04).needed == prospects(wrong, 0.01).needed
