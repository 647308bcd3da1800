from dataclasses import replace
from statistics import NormalDist

import pytest

from ctlab.claims import Claim, Direction, Kind, Registered
from ctlab.claims.judge import judge
from ctlab.errors import RegistryError
from tests.claims.kinds.making_kinds import ALPHA, claim, effect, promise

GROWS = claim(Direction.INCREASE, kind=Kind.INTERACTION, feature="n_operations >= 3", scale="log-odds")
POINTS = replace(GROWS, scale="points")
DIVISION = claim(Direction.CHANGE, kind=Kind.INTERACTION, feature="has_division", scale="log-odds")
BESIDE = {
    "lack_of_fit": {"chi2": 171.04, "df": 3, "p": 1e-30},
    "without": {"group": "n_operations = 1", "n": 900, "estimate": 0.06, "low": -0.1, "high": 0.2, "p_value": 0.58},
    "other_scale": {
        "unit": "points", "estimate": -0.2, "low": -0.25, "high": -0.15, "p_value": 0.0, "undecided": ""
    },
}  # fmt: skip


def said(of, **fields):
    numbers = {"estimate": 0.5, "low": 0.2, "high": 0.8, "unit": "log-odds", "alternative": "two-sided", "level": 0.95}
    return of.kind.rules.remarks(of, effect(**{**numbers, **fields}), supported=fields.get("p_value", 1.0) < 0.05)


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
    halves = "approximate: difference in loss between two halves of the problems"
    assert high.note == f"{halves}, from 90 % correct; the verdict is in log-odds"


def test_the_rate_before_does_not_matter_in_points():
    low, high = (promise(POINTS, rate=rate) for rate in (0.5, 0.9))
    assert low == high
    loss = promise(POINTS, n=200, discordance=0.3).detectable
    # One half loses it, of either three tenths change: a difference of two means of 100 problems each.
    error = ((0.3 - loss**2) / 100 + 0.3 / 100) ** 0.5
    assert loss / error == pytest.approx(NormalDist().inv_cdf(1 - ALPHA) + NormalDist().inv_cdf(0.8))
    assert promise(POINTS, n=100, discordance=1.0).detectable is not None


def test_what_it_adjusts_for_is_no_part_of_the_promise():
    assert promise(replace(DIVISION, adjust=("n_operations",))).note.endswith("here without adjusting for operations")


def test_what_is_too_large_for_any_loss_is_not_promised():
    assert promise(GROWS, n=120, discordance=0.9, rate=0.1).detectable is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"adjust": ("operations!",)},
            "A feature reads 'NAME', 'NAME >= NUMBER', 'NAME == VALUE' or 'log10",
        ),
        ({"feature": "n operations"}, "A feature reads 'NAME', .* got 'n operations'; write it like that"),
        ({"adjust": ("has_division",)}, "'has_division' cannot be adjusted for itself, because nothing would be left"),
        ({"adjust": "n_operations"}, r"adjust is a tuple of features, got 'n_operations'; write \('n_operations',\)"),
        ({"scale": "lengths"}, "An interaction is in log-odds or points, got the scale 'lengths'; choose one of them."),
    ],
)
def test_what_no_statistic_could_measure_is_refused_when_it_is_claimed(fields, message):
    with pytest.raises(RegistryError, match=f"^Claim 'ct0-lowers-accuracy': {message}"):
        replace(DIVISION, **fields)


def test_a_kind_that_adjusts_for_nothing():
    with pytest.raises(RegistryError, match="the kind 'difference' adjusts for nothing, got n_operations; leave adj"):
        claim(Direction.DECREASE, adjust=("n_operations",))


def test_what_is_adjusted_for_is_part_of_the_claim():
    adjusted = replace(DIVISION, adjust=("n_operations",))
    assert Claim.from_json(adjusted.to_json()) == adjusted
    assert "adjust" not in DIVISION.to_json()
    assert Registered.of(DIVISION).changes(Registered.of(adjusted)) == "its adjust was none and is n_operations"
    assert Claim.from_json(DIVISION.to_json()) == DIVISION


def test_a_supported_change_says_who_loses_more_and_the_odds_ratio():
    groups = {"has_division": 300, "not has_division": 1019}
    text = said(DIVISION, groups=groups, p_value=0.001)
    assert text == (
        "Problems with division lose more than those without division: odds ratio 1.65 (95 % interval 1.22 to 2.23)."
    )
    text = said(DIVISION, groups=groups, p_value=0.001, estimate=-0.5, low=-0.8, high=-0.2)
    assert text.startswith("Problems without division lose more than those with division: odds ratio 1.65 (95 % ")
    text = said(replace(DIVISION, scale="points"), groups=groups, p_value=0.001, estimate=0.041, unit="points")
    assert text.startswith("Problems with division lose more than those without division: 4.1 points.")
    text = said(replace(DIVISION, feature="n_operations"), p_value=0.001, estimate=-0.5, low=-0.8, high=-0.2)
    assert text.startswith("The more (operations), the less is lost: odds ratio 1.65")
    assert said(DIVISION, groups=groups, p_value=0.2) == ""


def test_lack_of_fit_influence_adjustment_and_disagreement_are_said():
    adjusted = replace(DIVISION, adjust=("n_operations",))
    assert said(adjusted, details=BESIDE) == (
        "Adjusted for operations: problems are compared with others of the same value of operations. "
        "Lack of fit of a straight line: χ²(3) = 171.0, p < .0001. "
        "Without problems with 1 operation, the most influential level: +0.06 log-odds, p = .58. "
        "The scales disagree: in log-odds the interval lies above 0, in points (−20.0 points, interval −25.0 to −15.0) "
        "it lies below 0."
    )


def test_a_continuous_feature_is_adjusted_for_by_tenths_and_says_so():
    adjusted = replace(DIVISION, adjust=("n_operations", "n_tokens"))
    text = said(adjusted, details={"adjusted_in_tenths": ["n_tokens"]})
    assert text.startswith("Adjusted for operations and ")
    assert "others of the same value of operations and the same tenth of " in text
    assert text.endswith(". Inside the tenths, what goes smoothly with it is taken off the feature.")


def test_scales_that_agree_or_tell_nothing_are_not_said():
    agree = {**BESIDE["other_scale"], "estimate": 0.2, "low": 0.1, "high": 0.3}
    assert said(DIVISION, details={"other_scale": agree}) == ""
    nothing = {**BESIDE["other_scale"], "estimate": None, "low": None, "high": None, "undecided": "separation"}
    assert said(DIVISION, details={"other_scale": nothing}) == ""
    left = {**BESIDE["without"], "estimate": None, "undecided": "every problem has the same value of the feature"}
    text = "Without problems with 1 operation there is no estimate: every problem has the same value of the feature."
    assert said(DIVISION, details={"without": left}) == text


def test_a_judgement_carries_them_in_its_reason():
    slope = effect(
        unit="log-odds", estimate=0.5, low=0.2, high=0.8, level=0.95, alternative="two-sided", p_value=0.001,
        n=1319, details=BESIDE,
    )  # fmt: skip
    judgement = judge(DIVISION, slope, alpha=0.05)
    assert "Lack of fit of a straight line: χ²(3) = 171.0" in judgement.why
    assert judgement.why in judgement.reason
