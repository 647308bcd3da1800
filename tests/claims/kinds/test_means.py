"""Means, every mean and lines: what is measured stands in the test."""

import pytest

from ctlab.claims import Direction, Kind
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
    deviations = "about 0.089 standard deviations of what the test measures, which only judging it computes"
    assert ALPHA == 0.05 / 6
    for judged, beyond in ((MEAN, "beyond the margin"), (EVERY, "of each part"), (LINE, "beyond the margin")):
        assert (promise(judged).detectable, promise(judged).unit, promise(judged).note) == (None, "lengths", deviations)
        planned = promise(judged, spread=0.5)
        # statsmodels: TTestPower().solve_power(nobs=1319, alpha=0.05 / 6, power=0.8, alternative="larger") = 0.0892
        assert planned.detectable == pytest.approx(0.0892 * 0.5, rel=1e-3)
        assert planned.note == f"about; {beyond}"
