"""Runs that went wrong or were cut short must still be readable."""

import copy
import re

import pytest

from ctlab.reporting.compare.comparison_rows import verdict_rows
from ctlab.reporting.html.page import html
from ctlab.reporting.model.compared_runs import ComparedClaim, Comparison
from ctlab.reporting.schema import complete
from tests.reporting.fake_report import fake_report


def failed_certificate(report):
    certificate = report["conditions"][1]["certificate"]
    certificate["checks"][1] |= {"passed": False, "detail": "largest weight 0.31 on 131 edges"}
    certificate["passed"] = False


def missing_condition(report):
    report["conditions"][2] |= {"n": None, "accuracy": None, "certificate": None}
    del report["outcomes"]["ct4_blocked"]


def nothing_measured(report):
    report |= {"conditions": [], "outcomes": {}, "problem_sensitivity": {}, "claims": report["claims"][-3:]}


def void_without_effect(report):
    # As a condition that could not be certified leaves it: nothing was generated, so nothing was stored but the reason.
    report["claims"][0] |= {"verdict": "VOID", "effect": None, "reason": "the certificate failed", "why": ""}


def cut_short(report):
    report |= {"interrupted": True, "selection": {"deselected": 9, "is_selection": True}}
    report["claims"][5] |= {"status": "not_run", "verdict": None, "effect": None}


def separated(report):
    effect = report["claims"][7]["effect"]
    effect |= {"estimate": None, "low": None, "high": None, "p_value": 1.0, "undecided": "separation: all wrong"}
    report["claims"][7] |= {"verdict": "INCONCLUSIVE", "accepted": None, "why": "Separation: all wrong."}


def all_wrong(report):
    table = report["outcomes"]["baseline"]
    for cell in table.values():
        cell |= {"count": 0, "rate": 0.0, "of": None, "share": None, "chance": None, "corrected": None}
        cell |= {"low": None, "high": None}
    table["NONE"]["count"] = 1319


def no_chance_beyond_one(report):
    report["outcomes"]["baseline"]["LOGIC_ERROR"] |= {"chance": 1.0, "corrected": None, "low": None, "high": None}


def bare(report):
    for name in ("environment", "decoding", "families", "started", "seconds", "command", "ctlab"):
        report.pop(name)
    report["model"] = {}
    report["problems"] = {}


def notes(report):
    report["notes"] = ["Published 55.6 %, here 55.9 % [53.2, 58.6] on 1,319: consistent."]


def strange_names(report):
    report["claims"][0]["family"] = "<b>family</b>"
    report["conditions"][1]["name"] = "q"
    report["model"]["id"] = "../../a&b"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (failed_certificate, "failed: removed-edges-are-zero: largest weight 0.31 on 131 edges"),
        (failed_certificate, "The certificate failed for ct0_blocked."),
        (missing_condition, "not run"),
        (nothing_measured, "No condition ran."),
        (void_without_effect, "The certificate failed."),
        (cut_short, "This run was interrupted; 2 claims did not run."),
        (cut_short, "This run was a selection: 9 claims left out."),
        (separated, "Separation: all wrong."),
        (separated, '<p class="sub">no estimate; n = 1,319</p>'),
        (separated, '<span class="main">no estimate</span>'),
        (all_wrong, "1,319 (100.0 %)"),
        (no_chance_beyond_one, "chance 100.0 %"),
        (bare, "unnamed model"),
        (notes, "consistent."),
        (strange_names, "&lt;b&gt;family&lt;/b&gt;"),
    ],
)
def test_it_is_said(change, words):
    report = copy.deepcopy(fake_report(conditions=5))
    change(report)
    assert words in html(complete(report)).replace("\N{NO-BREAK SPACE}", " ")


def test_what_has_no_estimate_is_not_drawn():
    report = copy.deepcopy(fake_report(conditions=5))
    drawings = html(complete(report)).count('class="forest"')
    separated(report)
    full = complete(report)
    row = full.claims[7]
    assert (row.interval_95, row.power) == (None, None)
    assert html(full).count('class="forest"') == drawings - 2
    compared = ComparedClaim.model_construct(
        **{"id": row.id, "scale": row.scale, "before": "INCONCLUSIVE", "after": "INCONCLUSIVE"},
        **{"changed": False, "restated": False, "effects": (row.effect, None)},
    )
    comparison = Comparison.model_construct(claims=(compared,))
    assert verdict_rows(comparison)[0][3:] == ("no estimate, n = 1,319", "–")


def test_what_was_not_run_stands_last():
    report = copy.deepcopy(fake_report(conditions=5))
    for claim in report["claims"][:3]:
        claim |= {"status": "not_run", "verdict": None, "effect": None}
    full = complete(report)
    ran = [claim.id for claim in full.claims if claim.status != "not_run"]
    idle = [claim.id for claim in full.claims if claim.status == "not_run"]
    assert len(idle) > 2
    assert full.claims[0].id in idle
    page = html(full)
    rows = re.findall(r'<tr class="[^"]*" data-claim="([^"]+)"', page)
    assert rows == [*ran, *idle]
    assert page.index(f'<article class="claim" id="{ran[0]}"') < page.index(f'<article class="claim" id="{idle[0]}"')
    assert "as registered, not run last" in page


def test_recorded_answers_have_no_certificate():
    page = html(complete(fake_report(conditions=3, recorded=True)))
    assert "not available: recorded" in page
    assert "Recorded answers; what was hidden is not on record." in page
    assert "answers/ct0_blocked.jsonl" in page


@pytest.mark.parametrize("conditions", [0, 1, 3, 12])
def test_any_number_of_conditions(conditions):
    page = html(complete(fake_report(conditions=conditions)))
    assert page.count('class="condition"') == conditions
