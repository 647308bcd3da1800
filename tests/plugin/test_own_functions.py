"""A suite's own outcomes and features: judged, shown, registered with their source, and refused before generation."""

import json

import pytest

from tests.plugin import suite as small
from tests.plugin.suite import calls, report, rows, run, run_process, write_suite

OWN = """
def is_sevens(problem, text):
    return text.endswith("7777")

def is_long(problem, text):
    return len(text) > 100

def difficulty(problem):
    return len(problem.question) % 2

def pytest_ctlab_outcomes():
    return {"IS_SEVENS": is_sevens, "IS_LONG": is_long}

def pytest_ctlab_features():
    return {"difficulty": difficulty}
"""
REGISTRY = """
from ctlab.claims import Claim, Control, Direction, Family, Kind, Shows

CT4 = (Control(condition="ct4_blocked", shows=Shows.NEGLIGIBLE, margin=0.1),)
SEVENS = Claim(
    id="ct0-raises-sevens", family="demo", statement="Hiding CT0 makes more 7777.", direction=Direction.INCREASE,
    outcome="IS_SEVENS", conditions=("baseline", "ct0_blocked"), controls=CT4,
)
HARD = Claim(
    id="ct0-hard", family="demo", statement="Hiding CT0 costs more where it is difficult.", direction=Direction.CHANGE,
    kind=Kind.INTERACTION, scale="points", feature="difficulty", conditions=("baseline", "ct0_blocked"),
)
FAMILIES = (Family(name="demo", claims=(SEVENS, HARD)),)
"""
TESTS = """
import pytest
from ctlab.claims import Verdict
from ctlab.statistics import interaction, rate_difference
from FOLDER.registry import HARD, SEVENS

@pytest.mark.claim(SEVENS)
def test_sevens(claim, baseline, ct0_blocked):
    assert claim.judge(rate_difference("IS_SEVENS", baseline, ct0_blocked, claim)) == Verdict.SUPPORTED

@pytest.mark.claim(HARD)
def test_hard(claim, baseline, ct0_blocked):
    assert claim.judge(interaction("difficulty", baseline, ct0_blocked, claim)) == Verdict.SUPPORTED
"""


@pytest.fixture
def suite(pytester):
    write_suite(pytester, tests=TESTS, registry=REGISTRY, folder="demo_claims")
    with_own(pytester, OWN)
    return pytester


def with_own(pytester, text):
    (pytester.path / "bench.py").write_text(small.BENCH + text, encoding="utf-8")


def test_claims_about_own_outcomes_and_features_are_judged_and_shown(suite):
    run(suite)
    judged = rows(suite)
    assert judged["ct0-raises-sevens"]["verdict"] == "SUPPORTED"
    assert judged["ct0-raises-sevens"]["noun"] == "difference in the rate of “is sevens”"
    assert [control["state"] for control in judged["ct0-raises-sevens"]["controls"]] == ["holds"]
    found = report(suite)
    table = found["error_taxonomy"]["conditions"]["ct0_blocked"]
    # 7777 is every wrong answer of this engine, so that its counts are known from the labels.
    assert table["own"]["IS_SEVENS"]["count"] == table["n_wrong"] > 0
    assert table["own"]["IS_LONG"]["count"] == 0
    assert table["shifts"]["IS_SEVENS"]["gained"] == judged["ct0-raises-sevens"]["effect"]["gained"]
    assert "difficulty" in found["problem_sensitivity"]["conditions"]["ct0_blocked"]["features"]
    latest = suite.path / "reports" / "latest"
    predictions = json.loads((latest / "error_taxonomy_full.json").read_text("utf-8"))
    assert all(row["own"]["IS_SEVENS"] == row["text"].endswith("7777") for row in predictions)
    page = (latest / "index.html").read_text("utf-8")
    assert "<code>IS_SEVENS</code><br><small>the suite\N{RIGHT SINGLE QUOTATION MARK}s own</small>" in page
    assert "own_outcomes.png" in found["files"]
    assert (latest / "own_outcomes.png").is_file()


@pytest.mark.slow
def test_workers_judge_the_same(suite):
    run(suite)
    alone = {name: (row["verdict"], row["effect"]) for name, row in rows(suite).items()}
    run_process(suite, "-n", "2")
    assert {name: (row["verdict"], row["effect"]) for name, row in rows(suite).items()} == alone


def test_a_function_that_says_something_else_makes_another_claim(suite):
    assert run(suite, "--ctlab-register").ret == 0
    text = (suite.path / "demo_claims" / "registry.toml").read_text("utf-8")
    assert '"outcome IS_SEVENS" = ' in text
    assert '"feature difficulty" = ' in text
    run(suite)
    assert not any(row["exploratory"] for row in rows(suite).values())
    with_own(suite, OWN.replace("def is_sevens(problem, text):", "def is_sevens(problem, text):  # as it was"))
    run(suite)
    assert not any(row["exploratory"] for row in rows(suite).values())
    with_own(suite, OWN.replace('text.endswith("7777")', 'text.endswith("777")'))
    run(suite)
    deviations = {name: row["deviation"] for name, row in rows(suite).items()}
    assert "changed after the answers were seen: what outcome IS_SEVENS does changed" in deviations["ct0-raises-sevens"]
    assert deviations["ct0-hard"] == ""


