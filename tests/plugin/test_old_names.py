"""A suite of the last release runs as it did: old names work, each is said once, the store's answers are taken."""

import shutil
from pathlib import Path

import pytest

from ctlab.deprecated import sentence, take_used
from tests.plugin.suite import BENCH, TESTS, calls, rows, run, run_process, write_suite

DATA = Path(__file__).parents[1] / "data"

IN_BENCH = "from ctlab.generation import Generation, Measurement\nfrom ctlab.interventions import Certificate\n"
IN_TESTS = "from ctlab.outcomes import decoded_rates\nfrom ctlab.statistics import Effect, hub_excess\n"
IN_BODY = "    from ctlab.plugin.engine import MeasuringEngine\n    from ctlab.generation import Generation\n"
USED = (
    "ctlab.generation.Generation",
    "ctlab.generation.Measurement",
    "ctlab.interventions.Certificate",
    "ctlab.outcomes.decoded_rates",
    "ctlab.statistics.hub_excess",
    "ctlab.plugin.engine.MeasuringEngine",
)


@pytest.fixture(autouse=True)
def forgotten():
    """Names that other tests used in this process are not said in the runs made here."""
    take_used()


@pytest.fixture
def suite(pytester):
    body = "def test_ct0_raises(claim, baseline, ct0_blocked):\n"
    write_suite(pytester, folder="demo_claims", tests=IN_TESTS + TESTS.replace(body, body + IN_BODY))
    (pytester.path / "bench.py").write_text(IN_BENCH + BENCH, encoding="utf-8")
    return pytester


def said(result):
    return [line for line in result.outlines if line.endswith("the old name works in this release and not in the next")]


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(run, id="in-process"),
        pytest.param(run_process, id="own", marks=pytest.mark.slow),
        pytest.param(lambda s: run_process(s, "-n2"), id="n2", marks=pytest.mark.slow),
    ],
)
def test_verdicts_are_the_same_and_each_old_name_is_said_once(suite, start):
    result = start(suite)
    result.assert_outcomes(passed=3)
    assert {name: row["verdict"] for name, row in rows(suite).items()} == {
        "ct0-lowers": "SUPPORTED",
        "ct0-raises": "REFUTED",
        "ct4-changes": "INCONCLUSIVE",
    }
    # Workers end in any order.
    assert sorted(said(result)) == sorted(f"ctlab: {sentence(name)}" for name in USED)
    assert "warnings" not in result.parseoutcomes()


def test_names_are_said_where_they_are_known_first(suite):
    lines = run(suite).outlines
    places = [next(i for i, line in enumerate(lines) if line == f"ctlab: {sentence(name)}") for name in USED]
    collected = next(i for i, line in enumerate(lines) if line.startswith("collected "))
    table = next(i for i, line in enumerate(lines) if "claims ====" in line)
    assert [place < collected for place in places] == [True, True, True, False, False, False]
    assert [place < table for place in places] == [True] * 6
    assert said(run(suite, "-q"))[:5] == [f"ctlab: {sentence(name)}" for name in USED[:5]]


def test_a_suite_without_old_names_hears_nothing(pytester):
    write_suite(pytester, folder="demo_claims")
    assert said(run(pytester)) == []


def test_whoever_asks_for_errors_on_the_command_line_gets_them(suite):
    result = run_process(suite, "-W", "error::ctlab.errors.CtlabDeprecationWarning")
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR  # what pytest says of a plugin that cannot be imported
    assert any("ctlab.generation.Generation is now ctlab.records.Generation" in line for line in result.errlines)


@pytest.mark.slow
def test_the_example_of_the_last_release_runs_unchanged(pytester):
    shutil.copytree(DATA / "example_2431155", pytester.path, dirs_exist_ok=True)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--ctlab-limit", "120", "-W", "error")
    result.assert_outcomes(passed=1)
    (row,) = rows(pytester).values()
    effect = row["effect"]
    assert row["verdict"] == "SUPPORTED"
    # As the code of that commit reports it.
    assert (effect["lost"], effect["gained"], effect["n"]) == (0, 24, 120)
    assert (effect["low"], effect["high"]) == (0.14612724178476608, 0.2672826062194006)
    assert effect["p_value"] == 5.960464477539063e-08


def test_answers_in_a_store_of_the_last_release_are_not_generated_again(pytester):
    write_suite(pytester, folder="demo_claims", n=24)
    shutil.copytree(DATA / "store_2431155", pytester.path / "store")
    run(pytester, "--ctlab-store=store")
    assert [line for line in calls(pytester) if line.startswith("generate")] == []
    # As the code of that commit reports it.
    found = {name: (row["effect"]["estimate"], row["effect"]["p_value"]) for name, row in rows(pytester).items()}
    assert found == {"ct0-lowers": (-0.25, 0.015625), "ct0-raises": (-0.25, 1.0), "ct4-changes": (0.0, 1.0)}
