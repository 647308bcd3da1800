import pytest

from ctlab.claims import Family, judge
from ctlab.lab.claim_rows import claim_row, judged, of_repeats, unjudged, voided, with_holm
from ctlab.statistics import paired_difference
from tests.claims.making import claim

FAMILY = Family(name="demo", claims=tuple(claim(id=f"claim-{k}") for k in range(3)))


def judged_rows(*lost):
    alpha = FAMILY.claim_alpha
    effects = [paired_difference(each, 10, 200, alternative="less", alpha=alpha) for each in lost]
    return [
        judged(claim_row(one, alpha), judge(one, effect, alpha=alpha))
        for one, effect in zip(FAMILY.claims, effects, strict=False)
    ]


def test_adjusted_across_a_family_that_was_judged_as_a_whole():
    rows = with_holm(judged_rows(30, 22, 12), [FAMILY])
    p_values = [row["effect"]["p_value"] for row in rows]
    assert [row["holm_p"] for row in rows] == pytest.approx([3 * p_values[0], 2 * p_values[1], p_values[2]])


def test_decides_nothing():
    before = judged_rows(30, 22, 12)
    after = [{name: value for name, value in row.items() if name != "holm_p"} for row in with_holm(before, [FAMILY])]
    assert after == before


@pytest.mark.parametrize(
    "spoil",
    [lambda row: unjudged(row, "not_run", "not selected"), lambda row: voided(row, "x")],
    ids=["not run", "void"],
)
def test_not_where_a_claim_has_no_p_value_worth_adjusting(spoil):
    rows = judged_rows(30, 22, 12)
    rows[1] = spoil(rows[1])
    assert [row["holm_p"] for row in with_holm(rows, [FAMILY])] == [None, None, None]
    assert [row["holm_p"] for row in with_holm(rows[:1], [FAMILY])] == [None]


def test_a_row_has_the_sentences_that_reports_print():
    (row,) = judged_rows(30)
    assert row["why"] == "The interval lies below 0, as claimed."
    assert (row["compared"], row["counts"]) == (["baseline", "ct0_blocked"], "30 broken, 10 fixed")
    assert row["null"] == "rate of “correct” under ct0_blocked minus rate under baseline ≥ 0"
    assert row["noun"] == "difference in the rate of “correct”"
    assert set(row) == set(claim_row(FAMILY.claims[0], 0.05))


def test_without_a_verdict_the_reason_is_why():
    row = claim_row(FAMILY.claims[0], 0.05)
    assert voided(row, "the certificate failed")["why"] == "Nothing can be concluded: the certificate failed."
    assert unjudged(row, "skipped", "it needs attention weights")["why"] == "It needs attention weights."


def test_repeats_that_judge_the_same_are_one_row():
    (row,) = judged_rows(30)
    assert of_repeats([row, row]) == row
    assert of_repeats([unjudged(row, "skipped", "not today"), row]) == row


def test_an_error_of_one_repeat_is_the_claim_s():
    (row,) = judged_rows(30)
    broken = unjudged(row, "error", "KeyError: 'x'")
    assert of_repeats([row, broken, row]) == broken


def test_repeats_that_judge_differently_are_an_error():
    (supported, other) = judged_rows(30, 12)
    assert supported["verdict"] != other["verdict"]
    row = of_repeats([supported, {**other, "id": supported["id"]}])
    assert (row["status"], row["verdict"]) == ("error", None)
    assert row["reason"] == f"repeated on the same answers, its test judged SUPPORTED, then {other['verdict']}"