SAYS, LENGTH = 'text.endswith("7777")', "len(problem.question) % 2"


@pytest.mark.parametrize(
    ("test", "old", "new", "message"),
    [
        ("sevens", SAYS, "text[100]", "own outcome IS_SEVENS failed for problem *IndexError"),
        ("sevens", SAYS, "len(text)", "own outcome IS_SEVENS returned *; return True or False"),
        ("hard", '"difficulty": ', '"difficulties": ', "no feature 'difficulty'; did you mean 'difficulties'?"),
        ("hard", LENGTH, "problem.fields['x']", "own feature difficulty failed for *KeyError: 'x'"),
        ("hard", LENGTH, "float('nan')", "own feature difficulty must be a finite number*got nan"),
        ("hard", LENGTH, "None", "no problem has the feature 'difficulty'"),
        ("hard", LENGTH, "'abc'", "Feature 'difficulty' is a text such as 'abc'*'difficulty == abc'."),
    ],
)
def test_what_is_wrong_with_a_function_is_said_before_anything_is_generated(suite, test, old, new, message):
    assert old in OWN
    with_own(suite, OWN.replace(old, new))
    result = run(suite, "-k", f"test_{test}")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*ClaimError: claim 'ct0-*': *{message}*"])
    assert calls(suite) == []


def test_a_function_that_fails_costs_its_own_claim_and_its_own_row_alone(suite):
    with_own(suite, OWN.replace(SAYS, 'text != "The answer is: 7777" or bool(1 / 0)'))
    result = run(suite)
    judged = rows(suite)
    assert judged["ct0-raises-sevens"]["status"] == "error"
    assert judged["ct0-hard"]["verdict"] == "INCONCLUSIVE"
    result.stdout.fnmatch_lines(["the report lacks the own outcome IS_SEVENS: own outcome IS_SEVENS failed for *"])
    assert list(report(suite)["error_taxonomy"]["conditions"]["baseline"]["own"]) == ["IS_LONG"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"IS_SEVENS": is', '"IS_SEVEN": is', "*There is no outcome 'IS_SEVENS'; did you mean 'IS_SEVEN'? *"),
        ('"IS_LONG"', '"CALC_ERROR"', "'CALC_ERROR' is an outcome of ctlab already; give your own another name"),
        (
            '"difficulty":',
            '"n_operations":',
            "'n_operations' is a feature of ctlab already; give *",
        ),
        ('"IS_LONG"', '"is long"', "an own outcome is named in capitals, such as CONTAINS_UNIT, not 'is long'"),
        ('"IS_LONG": is_long', '"IS_LONG": 3', "own outcome IS_LONG must be a function, not 3"),
        (
            '{"difficulty": difficulty}',
            "[difficulty]",
            "bench.py, line *: pytest_ctlab_features returns a table from names *",
        ),
        (
            "def is_long",
            "import io\nHELD = io.StringIO()\n\ndef is_long",
            "no digest can be taken of the own outcome IS_L*",
        ),
    ],
)
def test_what_is_wrong_with_a_table_is_said_before_anything_runs(suite, old, new, message):
    assert old in OWN
    text = OWN.replace(old, new)
    with_own(suite, text.replace("> 100", "> len(HELD.getvalue())") if "HELD" in new else text)
    result = run(suite)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: ctlab: {message}"])
    assert calls(suite) == []


def test_two_plugins_may_not_mean_two_functions_by_one_name(suite):
    suite.makepyfile(more='def pytest_ctlab_outcomes():\n    return {"IS_LONG": lambda problem, text: True}\n')
    result = run(suite, "-p", "more")
    result.stderr.fnmatch_lines(["ERROR: ctlab: two different own outcomes are called 'IS_LONG'; rename one"])


def test_an_outcome_that_changes_its_mind_is_found_out(suite):
    text = OWN.replace("def is_sevens", "import random\n\ndef is_sevens")
    with_own(suite, text.replace('text.endswith("7777")', "random.random() < 0.5"))
    result = run(suite, "-k", "test_sevens")
    assert "lost and" in result.stdout.str()
    assert rows(suite)["ct0-raises-sevens"]["status"] == "error"


def test_the_mix_of_labels_has_no_own_outcome(suite):
    registry = REGISTRY.replace("Direction.INCREASE", "Direction.CHANGE, kind=Kind.ERROR_MIX")
    (suite.path / "demo_claims" / "registry.py").write_text(registry, encoding="utf-8")
    run(suite, "-k", "test_sevens").stdout.fnmatch_lines(
        ["*compares ctlab's labels, of which each answer has one, and IS*"]
    )


def test_a_plan_knows_own_outcomes(suite):
    run(suite)
    result = run(suite, "--ctlab-plan")
    result.stdout.fnmatch_lines(["ct0-raises-sevens *"])
