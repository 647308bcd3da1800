"""What cannot be computed costs its own verdict, table or picture, and never the report."""

import json
import math

import pytest

import ctlab.reporting
import ctlab.reporting.documents.story_files
from ctlab.reporting.figures import pictures as figures
from tests.plugin.suite import TESTS, report, rows, run, write_suite

NAN = """
    from dataclasses import replace
    nan = float("nan")
    details = {"other_scale": {"unit": "points", "p_value": nan}}
    effect = replace(effect, p_value=nan, low=nan, high=nan, details=details)
"""


@pytest.fixture
def suite(pytester):
    write_suite(pytester, folder="demo_claims")
    return pytester


@pytest.mark.parametrize("which", ["ct0_lowers", "ct0_raises"])
def test_an_effect_that_is_nan_is_inconclusive_and_the_report_is_json(pytester, which):
    head, mark, rest = TESTS.partition(f"def test_{which}")
    tests = head + mark + rest.replace("\n    assert", NAN + "    assert", 1)
    write_suite(pytester, folder="demo_claims", tests=tests)
    result = run(pytester)
    assert result.ret == 0
    name = which.replace("_", "-")
    row = rows(pytester)[name]
    assert (row["verdict"], row["status"]) == ("INCONCLUSIVE", "judged")
    assert "could not be computed: low is nan, high is nan, p is nan" in row["reason"]
    assert (row["effect"]["estimate"], row["effect"]["low"]) == (None, None)
    result.stdout.fnmatch_lines([f"{name} *INCONCLUSIVE*could not be computed*"])
    text = (pytester.path / "reports/latest/report.json").read_text("utf-8")
    assert not any(word in text for word in ("NaN", "Infinity"))
    assert (pytester.path / "reports/latest/index.html").is_file()


@pytest.mark.parametrize("broken", ["raises", "nan"])
def test_a_table_that_fails_costs_that_table(suite, monkeypatch, broken):
    def taxonomy(*_, **__):
        if broken == "raises":
            raise ZeroDivisionError("of no answers")
        return [], {"conditions": {"baseline": {"accuracy": math.nan}}}

    monkeypatch.setattr(ctlab.reporting, "error_taxonomy", taxonomy, raising=False)
    registry = suite.path / "demo_claims/registry.py"
    text = registry.read_text("utf-8").replace('id="ct4-changes",', 'id="ct4-changes", outcome="LOGIC_ERROR",')
    registry.write_text(text, encoding="utf-8")
    tests = suite.path / "demo_claims/test_demo.py"
    text = tests.read_text("utf-8").replace('"CORRECT", baseline, ct4', '"LOGIC_ERROR", baseline, ct4')
    tests.write_text(text, encoding="utf-8")
    result = run(suite)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["the report lacks the table error_taxonomy: *"])
    assert any("error_taxonomy" in note for note in report(suite)["notes"])
    assert {row["verdict"] for row in rows(suite).values()} == {"SUPPORTED", "REFUTED", "INCONCLUSIVE"}
    page = (suite.path / "reports/latest/index.html").read_text("utf-8")
    assert "the report lacks the table error_taxonomy" in page


def test_a_picture_or_page_that_fails_costs_that_picture_or_page(suite, monkeypatch):
    class Picture:
        file = "broken.png"
        appendix = False

        def of(self, report, problems):
            raise RuntimeError("no ink")

    monkeypatch.setattr(figures, "PICTURES", (*figures.PICTURES, Picture()))
    monkeypatch.setattr("ctlab.reporting.documents.story_files.write_stories", lambda *_, **__: {}["chapter"])
    result = run(suite, "-k", "lowers")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["the report lacks the picture broken.png: RuntimeError: no ink*"])
    result.stdout.fnmatch_lines(["the report lacks case studies and comprehensive report: KeyError: *"])
    notes = report(suite)["notes"]
    assert sum("the report lacks" in note for note in notes) == 2
    folder = suite.path / "reports/latest"
    assert json.loads((folder / "report.json").read_text("utf-8"))["files"]
    assert all((folder / file).is_file() for file in report(suite)["files"])
    assert "no ink" in (folder / "index.html").read_text("utf-8")
