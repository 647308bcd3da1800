import re

import pytest

from ctlab.reporting.model import ClaimRow, read
from ctlab.reporting.prose import sentences
from ctlab.statistics import paired_difference
from tests.reporting.fake_report import claim, fake_claims
from tests.reporting.fake_words import FIELDS

CLAIMS = {row["id"]: read(ClaimRow, row, "row") for row in fake_claims()}

SNAPSHOTS = {
    "ct0-lowers-accuracy": (
        "Supported: “Hiding CT0 from later positions lowers accuracy”. Observed difference in the rate of "
        "“correct”: −19.0 points (98.33 % interval −22.0 to −16.1 points; n = 1,319; 281 broken, 31 fixed). p"
        " < .0001, below α = .0083. The interval lies below 0, as claimed."
    ),
    "ct0-raises-operation-reversal": (
        "Undecided, these data neither support nor refute it: “Hiding CT0 from later positions raises the "
        "rate of operation reversals”. Observed difference in the rate of “operation reversal”: 0.0 points "
        "(98.33 % interval −0.3 to +0.3 points; n = 1,319; 0 lost, 0 gained). p = 1 > α = .0083. The interval"
        " contains 0: the data fit the claim and its opposite. With 80 % power this sample could find an effect of 0.4 "
        "points; about 18,400 problems would settle it if the effect is as large as seen."
    ),
    "ct4-leaves-errors-alone": (
        "Supported: “Hiding CT4 leaves the rate of every outcome within two points”. Observed difference in "
        "the rate of “logic error”, the outcome that decides: −0.4 points (98.33 % interval −1.4 to +0.6 "
        "points; n = 1,319; 14 lost, 9 gained). p = .0002 ≤ α = .0083. The interval lies within ±2.0 points, "
        "as claimed."
    ),
    "ct3-leaves-accuracy-alone": (
        "Undecided, these data neither support nor refute it: “Hiding CT3 leaves accuracy within two points, "
        "even though this statement goes on for rather longer than a statement should, so that the table has "
        "to wrap it over several lines without falling apart”. Observed difference in the rate of “correct”: "
        "+1.5 points (98.33 % interval −0.6 to +3.7 points; n = 1,319; 60 broken, 80 fixed). p = .295 > α = "
        ".0083. The interval is neither within nor outside ±2.0 points. With 80 % power this sample could "
        "prove ±3.1 points; about 3,900 problems would settle it if the effect is as large as seen."
    ),
    "ct0-costs-a-quarter": (
        "Refuted (if the files of answers were made under baseline and ct0_blocked), it does not hold here: “Hiding "
        "CT0 costs at least 25 points of accuracy”. Observed difference in the rate of “correct”: −19.0 points (98.33 "
        "% interval −22.0 to −16.1 points; n = 1,319; 281 broken, 31 fixed). p > .999, above α = .0083. The interval "
        "lies above −25.0 points, against the claim. Flagged: recorded: no certificates."
    ),
    "ct5-lowers-accuracy": (
        "Void, nothing can be said about it from this run: “Hiding CT5 lowers accuracy”. Nothing can be "
        "concluded: control no_op contradicts: 5 of 1,319 answers differ. Observed difference in the rate of "
        "“correct”: −0.7 points (98.33 % interval −2.3 to +0.9 points; n = 1,319; 40 broken, 31 fixed). p = "
        ".171 > α = .0083."
    ),
    "impact-grows-with-operations": (
        "Supported: “The more operations a problem has, the more hiding CT0 lowers the odds of a correct "
        "answer”. Observed effect: −0.21 log-odds (98.75 % interval −0.31 to −0.11 log-odds; n = 1,319). p < "
        ".0001, below α = .0063. The interval lies below 0, as claimed."
    ),
    "multi-step-needs-ct0": (
        "Undecided, these data neither support nor refute it: “Problems with 3 or more operations lose more "
        "than those with fewer”. Observed effect: −0.40 log-odds (98.75 % interval −1.90 to +1.10 log-odds; n"
        " = 1,319). p = .3 > α = .0063. Under 50 problems nothing is decided: there are 31 (fewer)."
    ),
    "answer-readers-cost-more": (
        "Undecided, these data neither support nor refute it: “Hiding CT0 from the answer costs at least "
        "twice what hiding it from later thoughts costs”. Observed ratio: 1.31 (98.75 % interval 0.74 to "
        "2.45; n = 1,319). p = .93 > α = .0083. The interval contains 2.00: the data fit the claim and its opposite. "
        "With 80 % power this sample could find an effect of 1.11 beyond 2.00; about 3,399 problems would "
        "settle it against the claim if the effect is as large as seen."
    ),
    "fraction-needs-ct0": ("Not run, so nothing is known about it: “Problems with fractions lose more”."),
    "ct0-is-a-hub": (
        "Skipped, so nothing is known about it: “CT0 receives more attention than other thoughts at the same "
        "distance”. It needs attention weights, and the answers were recorded."
    ),
    "attention-redistributes": (
        "Stopped with an error, which is no verdict: “When CT0 is hidden, its mass goes to other thoughts”. "
        "KeyError: 'ct0_blocked'."
    ),
}


