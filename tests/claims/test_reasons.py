from dataclasses import replace

import pytest

from ctlab.claims import EVERY_OUTCOME, Direction, Kind, Verdict, judge
from ctlab.claims.reasons import as_sentence, counts
from ctlab.records import Effect
from ctlab.statistics import equivalence, measured_mean, paired_difference
from ctlab.statistics.joint.intersection_union import all_of
from tests.claims.making import ALPHA, EQUIVALENCE, claim
from tests.statistics.fake_runs import Question


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
        "The interval contains 0: the data fit the claim and its opposite. With 80 % power this sample could find an "
        "effect of 2.0 points; about 4,120 problems would settle it if the effect is as large as seen."
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


def test_log_odds_say_per_what():
    row = paired_difference(40, 25, 1319, alternative="greater", alpha=ALPHA).to_json()
    row |= {"unit": "log-odds", "lost": None, "gained": None, "estimate": 0.1, "low": -0.2, "high": 0.4}
    grows = claim(Direction.INCREASE, kind=Kind.INTERACTION, feature="n_operations", scale="log-odds per operation")
    judgement = judge(grows, Effect.from_json(row), alpha=ALPHA)
    assert judgement.reason.startswith("+0.10 log-odds per operation (98.33 % interval")
    assert "could find an effect of 0.41 log-odds per operation;" in judgement.outlook


def test_groups_that_are_too_small_are_named_in_words():
    row = paired_difference(40, 25, 1319, alternative="less", alpha=ALPHA).to_json()
    row["groups"] = {"n_operations >= 3": 1290, "not n_operations >= 3": 29}
    judgement = judge(claim(), Effect.from_json(row), alpha=ALPHA)
    assert judgement.why == "Under 50 problems nothing is decided: there are 29 (fewer than 3 operations)."
    assert judgement.outlook == ""


def test_an_inconclusive_claim_with_a_small_p_has_a_reason():
    # Nothing tells how far it may be off: p < .0001, and no verdict may rest on it.
    values = [0.011] * 290 + [0.5 + place for place in range(10)]
    effect = measured_mean(values, Question("increase", margin=0.0, alpha=0.01), unit="lengths")
    effect = replace(effect, undecided="300 problems were measured with a broken ruler")
    moves = claim(Direction.INCREASE, kind=Kind.MEAN, scale="lengths")
    judgement = judge(moves, effect, alpha=0.01)
    assert effect.p_value < 0.0001
    assert judgement.verdict == Verdict.INCONCLUSIVE
    assert judgement.why.startswith("Not decided: 300 problems were measured with a broken ruler")


@pytest.mark.parametrize(
    ("lost", "gained", "direction", "why"),
    [
        (0, 4, Direction.INCREASE, "The interval lies above 0, but p is above α; SUPPORTED needs both."),
        (4, 0, Direction.DECREASE, "The interval lies below 0, but p is above α; SUPPORTED needs both."),
        (0, 5, Direction.CHANGE, "The interval does not contain 0, but p is above α; SUPPORTED needs both."),
    ],
)
def test_an_interval_that_is_beyond_is_not_said_to_be_across(lost, gained, direction, why):
    judged = claim(direction)
    effect = paired_difference(lost, gained, 200, alternative=direction.alternative, alpha=0.05)
    assert judge(judged, effect, alpha=0.05).why == why


def test_p_alone_does_not_decide():
    judged = claim(Direction.CHANGE)
    row = {**paired_difference(40, 41, 1319, alpha=ALPHA).to_json(), "p_value": 0.001}
    why = "p is at most α, but the interval contains 0; SUPPORTED needs both."
    assert judge(judged, Effect.from_json(row), alpha=ALPHA).why == why
    differ = claim(Direction.CHANGE, kind=Kind.NOT_ALL_EQUAL, conditions=("baseline", "a", "b"))
    assert judge(differ, Effect.from_json(row), alpha=ALPHA).verdict == Verdict.SUPPORTED
    row = {**paired_difference(0, 90, 1319, alpha=ALPHA).to_json(), "p_value": 0.3}
    why = "The interval does not contain 0, but p is above α; for this kind p alone decides."
    assert judge(differ, Effect.from_json(row), alpha=ALPHA).why == why


def test_every_outcome_of_the_page_and_the_judgement_said_different_things_once():
    """74 lost and 22 gained: beyond the margin at α, not at α / 10, and never "neither within nor outside"."""
    correct, others = (counts_at(lost, gained) for lost, gained in ((74, 22), (3, 2)))
    parts = {"CORRECT": correct(ALPHA)} | {f"OTHER_{place}": others(ALPHA) for place in range(9)}
    strict = {"CORRECT": correct(ALPHA / 10)} | {f"OTHER_{place}": others(ALPHA / 10) for place in range(9)}
    judgement = judge(
        claim(Direction.EQUIVALENT, kind=Kind.EQUIVALENCE, outcome=EVERY_OUTCOME, margin=0.02),
        all_of(parts, strict, null="some outcome differs"),
        alpha=ALPHA,
    )
    assert (
        judgement.why
        == "The interval lies outside ±2.0 points, but one part of several refutes at a stricter level only."
    )
    assert "−5.8 to −2.2" in judgement.reason


def counts_at(lost, gained):
    return lambda alpha: equivalence(lost, gained, 1319, margin=0.02, alpha=alpha)


def test_counts_against_another_reference_name_both_conditions():
    recovers = claim(Direction.INCREASE, conditions=("ct0_blocked", "given_back"))
    effect = paired_difference(11, 48, 1319, alternative="greater", alpha=ALPHA)
    judgement = judge(recovers, effect, alpha=ALPHA)
    assert judgement.compared == ("ct0_blocked", "given_back")
    assert judgement.counts == "11 correct under ct0_blocked only, 48 under given_back only"
    assert counts(claim(outcome="NONE"), effect, ("baseline", "a")) == "11 lost, 48 gained"
    assert counts(claim(outcome="NONE"), effect, ("a", "b")) == "11 “no answer” under a only, 48 under b only"
    assert counts(claim(outcome="MINE"), effect, ("a", "b")) == "11 “mine” under a only, 48 under b only"
    assert counts(claim(outcome="EVERY"), effect, ("a", "b")) == "11 under a only, 48 under b only"


def test_an_equivalence_that_correct_answers_decide_says_broken_and_fixed():
    parts = {
        "CORRECT": equivalence(167, 2, 1319, margin=0.02, alpha=ALPHA),
        "NONE": equivalence(0, 0, 1319, margin=0.02),
    }
    judgement = judge(
        claim(Direction.EQUIVALENT, kind=Kind.EQUIVALENCE, outcome=EVERY_OUTCOME, margin=0.02),
        all_of(parts, parts, null="some outcome differs"),
        alpha=ALPHA,
    )
    assert judgement.counts == "167 broken, 2 fixed"
    assert judgement.noun == "difference in the rate of “correct”, the outcome that decides"


def test_a_sentence_of_another_begins_and_ends_as_one():
    assert as_sentence("it needs weights") == "It needs weights."
    assert as_sentence("Really?") == "Really?"
    assert as_sentence(" ") == ""
