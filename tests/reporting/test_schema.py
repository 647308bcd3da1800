import pytest

from ctlab.errors import InputError
from ctlab.reporting import schema
from tests.reporting.fake_report import fake_report


def test_complete_is_idempotent():
    once = schema.complete(fake_report())
    assert schema.complete(once) == once


def test_unadjusted_interval_is_filled_in_where_it_is_known():
    claims = {row["id"]: row for row in schema.complete(fake_report())["claims"]}
    low, high = claims["ct0-lowers-accuracy"]["interval_95"]
    effect = claims["ct0-lowers-accuracy"]["effect"]
    assert effect["low"] < low < effect["estimate"] < high < effect["high"]
    # Wald, 98.75 %: half width 0.098 = 2.4977 standard errors, so 1.96 of them are 0.0769.
    assert claims["impact-grows-with-operations"]["interval_95"] == pytest.approx([-0.2889, -0.1351], abs=1e-4)
    assert claims["divergence-predicts-breaking"]["interval_95"] == [0.57, 0.65]
    assert claims["answer-readers-cost-more"]["interval_95"] is None
    assert claims["fraction-needs-ct0"]["interval_95"] is None


def test_reach_is_filled_in_where_only_the_sample_is_too_small():
    report = fake_report()
    for row in report["claims"]:
        row.pop("power", None)
    claims = {row["id"]: row for row in schema.complete(report)["claims"]}
    assert claims["ct0-raises-operation-reversal"]["power"]["detectable"] > 0
    assert claims["ct3-leaves-accuracy-alone"]["power"]["provable"] > 0.02
    assert claims["multi-step-needs-ct0"]["power"] is None
    assert claims["ct0-lowers-accuracy"]["power"] is None


def test_outcomes_come_from_the_taxonomy_where_they_are_missing():
    report = fake_report()
    outcomes = report.pop("outcomes")
    report["error_taxonomy"] = {"conditions": {name: {"outcomes": table} for name, table in outcomes.items()}}
    assert schema.complete(report)["outcomes"] == outcomes


def changed(**fields):
    return {**fake_report(), **fields}


@pytest.mark.parametrize(
    ("report", "words"),
    [
        ([], "must hold an object"),
        (changed(schema=2), "schema 2"),
        ({name: value for name, value in fake_report().items() if name != "model"}, "'model' is missing"),
        (changed(claims="none"), "'claims' is missing or has the wrong form"),
        (changed(claims=[{"id": "x"}]), r"claims\[0\] has no 'family'"),
        (changed(conditions=[{"name": "x"}]), r"conditions\[0\] has no 'interventions'"),
    ],
)
def test_what_is_wrong_is_said_and_where(report, words):
    with pytest.raises(InputError, match=words):
        schema.check(report)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "passed"}, "status must be one of"),
        ({"verdict": None}, "a verdict belongs to status 'judged'"),
        ({"status": "error"}, "a verdict belongs to status 'judged'"),
        ({"verdict": "PROVEN"}, "verdict must be one of"),
    ],
)
def test_a_claim_cannot_have_a_verdict_that_it_was_not_given(fields, words):
    report = fake_report()
    report["claims"][0] |= fields
    with pytest.raises(InputError, match=words):
        schema.check(report)
