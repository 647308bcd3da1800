import pytest

from ctlab.errors import InputError
from ctlab.reporting.schema import complete
from tests.reporting.fake_report import fake_report


def claims(report):
    return {row.id: row for row in complete(report).claims}


def test_complete_is_idempotent():
    once = complete(fake_report())
    assert complete(once.to_json()) == once


def test_unadjusted_interval_is_filled_in_where_it_is_known():
    rows = claims(fake_report())
    low, high = rows["ct0-lowers-accuracy"].interval_95
    effect = rows["ct0-lowers-accuracy"].effect
    assert effect.low < low < effect.estimate < high < effect.high
    # Wald, 98.75 %: half width 0.098 = 2.4977 standard errors, so 1.96 of them are 0.0769.
    assert rows["impact-grows-with-operations"].interval_95 == pytest.approx((-0.2889, -0.1351), abs=1e-4)
    assert rows["divergence-predicts-breaking"].interval_95 == (0.57, 0.65)
    assert rows["answer-readers-cost-more"].interval_95 is None
    assert rows["fraction-needs-ct0"].interval_95 is None


def test_reach_is_filled_in_where_only_the_sample_is_too_small():
    report = fake_report()
    for row in report["claims"]:
        row.pop("power", None)
    rows = claims(report)
    assert rows["ct0-raises-operation-reversal"].power.detectable > 0
    assert rows["ct3-leaves-accuracy-alone"].power.provable > 0.02
    assert rows["multi-step-needs-ct0"].power is None
    assert rows["ct0-lowers-accuracy"].power is None


def test_reach_of_a_claim_without_a_level_is_not_known():
    report = fake_report()
    for row in report["claims"]:
        row.pop("power", None)
        row["alpha"] = None
    assert {row.power for row in complete(report).claims} == {None}


def test_outcomes_come_from_the_taxonomy_where_they_are_missing():
    report = fake_report()
    outcomes = report.pop("outcomes")
    report["error_taxonomy"] = {"conditions": {name: {"outcomes": table} for name, table in outcomes.items()}}
    assert complete(report).to_json()["outcomes"] == outcomes


def test_what_the_file_did_not_say_is_in_it_afterwards():
    report = complete({"model": {}, "problems": {}, "alpha": 0.05, "conditions": [], "claims": []}).to_json()
    assert report["schema"] == 1
    assert report["selection"] == {"deselected": 0, "is_selection": False}
    assert report["problems"] == {"name": "", "digest": "", "n": 0, "limit": None, "audit": []}
    assert report["notes"] == []


def test_fields_of_a_later_version_are_kept():
    report = fake_report()
    report["claims"][0]["mood"] = 3
    report["weather"] = {"clear": True}
    form = complete(report).to_json()
    assert (form["claims"][0]["mood"], form["weather"]) == (3, {"clear": True})


def changed(**fields):
    return {**fake_report(), **fields}


@pytest.mark.parametrize(
    ("report", "words"),
    [
        ([], "report.json: the file must be an object, got a list of 0"),
        (changed(schema=2), "schema 2"),
        ({name: value for name, value in fake_report().items() if name != "model"}, "report.json: model is missing"),
        (changed(claims="none"), "claims must be a list, got 'none'"),
        (changed(claims=[{"id": "x"}]), r"claims\[0\].family is missing"),
        (changed(conditions=[{"name": "x"}]), r"conditions\[0\].interventions is missing"),
    ],
)
def test_what_is_wrong_is_said_and_where(report, words):
    with pytest.raises(InputError, match=words):
        complete(report)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "passed"}, "status must be one of 'judged', 'not_run', 'error' or 'skipped', got 'passed'"),
        ({"verdict": None}, "a verdict that belongs to status 'judged'"),
        ({"status": "error"}, "a verdict that belongs to status 'judged'"),
        ({"verdict": "PROVEN"}, "verdict must be one of"),
    ],
)
def test_a_claim_cannot_have_a_verdict_that_it_was_not_given(fields, words):
    report = fake_report()
    report["claims"][0] |= fields
    with pytest.raises(InputError, match=r"claims\[0\].*" + words):
        complete(report)