def test_a_positive_control_is_called_one():
    row = CLAIMS["ct0-lowers-accuracy"].model_copy(update={"positive_control": "it was trained to."})
    assert sentences.sentence(row).startswith(
        "Supported: “Hiding CT0 from later positions lowers accuracy”. "
        "This is a positive control, not a finding: it was trained to. Observed"
    )
    assert "positive control" not in sentences.sentence(CLAIMS["ct0-lowers-accuracy"])


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_snapshot(name):
    assert sentences.sentence(CLAIMS[name]) == SNAPSHOTS[name]


def test_a_report_from_before_the_words_were_stored_shows_its_reason():
    form = next(row for row in fake_claims() if row["id"] == "ct0-lowers-accuracy")
    reason = (
        "−19.0 points (98.33 % interval −22.0 to −16.1, n = 1,319); p < .0001. The interval lies below 0, as claimed."
    )
    old = {name: value for name, value in form.items() if name not in FIELDS} | {"reason": reason}
    assert sentences.sentence(read(ClaimRow, old, "row")) == (
        f"Supported: “Hiding CT0 from later positions lowers accuracy”. {reason}"
    )


@pytest.mark.parametrize("name", CLAIMS)
def test_a_statement_is_only_ever_quoted(name):
    """Outside quotation marks no sentence says what the claim says; what stands before says what became of it."""
    row = CLAIMS[name]
    text = sentences.sentence(row)
    statement = row.statement.rstrip(".")
    assert statement not in re.sub("“[^”]*”", "", text)
    before = text.split("“")[0]
    assert before.startswith("Supported") == (row.verdict == "SUPPORTED")


@pytest.mark.parametrize("verdict", ["REFUTED", "INCONCLUSIVE", "VOID", None])
def test_no_verdict_but_supported_reads_as_support(verdict):
    effect = paired_difference(230, 29, 1319, alternative="less").to_json()
    status = "error" if verdict is None else "judged"
    form = claim("x", "Hiding CT0 lowers accuracy.", effect=effect, verdict=verdict, status=status)
    row = read(ClaimRow, form, "row")
    assert not sentences.sentence(row).startswith("Supported")
    assert not re.search(r"\b(fell|rose|dropped|lowered|raised)\b", sentences.sentence(row))


@pytest.mark.parametrize("name", [name for name, row in CLAIMS.items() if row.effect])
def test_n_and_interval_are_always_shown(name):
    text = sentences.sentence(CLAIMS[name])
    assert re.search(r"n = [\d,]+", text)
    assert re.search(r"[\d.]+ % interval \S+ to \S+", text)


def test_a_difference_of_rates_is_never_in_percent():
    """A percent sign stands behind levels of intervals, power and shares only."""
    for row in CLAIMS.values():
        for before, after in re.findall(r"(\S+) %( \w+)?", sentences.sentence(row)):
            assert after.strip() in ("interval", "power") or before.startswith("("), (before, after)


def test_acceptance():
    assert sentences.acceptance(CLAIMS["ct0-lowers-accuracy"]).tone == "good"
    assert sentences.acceptance(CLAIMS["ct0-raises-calc-error"]).text.endswith("changed to SUPPORTED")
    assert sentences.acceptance(CLAIMS["ct5-lowers-accuracy"]) is None


def test_tally_lists_verdicts_before_what_has_none():
    assert sentences.tally(list(CLAIMS.values())) == [
        ("SUPPORTED", 5),
        ("REFUTED", 1),
        ("INCONCLUSIVE", 5),
        ("VOID", 1),
        ("error", 1),
        ("skipped", 1),
        ("not run", 1),
    ]
