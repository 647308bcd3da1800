"""What JUnit's file says of claims: properties of each test case, in a structure that its readers know."""

import xml.etree.ElementTree as ET

import pytest

from tests.plugin.suite import rows, run, run_process, write_suite

# What a test case has in the schema of Jenkins' xUnit plugin (junit-10.xsd), and before it `properties`, which only
# suites have there: Jenkins' JUnit plugin reads them of a test case, and pytest writes those of `record_property` so.
CHILDREN = {"properties", "skipped", "error", "failure", "system-out", "system-err"}
ATTRIBUTES = {"name", "time", "classname", "group"}


def cases(suite):
    (testsuite,) = ET.parse(suite.path / "junit.xml").getroot()
    found = {}
    for case in testsuite.iter("testcase"):
        assert set(case.attrib) <= ATTRIBUTES
        assert {child.tag for child in case} <= CHILDREN
        assert [child.tag for child in case].index("properties") == 0  # an error where there are none
        properties = case.find("properties")
        assert all(set(entry.attrib) == {"name", "value"} for entry in properties)
        names = [entry.get("name") for entry in properties]
        assert len(names) == len(set(names))
        found[case.get("name")] = case, {entry.get("name"): entry.get("value") for entry in properties}
    return found


@pytest.mark.parametrize("start", [run, pytest.param(run_process, marks=pytest.mark.slow)])
def test_every_verdict_has_its_properties(pytester, start):
    write_suite(pytester)
    start(pytester, "--junitxml=junit.xml", *([] if start is run else ["-n2"]))
    found, judged = cases(pytester), rows(pytester)
    assert {name: given["ctlab_verdict"] for name, (_, given) in found.items()} == {
        "test_ct0_lowers": "SUPPORTED",
        "test_ct0_raises": "REFUTED",
        "test_ct4_changes": "INCONCLUSIVE",
    }
    for _, given in found.values():
        effect = judged[given["ctlab_claim"]]["effect"]
        assert given["ctlab_status"] == "judged"
        assert given["ctlab_unit"] == "points"
        assert float(given["ctlab_effect"]) == pytest.approx(100 * effect["estimate"])
        assert float(given["ctlab_interval_low"]) == pytest.approx(100 * effect["low"])
        assert float(given["ctlab_interval_high"]) == pytest.approx(100 * effect["high"])
        assert float(given["ctlab_level"]) == effect["level"]
        assert float(given["ctlab_p"]) == effect["p_value"]
        assert int(given["ctlab_n"]) == effect["n"] == 120
        assert "ctlab_accepted_verdict" not in given


def test_what_was_not_judged_has_a_status_and_no_number(pytester):
    tests = """
import pytest
from ctlab.claims import Verdict
from FOLDER.registry import LOWERS, RAISES

@pytest.mark.claim(LOWERS)
def test_breaks(claim, baseline, record_property):
    raise KeyError("x")

@pytest.mark.claim(RAISES)
def test_skips(claim):
    pytest.skip("not today")
"""
    write_suite(pytester, tests=tests)
    run(pytester, "--junitxml=junit.xml", "-o", "junit_family=xunit2", "-W", "ignore::pytest.PytestWarning")
    found = cases(pytester)
    assert found["test_breaks"][1] == {"ctlab_claim": "ct0-lowers", "ctlab_family": "demo", "ctlab_status": "error"}
    assert found["test_skips"][1] == {"ctlab_claim": "ct0-raises", "ctlab_family": "demo", "ctlab_status": "skipped"}


def test_a_file_for_readers_that_validate_has_only_what_their_schema_has(pytester):
    write_suite(pytester)
    result = run(pytester, "--junitxml=junit.xml", "-o", "ctlab_plain_junit=true", "--ctlab-strict")
    assert result.ret == 1
    (testsuite,) = ET.parse(pytester.path / "junit.xml").getroot()
    assert len(testsuite) == 3
    for case in testsuite:
        assert set(case.attrib) <= ATTRIBUTES
        assert {child.tag for child in case} <= CHILDREN - {"properties"}


def test_a_failing_claims_numbers_are_in_its_message(pytester):
    """pytest keeps whole lines of the first 500 characters there."""
    write_suite(pytester)
    run(pytester, "--junitxml=junit.xml", "--ctlab-strict")
    found, judged = cases(pytester), rows(pytester)
    for name in ("test_ct0_raises", "test_ct4_changes"):
        case, given = found[name]
        message = case.find("failure").get("message").splitlines()
        assert "interval" in message[2]
        assert "p = " in message[2]
        assert message[3].strip() == judged[given["ctlab_claim"]]["why"]
