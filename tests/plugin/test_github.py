"""A run on GitHub's runners, known by their variables: its summary and its annotations."""

import pytest

from ctlab.plugin.github import repository
from tests.plugin.suite import REGISTRY, TESTS, run, run_process, write_suite

VOID_REGISTRY = REGISTRY.replace(  # ct0_blocked is not what the baseline is, so a control that says so is contradicted
    'id="ct0-raises"', 'controls=(Control(condition="ct0_blocked", shows=Shows.NO_OP),), id="ct0-raises"'
)
CRASH = TESTS.replace('rate_difference("CORRECT", baseline, ct4_blocked, claim)', '{}["%0A::error::x"]')


@pytest.fixture
def suite(pytester, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(pytester.path / "summary.md"))
    (pytester.path / ".git").mkdir()
    return pytester


def commands(result):
    return [line for line in result.outlines if line.startswith("::")]


def summary(suite):
    return (suite.path / "summary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("workers", [0, pytest.param(2, marks=pytest.mark.slow)])
def test_red_claims_are_annotated_where_their_tests_stand(suite, workers):
    write_suite(suite, registry=VOID_REGISTRY, tests=CRASH)
    (suite.path / "summary.md").write_text("of an earlier command", encoding="utf-8")
    void, crash = commands(run_process(suite, f"-n{workers}") if workers else run(suite))
    lines = (suite.path / "hypotheses" / "test_demo.py").read_text(encoding="utf-8").splitlines()
    raises, same = (lines.index(f"@pytest.mark.claim({name})") + 1 for name in ("RAISES", "SAME"))
    at = "::error file=hypotheses/test_demo.py,line="
    failed = "ct0-raises%3A VOID%2C a control or certificate failed"
    stopped = "ct4-changes%3A no verdict%2C the test stopped with an error"
    assert void.startswith(f"{at}{raises},title={failed}::Nothing can be concluded: ")
    assert crash == f"{at}{same},title={stopped}::KeyError: '%250A::error::x'"
    text = summary(suite)
    assert text.startswith("of an earlier command\n## ctlab: 2 claims red\n")
    assert "| ct0-raises | VOID | – |  |" in text
    assert "| ct4-changes | ERROR | – |  |" in text
    assert "of 3 claims 1 SUPPORTED, 1 VOID and 1 without a verdict by an error" in text
    assert "**Exit code 1:** 2 claims are red (1 VOID and 1 stopped with an error before a verdict). No verdict" in text


def test_a_suite_below_the_root_of_the_repository(suite):
    below = suite.path / "a" / "suite"
    below.mkdir(parents=True)
    assert repository(below) == suite.path
    (below / ".git").write_text("gitdir: elsewhere", encoding="utf-8")  # a worktree or a submodule
    assert repository(below) == below


def test_a_summary_that_cannot_be_written_costs_a_warning(suite, monkeypatch):
    write_suite(suite)
    green = run(suite, "-k", "ct0_lowers")
    assert green.ret == 0
    assert commands(green) == []
    assert summary(suite).startswith("## ctlab: no claim red\n")
    place = suite.path / "gone" / "summary\n::error::x"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(place))
    result = run(suite, "-k", "ct0_lowers")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["warning: no summary in GITHUB_STEP_SUMMARY (*[[]U+000A]*): No such file or directory"]
    )
    assert commands(result) == []


def test_elsewhere_there_is_nothing_of_it(suite, monkeypatch):
    write_suite(suite)
    monkeypatch.delenv("GITHUB_ACTIONS")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY")
    result = run(suite, "--ctlab-strict")
    assert result.ret == 1
    assert commands(result) == []
    assert not (suite.path / "summary.md").exists()


def test_a_plan_writes_no_summary(suite):
    write_suite(suite)
    assert run(suite, "--ctlab-plan").ret == 0
    assert not (suite.path / "summary.md").exists()


def test_a_question_cannot_write_a_command_into_the_log(suite):
    write_suite(suite)
    path = suite.path / "problems.jsonl"
    text = path.read_text(encoding="utf-8").replace("What is", "\\n::error::x ##[error]y\\nWhat is")
    path.write_text(text, encoding="utf-8")
    result = run(suite, "--ctlab-strict")
    assert "[U+000A]::error::x [U+0023]#[error]y" in result.stdout.str()
    assert not [line for line in commands(result) if line.startswith("::error::x")]
    assert "##[" not in result.stdout.str()
