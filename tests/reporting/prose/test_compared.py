from types import SimpleNamespace

import pytest

from ctlab.reporting.html.claim_tables import claim_tables
from ctlab.reporting.prose import sentences
from ctlab.reporting.prose.compared import changed, compared, discordant, null_words
from ctlab.statistics import equivalence, paired_difference
from ctlab.statistics.joint.intersection_union import all_of
from ctlab.statistics.paired.rates import stronger
from tests.reporting.fake_report import claim, effect_row, fake_claims

CLAIMS = {row["id"]: row for row in fake_claims()}
THREE = ["baseline", "ct0_from_answer", "ct4_from_answer"]


def run(name, right):
    """A run of four problems of which those in ``right`` are answered correctly."""
    answered = [problem in right for problem in "abcd"]
    return SimpleNamespace(condition=SimpleNamespace(name=name), ids=tuple("abcd"), has=lambda outcome: answered)


def more_than(lost, gained, **fields):
    effect = paired_difference(lost, gained, 1319, alternative="greater").to_json()
    return claim("x", "A more than B.", kind="more than", conditions=THREE, effect=effect, **fields)


def test_more_than_compares_the_two_treated_runs():
    row = more_than(176, 219, verdict="INCONCLUSIVE")
    assert compared(row) == ("ct0_from_answer", "ct4_from_answer")
    assert discordant(row) == "176 correct under ct0_from_answer only, 219 under ct4_from_answer only"
    assert null_words(row) == "loss of “correct” under ct0_from_answer minus loss under ct4_from_answer ≤ 0"
    text = sentences.sentence(row)
    assert "between the two losses (ct0_from_answer minus ct4_from_answer)" in text
    assert "broken" not in text


def test_the_counts_are_those_that_the_statistics_counted():
    first, second = run("ct0_from_answer", "a"), run("ct4_from_answer", "bcd")
    effect = stronger(first, second, SimpleNamespace(direction="increase", margin=0.0, alpha=0.05)).to_json()
    row = claim("x", "A more than B.", kind="more than", conditions=THREE, effect=effect)
    assert discordant(row) == "1 correct under ct0_from_answer only, 3 under ct4_from_answer only"
    assert effect["estimate"] == pytest.approx((3 - 1) / 4)


def test_another_reference_than_baseline_is_named():
    effect = paired_difference(11, 48, 1319, alternative="greater").to_json()
    row = claim("x", "CT2 recovers.", conditions=["ct0_blocked", "given_back"], effect=effect)
    assert discordant(row) == "11 correct under ct0_blocked only, 48 under given_back only"
    assert null_words(row) == "rate of “correct” under given_back minus rate under ct0_blocked ≤ 0"


def test_an_equivalence_that_correct_answers_decide_says_broken_and_fixed():
    parts = {"CORRECT": equivalence(167, 2, 1319, margin=0.02), "NONE": equivalence(0, 0, 1319, margin=0.02)}
    effect = all_of(parts, parts, null="some outcome differs").to_json()
    row = claim("x", "CT4 changes nothing.", kind="equivalence", outcome="EVERY", effect=effect)
    assert discordant(row) == "167 broken, 2 fixed"


def test_steps_and_pairs_name_their_conditions():
    parts = {"baseline → half": paired_difference(7, 9, 1319), "half → none": paired_difference(90, 3, 1319)}
    effect = all_of(parts, parts, null="some step does not fall").to_json()
    row = claim("x", "A trend.", kind="ordered trend", conditions=["baseline", "half", "none"], effect=effect)
    assert compared(row) == ("baseline", "half")
    assert discordant(row) == "7 broken, 9 fixed"
    assert claim_tables(effect)[0][0].rows[1][-1] == "90 under half only, 3 under none only"
    pair = {"first": "ct0", "second": "ct5", "estimate": 0.2}
    effect = {**paired_difference(18, 282, 1320).to_json(), "details": {"pairs": [pair]}}
    row = claim("x", "Not all equal.", kind="not all equal", conditions=["baseline", "ct0", "ct5"], effect=effect)
    assert discordant(row) == "18 correct under ct0 only, 282 under ct5 only"


def test_null_hypothesis_is_in_the_unit_of_the_page():
    assert null_words(CLAIMS["ct0-costs-a-quarter"]).endswith("≥ −25.0 points")
    assert (
        null_words(CLAIMS["ct0-lowers-accuracy"]) == "rate of “correct” under ct0_blocked minus rate under baseline ≥ 0"
    )
    assert null_words(CLAIMS["ct4-leaves-errors-alone"]).endswith("differ by 2.0 points or more")
    ratio = claim("x", "A ratio.", effect=effect_row(0, -1, 1, 0.5, "ratio", null="ratio ≤ 2"))
    assert null_words(ratio) == "ratio ≤ 2"


def test_a_null_about_a_feature_is_in_words():
    null = "β ≤ 0 for the interaction of condition and n_operations >= 3"
    row = claim("x", "X.", kind="interaction", effect=effect_row(0, -1, 1, 0.5, "log-odds", null=null))
    assert null_words(row) == "β ≤ 0 for the interaction of condition and 3 operations or more"


@pytest.mark.parametrize(
    ("change", "outcome", "first", "words"),
    [
        ("lost", "CORRECT", "baseline", "broken"),
        ("gained", "CORRECT", "baseline", "fixed"),
        ("lost", "NONE", "baseline", "lost"),
        ("gained", "CORRECT", "ct0_blocked", "gained"),
        ("changed", "CORRECT", "baseline", "changed"),
    ],
)
def test_an_example_is_called_what_the_counts_call_it(change, outcome, first, words):
    example = {"change": change, "answers": {first: "7", "given_back": "4"}}
    assert changed(example, {"outcome": outcome}) == words
