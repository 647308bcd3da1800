"""Means, every mean and lines: what is measured stands in the test."""

import numpy as np
import pytest

from ctlab.claims import Direction, Kind, judge
from ctlab.lab.pending_claim import PendingClaim
from ctlab.statistics import measured_mean
from tests.claims.kinds.making_kinds import ALPHA, claim, effect, promise

MEAN, EVERY, LINE = (
    claim(Direction.INCREASE, kind=kind, scale="lengths", margin=0.01)
    for kind in (Kind.MEAN, Kind.EVERY_MEAN, Kind.LINE)
)


@pytest.mark.parametrize(
    ("judged", "details", "noun"),
    [
        (MEAN, {}, "mean over problems"),
        (EVERY, {"weakest": "CT3"}, "mean over problems where it decides, CT3"),
        (LINE, {}, "mean rise from the first position to the last"),
    ],
)
def test_what_the_estimate_is_whatever_its_unit(judged, details, noun):
    for unit in ("points", "lengths"):
        assert judged.kind.rules.noun(judged, effect(unit=unit, details=details)) == noun


def test_a_proportion_is_said_in_points_and_a_length_stays():
    rules = MEAN.kind.rules
    assert rules.null(MEAN, effect(null="mean ≤ 0.05", boundary=0.05)) == "mean ≤ 5.0 points"
    assert rules.null(MEAN, effect(null="mean ≥ -0.05", boundary=-0.05)) == "mean ≥ −5.0 points"
    assert rules.null(MEAN, effect(null="mean ≤ 0.05", boundary=0.05, unit="lengths")) == "mean ≤ 0.05"


def test_nothing_is_promised_in_their_unit_before_a_pilot_has_shown_a_spread():
    deviations = (
        "a mean about 0.089 standard deviations beyond the margin; how large one is, is known once the claim was judged"
    )
    assert ALPHA == 0.05 / 6
    for judged, beyond in ((MEAN, "beyond the margin"), (EVERY, "of each part"), (LINE, "beyond the margin")):
        assert (promise(judged).detectable, promise(judged).unit, promise(judged).note) == (None, "lengths", deviations)
        planned = promise(judged, spread=0.5)
        # statsmodels: TTestPower().solve_power(nobs=1319, alpha=0.05 / 6, power=0.8, alternative="larger") = 0.0892
        assert planned.detectable == pytest.approx(0.0892 * 0.5, rel=1e-3)
        assert planned.note == f"approximate: {beyond}"


VALUES = 0.3 + 0.1 * np.random.default_rng(2).normal(size=200)
STRATA = {"n_operations": [1.0 + k // 100 for k in range(200)]}


def why(of, **options):
    pending = PendingClaim(of, 0.05, lambda of, effect: judge(of, effect, alpha=0.05))
    pending.judge(measured_mean(VALUES, pending, **options))
    return pending.judgement.why


def test_a_supported_mean_without_bounds_says_what_must_not_have_been_missed():
    measured = claim(Direction.INCREASE, kind=Kind.MEAN, margin=0.05)
    unseen = measured_mean(VALUES, PendingClaim(measured, 0.05, None)).details["unseen"]
    lowest = f"{100 * VALUES.min():+.1f}"
    assert f"it holds if no problem can lie below −{-100 * unseen['limit']:,.1f} points" in why(measured)
    assert f"the lowest seen is {lowest.replace('-', '−')} points." in why(measured)
    assert "bounds" not in why(measured, bounds=(-1.0, 1.0))
    beyond = claim(Direction.INCREASE, kind=Kind.MEAN, margin=0.9)
    assert "bounds" not in why(beyond)


def test_groups_that_are_held_fixed_are_shown():
    adjusted = claim(Direction.INCREASE, kind=Kind.MEAN, margin=0.05, adjust=("n_operations",))
    first, second = (100 * VALUES[half].mean() for half in (slice(100), slice(100, 200)))
    assert why(adjusted, strata=STRATA, bounds=(-1.0, 1.0)).endswith(
        f"By operations: +{first:.1f} points (1 operation) and +{second:.1f} points (2 operations); "
        "judged within these groups, with their shares of the problems."
    )
