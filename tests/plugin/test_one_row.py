"""One row may cost its row, never the report: what goes wrong with an answer, a problem or a table after judging."""

import errno
import os

import pytest

import ctlab.files
import ctlab.reporting.html.page  # once, before any run inside a test imports and forgets it
from ctlab.outcomes import taxonomy
from tests.plugin.suite import REGISTRY, TESTS, calls, report, rows, run, write_suite

ABOUT_ERRORS = REGISTRY.replace(
    'conditions=("baseline", "ct4_blocked"),', 'conditions=("baseline", "ct4_blocked"), outcome="UNEXPLAINED",'
)
TESTED = TESTS.replace(
    'rate_difference("CORRECT", baseline, ct4_blocked', 'rate_difference("UNEXPLAINED", baseline, ct4_blocked'
)


@pytest.fixture
def suite(pytester):
    write_suite(pytester, n=60, registry=ABOUT_ERRORS, tests=TESTED, folder="demo_claims")
    return pytester


def no_traceback(result):
    assert not any("Traceback" in line or "INTERNALERROR" in line for line in result.outlines + result.errlines)


def test_a_classifier_that_raises_costs_one_answer_and_is_counted(suite, monkeypatch):
    extract = taxonomy.extract

    def broken(text, forms=None):
        if text == "The answer is: 15":
            raise ZeroDivisionError("of a mistake\nin two lines")
        return extract(text, forms)

    monkeypatch.setattr(taxonomy, "extract", broken)
    for _ in range(2):  # from the answers, then from stored labels
        result = run(suite)
        no_traceback(result)
        result.stdout.fnmatch_lines(
            [
                "[[]unlabelled: 1 of 60 answers under baseline could not be read and count as UNEXPLAINED "
                "(ZeroDivisionError: of a mistake in two lines)] ct0-lowers, ct0-raises, ct4-changes"
            ]
        )
        result.stdout.fnmatch_lines(["report: reports/*"])
        assert rows(suite)["ct0-lowers"]["verdict"] == "SUPPORTED"
        table = report(suite)["error_taxonomy"]["conditions"]["baseline"]["outcomes"]
        assert table["UNEXPLAINED"]["count"] >= 1


def test_a_table_that_cannot_be_made_costs_that_table(suite, monkeypatch):
    def broken(runs, **others):
        raise OverflowError("integer division result too large for a float")

    monkeypatch.setattr("ctlab.outcomes.chance.chance_rates_of", broken)
    result = run(suite)
    no_traceback(result)
    result.stdout.fnmatch_lines(
        ["the report lacks the table error_taxonomy: OverflowError: integer division * (*, line *)"]
    )
    result.stdout.fnmatch_lines(["report: reports/*"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert rows(suite)["ct0-lowers"]["verdict"] == "SUPPORTED"
    assert "error_taxonomy" not in report(suite)
    assert any("the report lacks the table error_taxonomy" in note for note in report(suite)["notes"])


def test_pages_that_cannot_be_made_leave_the_verdicts(suite, monkeypatch):
    def broken(*args, **others):
        raise KeyError("a field of tomorrow")

    monkeypatch.setattr("ctlab.reporting.html.page.html", broken)
    result = run(suite)
    no_traceback(result)
    result.stdout.fnmatch_lines(["the report lacks *: KeyError: 'a field of tomorrow' (*)"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert rows(suite)["ct0-lowers"]["verdict"] == "SUPPORTED"


def test_a_report_that_cannot_be_made_at_all_leaves_the_verdicts_in_the_terminal(suite, monkeypatch):
    monkeypatch.setattr("ctlab.lab.report.environment", lambda: 1 / 0)
    result = run(suite)
    no_traceback(result)
    result.stdout.fnmatch_lines(["ct0-lowers   SUPPORTED *", "no report: ZeroDivisionError: division by zero (*)"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize("phase", ["setup", "call"])
def test_a_disk_that_fills_up_is_a_sentence(suite, monkeypatch, phase):
    """In setup, where fixtures ask for runs, and in the call, where a test asks for them or judging does."""
    if phase == "call":
        tests = TESTED.replace("(claim, baseline, ct0_blocked)", "(claim, run)").replace(
            '    effect = rate_difference("CORRECT", baseline, ct0_blocked',
            '    effect = rate_difference("CORRECT", run("baseline"), run("ct0_blocked")',
        )
        (suite.path / "demo_claims" / "test_demo.py").write_text(tests.replace("FOLDER", "demo_claims"), "utf-8")
    replacing = ctlab.files.replacing

    def full(path, *, durable=False):
        if path.suffix == ".parquet":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return replacing(path, durable=durable)

    monkeypatch.setattr(ctlab.files, "replacing", full)
    result = run(suite)
    no_traceback(result)
    result.stdout.fnmatch_lines(
        ["*StoreError: cannot write *: No space left on device; everything finished before is *"]
    )
    result.stdout.no_fnmatch_line("*effect = rate_difference*")
    assert sum(line.startswith("generate") for line in calls(suite)) == 1  # and not once more for each claim
    assert result.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize("gold", ["1e999", "9e998", "1e-999"])
def test_problems_beyond_floats_are_judged_and_reported(pytester, gold):
    registry = REGISTRY.replace("Family, Shows", "Family, Kind, Shows").replace(
        'direction=Direction.CHANGE,\n    conditions=("baseline", "ct4_blocked"),',
        'direction=Direction.CHANGE,\n    conditions=("baseline", "ct4_blocked"), kind=Kind.INTERACTION, '
        'feature="max_number", scale="log-odds",',
    )
    tests = TESTS.replace("import rate_difference", "import interaction, rate_difference").replace(
        'rate_difference("CORRECT", baseline, ct4_blocked', 'interaction("max_number", baseline, ct4_blocked'
    )
    write_suite(pytester, n=60, registry=registry, tests=tests, folder="demo_claims")
    with (pytester.path / "problems.jsonl").open("a", encoding="utf-8") as file:
        file.write(f'{{"question": "What is 1e999 plus 1e309?", "gold": "{gold}", "solution": "3*5=(15)"}}\n')
    result = run(pytester)
    no_traceback(result)
    result.stdout.fnmatch_lines(["*left out: 1 of 61 problems has no max_number*", "report: reports/*"])
    assert report(pytester)["problem_sensitivity"]["n"] == 61
