import itertools

import pytest

from ctlab.plugin.pytest_outcome import Rules, agreed_outcome
from ctlab.records import Verdict

SUPPORTED, REFUTED, INCONCLUSIVE, VOID = Verdict.SUPPORTED, Verdict.REFUTED, Verdict.INCONCLUSIVE, Verdict.VOID


def settled(outcome, verdict, accepted=None, *, asserted=None, **rules):
    asserted = outcome == "failed" if asserted is None else asserted
    found = agreed_outcome(outcome, asserted=asserted, verdict=verdict, accepted=accepted, rules=Rules(**rules))
    return found.outcome, found.status


@pytest.mark.parametrize(
    ("outcome", "verdict", "accepted", "expected"),
    [
        ("passed", SUPPORTED, None, ("passed", "judged")),
        ("failed", REFUTED, None, ("failed", "judged")),
        ("failed", INCONCLUSIVE, None, ("failed", "judged")),
        ("failed", VOID, None, ("failed", "judged")),
        ("passed", SUPPORTED, SUPPORTED, ("passed", "judged")),
        ("failed", REFUTED, REFUTED, ("skipped", "judged")),
        ("failed", INCONCLUSIVE, INCONCLUSIVE, ("skipped", "judged")),
        # a verdict that changed is red in every direction
        ("passed", SUPPORTED, REFUTED, ("failed", "judged")),
        ("passed", SUPPORTED, INCONCLUSIVE, ("failed", "judged")),
        ("failed", REFUTED, SUPPORTED, ("failed", "judged")),
        ("failed", REFUTED, INCONCLUSIVE, ("failed", "judged")),
        ("failed", INCONCLUSIVE, REFUTED, ("failed", "judged")),
        ("failed", INCONCLUSIVE, SUPPORTED, ("failed", "judged")),
        ("failed", VOID, SUPPORTED, ("failed", "judged")),
        # even if somebody wrote it into the registry by hand
        ("failed", VOID, VOID, ("failed", "judged")),
        # pytest and the judgement disagree: an error, no verdict
        ("passed", REFUTED, None, ("failed", "error")),
        ("passed", REFUTED, REFUTED, ("failed", "error")),
        ("passed", VOID, None, ("failed", "error")),
        ("failed", SUPPORTED, None, ("failed", "error")),
        ("failed", SUPPORTED, SUPPORTED, ("failed", "error")),
        ("skipped", SUPPORTED, None, ("failed", "error")),
        # never judged
        ("passed", None, None, ("failed", "error")),
        ("passed", None, REFUTED, ("failed", "error")),
        ("failed", None, REFUTED, ("failed", "error")),
        ("skipped", None, SUPPORTED, ("skipped", "skipped")),
    ],
)
def test_the_table(outcome, verdict, accepted, expected):
    assert settled(outcome, verdict, accepted) == expected


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("accepted", [None, *Verdict])
def test_any_exception_but_an_assertion_withdraws_the_verdict(verdict, accepted):
    assert settled("failed", verdict, accepted, asserted=False) == ("failed", "error")


def test_accepting_makes_every_verdict_the_accepted_one_but_void():
    for accepted in (None, *Verdict):
        assert settled("passed", SUPPORTED, accepted, accepting=True) == ("passed", "judged")
        assert settled("failed", REFUTED, accepted, accepting=True) == ("skipped", "judged")
        assert settled("failed", VOID, accepted, accepting=True) == ("failed", "judged")
        assert settled("passed", None, accepted, accepting=True) == ("failed", "error")


@pytest.mark.parametrize(
    ("outcome", "verdict", "expected"),
    [
        ("passed", SUPPORTED, ("passed", "judged")),
        ("failed", REFUTED, ("passed", "judged")),
        ("failed", INCONCLUSIVE, ("passed", "judged")),
        ("failed", VOID, ("failed", "judged")),
        # a bug is red wherever it is looked at
        ("passed", REFUTED, ("failed", "error")),
        ("failed", SUPPORTED, ("failed", "error")),
        ("passed", None, ("failed", "error")),
        ("failed", None, ("failed", "error")),
        ("skipped", REFUTED, ("failed", "error")),
    ],
)
def test_in_a_look_a_claim_passes_with_whatever_verdict_but_void(outcome, verdict, expected):
    assert settled(outcome, verdict, look=True) == expected


def test_in_a_look_a_test_that_broke_after_its_verdict_is_an_error():
    for verdict in Verdict:
        assert settled("failed", verdict, asserted=False, look=True) == ("failed", "error")


def test_strict_lets_nothing_pass_but_supported():
    for accepted in (None, *Verdict):
        assert settled("passed", SUPPORTED, accepted, strict=True)[0] == (
            "passed" if accepted in (None, SUPPORTED) else "failed"
        )
        for verdict in (REFUTED, INCONCLUSIVE, VOID):
            assert settled("failed", verdict, accepted, strict=True) == ("failed", "judged")


def test_a_verdict_is_kept_only_where_the_test_agrees_with_it():
    for outcome, verdict, accepted, asserted in itertools.product(
        ("passed", "failed", "skipped"), Verdict, [None, *Verdict], (True, False)
    ):
        found = agreed_outcome(outcome, asserted=asserted, verdict=verdict, accepted=accepted)
        if found.status == "judged":
            assert (outcome == "passed") == (verdict == SUPPORTED)
        if found.outcome == "passed":
            assert verdict == SUPPORTED
            assert accepted in (None, SUPPORTED)
        if found.expected:
            assert verdict == accepted != VOID


def test_what_is_shown_names_both_verdicts():
    message = agreed_outcome("failed", asserted=True, verdict=INCONCLUSIVE, accepted=REFUTED).message
    assert "REFUTED was accepted" in message
    assert "now it is INCONCLUSIVE" in message
    assert "--ctlab-accept" in message


def test_a_forgotten_judgement_says_how_to_end_the_test():
    message = agreed_outcome("passed", asserted=False, verdict=None, accepted=None).message
    assert "assert claim.judge(effect) == Verdict.SUPPORTED" in message
