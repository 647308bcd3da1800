"""A run without accepted verdicts is a look; one that was asked to be a gate, or is held to some, is none."""

from pathlib import Path

import pytest

from tests.plugin.suite import TESTS, report, rows, run, run_process, write_suite

HEADER = "ctlab: no accepted verdicts for this model and set: a look, not a gate"
LAST = "not a gate: no accepted verdicts for this model and set"


@pytest.fixture
def suite(pytester):
    write_suite(pytester, folder="demo_claims")
    return pytester


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(run, id="in-process"),
        pytest.param(lambda s: run_process(s, "-n2"), id="n2", marks=pytest.mark.slow),
    ],
)
def test_a_look_passes_with_its_letters_and_says_that_it_is_no_gate(suite, start):
    result = start(suite)
    assert result.ret == 0
    result.assert_outcomes(passed=3)
    assert HEADER in result.outlines
    assert result.outlines[-1] == LAST
    letters = next(line for line in result.outlines if "[100%]" in line).partition("[")[0].split()[-1]
    assert sorted(letters) == sorted("SRI")
    assert "FAILURES" not in result.stdout.str()
    assert {row["verdict"] for row in rows(suite).values()} == {"SUPPORTED", "REFUTED", "INCONCLUSIVE"}
    assert report(suite)["look"] is True
    assert LAST in report(suite)["notes"]


def test_a_gate_is_red_for_that_one_reason(suite):
    result = run(suite, "--ctlab-gate")
    assert result.ret == 1
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        ["--ctlab-gate: no accepted verdicts for this model and set; *--ctlab-register-late and*--ctlab-accept"]
    )
    assert HEADER not in result.outlines
    assert LAST not in result.outlines
    assert run(suite, "-o", "ctlab_gate=true").ret == 1


@pytest.mark.parametrize(("option", "failed"), [("--ctlab-strict", 2), ("--ctlab-confirmatory", 0)])
def test_other_runs_than_plain_ones_are_no_looks(suite, option, failed):
    result = run(suite, option)
    assert result.ret == 1
    assert result.parseoutcomes().get("failed", 0) == failed  # confirmatory: errors, for none is registered
    assert LAST not in result.outlines


def test_void_and_bugs_are_red_in_a_look(suite, monkeypatch):
    monkeypatch.setenv("FAKE_SABOTAGED", "no_op")
    result = run(suite)
    assert result.ret == 1
    assert rows(suite)["ct0-lowers"]["verdict"] == "VOID"
    assert result.outlines[-1] == LAST


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("    assert claim.judge(effect) == Verdict.SUPPORTED", "    claim.judge(effect)"),
        ("    assert claim.judge(effect) == Verdict.SUPPORTED", "    claim.judge(effect)\n    raise KeyError('x')"),
        ("    assert claim.judge(effect) == Verdict.SUPPORTED", "    assert False"),
    ],
    ids=["not asserted", "broken", "not judged"],
)
def test_a_test_with_a_bug_is_an_error_in_a_look(pytester, written, instead):
    head, _, rest = TESTS.partition("@pytest.mark.claim(RAISES)")
    assert written in rest
    tests = f"{head}@pytest.mark.claim(RAISES){rest.replace(written, instead, 1)}"
    write_suite(pytester, folder="demo_claims", tests=tests)
    result = run(pytester, "-k", "ct0-raises")
    assert result.ret == 1
    assert rows(pytester)["ct0-raises"]["status"] == "error"


def test_once_a_verdict_is_accepted_a_claim_without_one_is_red(suite):
    run(suite, "--ctlab-register")
    assert run(suite, "-k", "ct0-raises").ret == 0
    assert run(suite, "--ctlab-accept", "-k", "ct4-changes").ret == 0
    result = run(suite)
    assert result.ret == 1
    result.assert_outcomes(passed=1, failed=1, xfailed=1)
    assert HEADER not in result.outlines
    assert run(suite, "--ctlab-gate", "-k", "ct0-lowers or ct4-changes").ret == 0
    assert run(suite, "--ctlab-strict", "-k", "ct4-changes").ret == 1, "accepted, and not SUPPORTED"
    assert run(suite, "--ctlab-limit=60").ret == 0, "another set, of which nothing is accepted"


def test_a_claim_that_is_no_longer_what_was_accepted_is_red_whatever_its_verdict(suite):
    run(suite, "--ctlab-register", "-k", "ct0-raises")
    assert run(suite, "--ctlab-accept", "-k", "ct0-raises").ret == 0
    registry = suite.path / "demo_claims/registry.py"
    registry.write_text(registry.read_text().replace("Direction.INCREASE", "Direction.DECREASE"))
    for asked in ((), ("--ctlab-gate",)):
        result = run(suite, "-k", "ct0-raises", *asked)
        assert result.ret == 1
        assert rows(suite)["ct0-raises"]["verdict"] == "SUPPORTED"
        first = result.outlines[next(i for i, line in enumerate(result.outlines) if line.startswith("____")) + 1]
        assert first.startswith("no longer the claim that was accepted here as REFUTED on 20")
        assert "its direction was increase and is decrease" in first
        assert first.endswith("enter it as it is now with --ctlab-register-late, then --ctlab-accept")
    assert run(suite, "--ctlab-register-late", "-k", "ct0-raises").ret == 0
    assert run(suite, "--ctlab-gate", "-k", "ct0-raises").ret == 1, "entered, not accepted"
    assert run(suite, "--ctlab-accept", "-k", "ct0-raises").ret == 0
    assert run(suite, "--ctlab-gate", "-k", "ct0-raises").ret == 0


def test_a_gate_is_red_where_the_test_of_an_accepted_claim_is_skipped(suite):
    run(suite, "--ctlab-register", "-k", "ct0-raises")
    run(suite, "--ctlab-accept", "-k", "ct0-raises")
    (suite.path / "conftest.py").write_text(
        "import pytest\npytest_plugins = ('bench',)\n"
        "def pytest_collection_modifyitems(items):\n"
        "    for item in items:\n        item.add_marker(pytest.mark.skip(reason='not today'))\n"
    )
    assert run(suite).ret == 0
    result = run(suite, "--ctlab-gate")
    assert result.ret == 1
    said = "ct0-raises: accepted as REFUTED, and its test was skipped (not today): a gate must run it"
    assert [line for line in result.outlines if "a gate must run it" in line] == [said]


def test_strict_and_accept_contradict_each_other(suite):
    result = run(suite, "--ctlab-strict", "--ctlab-accept")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: ctlab: --ctlab-strict makes red what --ctlab-accept accepts; leave one out"])


@pytest.mark.parametrize("folder", ["demo_claims", "."])
def test_printed_paths_can_be_opened_from_where_one_stands(suite, monkeypatch, folder):
    monkeypatch.chdir(suite.path / folder)
    result = run(suite, f"--rootdir={suite.path}", "-c", str(suite.path / "tox.ini"), str(suite.path / "demo_claims"))
    printed = next(line for line in result.outlines if line.startswith("report: ")).removeprefix("report: ")
    store = next(line for line in result.outlines if ", store " in line).partition(", store ")[2].partition(", α")[0]
    assert Path(printed).is_dir()
    assert Path(store).is_dir()
