from ctlab.claims import Direction, Kind, judge
from ctlab.records import Effect
from ctlab.statistics import equivalence, paired_difference
from ctlab.statistics.joint.intersection_union import all_of
from tests.claims.making import ALPHA, EQUIVALENCE, claim


def reason(judged, effect):
    return judge(judged, effect, alpha=ALPHA).reason


def test_supported():
    effect = paired_difference(230, 29, 1319, alternative="less", alpha=ALPHA)
    assert reason(claim(), effect) == (
        "−15.2 points (98.33 % interval −18.1 to −12.6, n = 1,319); p < .0001, below α = .0083. "
        "The interval lies below 0, as claimed."
    )


def test_inconclusive_says_what_could_have_been_found_and_how_many_would_settle_it():
    effect = paired_difference(40, 25, 1319, alternative="less", alpha=ALPHA)
    assert reason(claim(), effect) == (
        "−1.1 points (98.33 % interval −2.7 to +0.3, n = 1,319); p = .041 > α = .0083. "
        "The interval does not lie far enough on one side of 0. With 80 % power this sample could find an effect of "
        "2.0 points; about 4,120 problems would settle it if the effect is as large as seen."
    )


def test_inconclusive_at_exactly_no_difference():
    effect = paired_difference(30, 30, 1319, alternative="less", alpha=ALPHA)
    assert "at this estimate no number of problems would settle it" in reason(claim(), effect)


def test_equivalence_says_which_margin_could_be_proven():
    found = reason(EQUIVALENCE, equivalence(100, 90, 1319, margin=0.02, alpha=ALPHA))
    assert "neither within nor outside ±2.0 points" in found
    assert "could prove ±3.9 points" in found
    assert "within ±2.0 points, as claimed" in reason(EQUIVALENCE, equivalence(9, 9, 1319, margin=0.02, alpha=ALPHA))


def test_points_and_log_odds_are_never_mixed():
    row = paired_difference(40, 25, 1319, alternative="greater", alpha=ALPHA).to_json()
    row |= {"unit": "log-odds", "lost": None, "gained": None, "estimate": 0.1, "low": -0.2, "high": 0.4}
    found = reason(claim(Direction.INCREASE, kind=Kind.INTERACTION), Effect.from_json(row))
    assert found.startswith("+0.10 log-odds (98.33 % interval −0.20 to +0.40")
    assert "points" not in found


def test_a_claim_of_several_tests_says_which_decided_and_promises_only_what_all_of_them_find():
    row = paired_difference(40, 25, 1319, alpha=ALPHA).to_json() | {"unit": "variation", "p_value": 0.4}
    tests = {"labels, by χ²": 0.4, "composition": 0.00001}
    together = {"power": 0.115, "problems_needed": 4000}
    row["details"] = {"tests": tests, "decided_by": "labels, by χ²", "together": together}
    mix = claim(Direction.CHANGE, kind=Kind.ERROR_MIX, scale="variation")
    found = reason(mix, Effect.from_json(row))
    assert found.endswith(
        "2 tests must all reject, and the largest p counts: labels, by χ² (the others: composition: p < .0001). "
        "Were everything as seen, 12 % of samples of this size would make all of them reject; about 4,000 problems "
        "would settle it."
    )
    assert "could find" not in found
    row["details"]["together"] = {"power": 0.0, "problems_needed": None}
    assert "no number of problems that is at hand" in reason(mix, Effect.from_json(row))


def test_one_part_beyond_the_margin_that_does_not_refute_the_whole():
    part, strict = (equivalence(0, 41, 1319, margin=0.02, alpha=a) for a in (ALPHA, ALPHA / 10))
    found = reason(EQUIVALENCE, all_of({"CORRECT": part}, {"CORRECT": strict}, null="x"))
    assert part.low > 0.02 > strict.low
    assert "one part of several refutes at a stricter level only" in found


def test_what_goes_the_wrong_way_would_be_settled_against_the_claim():
    wrong = reason(claim(), paired_difference(25, 40, 1319, alternative="less", alpha=ALPHA))
    assert "about 4,120 problems would settle it against the claim if the effect is as large as seen" in wrong
    right = reason(claim(), paired_difference(40, 25, 1319, alternative="less", alpha=ALPHA))
    assert "would settle it if" in right
    outside = reason(EQUIVALENCE, equivalence(10, 45, 1319, margin=0.02, alpha=ALPHA))
    assert "would settle it against the claim if" in outside
