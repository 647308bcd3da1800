"""Recorded answers in place of generations."""

import csv
import hashlib
import json
import os

import pytest

from ctlab.interventions import Condition
from ctlab.lab.recorded_answers import recorded_digest, recorded_key
from ctlab.outcomes import Run, write_study
from ctlab.problems import load_problems
from tests.fakes import FakeEngine, score
from tests.plugin.suite import calls, report, rows, run, write_suite
from tests.shared_data import shared


@pytest.fixture
def suite(pytester):
    write_suite(pytester, folder="demo_claims")
    problems = load_problems(pytester.path / "problems.jsonl")
    for name, share in (("baseline", 0.2), ("ct0_blocked", 0.4), ("zeroed", 0.9)):
        answers = [f"#### {7777 if score(each.id) < share else each.gold_number}" for each in problems]
        lines = (json.dumps({"problem_index": index, "output": text}) for index, text in enumerate(answers))
        (pytester.path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return pytester


def run_recorded(suite, *names, extra=()):
    given = [f"--ctlab-recorded={name}={name}.jsonl" for name in names]
    return run(suite, "-rs", *given, *extra)


def test_claims_are_judged_on_recorded_answers_and_the_rest_says_what_is_missing(suite):
    result = run_recorded(suite, "baseline", "ct0_blocked")
    result.assert_outcomes(passed=2, skipped=1)
    assert result.outlines[-1] == "not a gate: no accepted verdicts for this model and set"
    result.stdout.fnmatch_lines_random(
        [
            "ctlab: recorded answers (baseline, ct0_blocked), 120 problems of problems, α 0.05 per family",
            "1 not judged (not recorded: ct4_blocked): ct4-changes",
            "SKIPPED * demo_claims/test_demo.py:*: not recorded: ct4_blocked",
        ]
    )
    assert calls(suite) == []
    found = rows(suite)
    assert {name: row["verdict"] for name, row in found.items()} == {
        "ct0-lowers": "SUPPORTED",
        "ct0-raises": "REFUTED",
        "ct4-changes": None,
    }
    assert any("recorded" in flag for flag in found["ct0-lowers"]["flags"])
    written = report(suite)
    assert written["model"]["id"] == "recorded answers"
    recorded = {row["name"]: row for row in written["conditions"] if row["recorded"]}
    assert {name: row["certificate"] for name, row in recorded.items()} == {"baseline": None, "ct0_blocked": None}
    wrong = sum(score(each.id) < 0.2 for each in load_problems(suite.path / "problems.jsonl"))
    assert recorded["baseline"]["accuracy"] == pytest.approx(1 - wrong / 120)


def test_the_same_file_under_two_names_is_refused(suite):
    (suite.path / "ct0_blocked.jsonl").write_bytes((suite.path / "baseline.jsonl").read_bytes())
    result = run_recorded(suite, "baseline", "ct0_blocked")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*answers of ct0_blocked (*) are, byte for byte, those of baseline (*); two*"])


def wide_table(suite):
    """One CSV with a column a condition, in another order and by question; returns its path."""
    problems = load_problems(suite.path / "problems.jsonl")
    said = {}
    for name in ("baseline", "ct0_blocked"):
        rows = map(json.loads, (suite.path / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
        said[name] = [row["output"] for row in rows]
    path = suite.path / "wide.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["key", "question", "first", "second", "correct"])
        for at, problem in reversed([*enumerate(problems)]):
            right = not said["baseline"][at].endswith(" 7777")
            writer.writerow([f"k{at}", problem.question, said["baseline"][at], said["ct0_blocked"][at], right])
    return path


def test_one_table_with_a_column_a_condition_gives_the_same_verdicts(suite):
    run_recorded(suite, "baseline", "ct0_blocked")
    verdicts = {name: row["verdict"] for name, row in rows(suite).items()}
    wide_table(suite)
    given = ["--ctlab-recorded=baseline=wide.csv?answer=first", "--ctlab-recorded=ct0_blocked=wide.csv?answer=second"]
    result = run_recorded(suite, extra=given)
    assert {name: row["verdict"] for name, row in rows(suite).items()} == verdicts
    # The verdicts that it holds are the baseline's: they contradict the other column's answers, which is said.
    found = {row["name"]: row["scores"] for row in report(suite)["conditions"] if row["recorded"]}
    assert found["baseline"] | {"contradictions": []} == {
        "compared": 120,
        "agreed": 120,
        "unscored": 0,
        "called_right": 0,
        "contradictions": [],
    }
    other = found["ct0_blocked"]
    assert other["compared"] - other["agreed"] == len(other["contradictions"]) == other["called_right"] > 0
    assert {each["outcome"] == "CORRECT" for each in other["contradictions"]} == {False}
    result.stdout.fnmatch_lines(["ct0_blocked: its file scores * answers of 120 otherwise than we read them (right*"])
    assert any(note.startswith("ct0_blocked: its file scores") for note in report(suite)["notes"])


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ("wide.csv?answer=first", "*byte for byte, those of baseline*"),
        ("wide.csv?answer=first&gold=", "*are read out of one file (*wide.csv) and are the same; two conditions need*"),
        (
            "wide.csv?answer=third",
            "*answer=third is none of its columns; they are 'key', 'question', 'first'*",
        ),
        ("wide.csv?column=second", "*'column' is no option of recorded answers*"),
    ],
)
def test_one_table_read_in_one_way_twice_or_wrongly_is_refused(suite, second, message):
    wide_table(suite)
    given = ["--ctlab-recorded=baseline=wide.csv?answer=first", f"--ctlab-recorded=ct0_blocked={second}"]
    result = run_recorded(suite, extra=given)
    assert result.ret == 4
    result.stderr.fnmatch_lines([message])


def test_what_identifies_recorded_answers_covers_how_they_are_read_and_every_file_that_is(suite):
    path = wide_table(suite)
    keys = {recorded_key(path, options).digest for options in ({}, {"answer": "first"}, {"answer": "second"})}
    assert len(keys) == 3
    assert recorded_digest({"a": path}, {}) != recorded_digest({"a": path}, {"a": {"answer": "first"}})
    # Without options the key is what it always was: the checksum of the file.
    assert recorded_key(path).condition == hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    run_folder = suite.path / "run"
    run_folder.mkdir()
    (run_folder / "scenario_state.json").write_text('{"adapter_spec": {}, "request_states": []}', encoding="utf-8")
    before = recorded_key(run_folder).digest
    (run_folder / "per_instance_stats.json").write_text("[]", encoding="utf-8")
    assert recorded_key(run_folder).digest != before


@pytest.mark.slow  # a run of claims for each tool
@pytest.mark.parametrize(
    ("baseline", "treated"),
    [
        ("lm_eval/baseline/*/samples*", "lm_eval/treated/*/samples*"),
        ("inspect/baseline/*.eval", "inspect/treated/*.eval"),
        ("opencompass/*/predictions/openai-175b*/*.json", "opencompass/*/predictions/openai-6b*/*.json"),
        ("tables/openai-175b*.parquet", "tables/openai-6b*.parquet"),
    ],
)
def test_files_of_real_tools_are_judged_and_agree_with_their_tool(suite, baseline, treated):
    files = {}
    for name, pattern in (("baseline", baseline), ("ct0_blocked", treated)):
        (files[name],) = shared("data/field/tools").glob(pattern)
    given = [f"--ctlab-recorded={name}={file}" for name, file in files.items()]
    problems = f"--ctlab-problems={shared('data/gsm8k/test.jsonl')}"
    run_recorded(suite, extra=[problems, "--ctlab-limit=60", *given])
    found = {row["name"]: row for row in report(suite)["conditions"] if row["recorded"]}
    assert [round(found[name]["accuracy"] * 60) for name in files] == [18, 11]
    assert [(row["scores"]["compared"], row["scores"]["agreed"]) for row in found.values()] == [(60, 60)] * 2


def test_a_pipe_is_not_waited_for(suite):
    (suite.path / "baseline.jsonl").unlink()
    os.mkfifo(suite.path / "baseline.jsonl")
    result = run_recorded(suite, "baseline")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*baseline.jsonl: it is a folder, a pipe or a device, and a file is needed here"])


def test_a_condition_that_no_claim_names_is_reported_too(suite):
    run_recorded(suite, "baseline", "zeroed")
    (row,) = (row for row in report(suite)["conditions"] if row["name"] == "zeroed")
    assert row["n"] == 120
    assert row["accuracy"] < 0.2


def test_accepted_verdicts_belong_to_the_recorded_set(suite):
    result = run_recorded(suite, "baseline", "ct0_blocked", extra=["--ctlab-register"])
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*recorded answers exist already, so no claim can be registered before them*"])
    assert run_recorded(suite, "baseline", "ct0_blocked", extra=["--ctlab-register-late"]).ret == 0
    run_recorded(suite, "baseline", "ct0_blocked", extra=["--ctlab-accept"])
    assert run_recorded(suite, "baseline", "ct0_blocked").ret == 0
    assert rows(suite)["ct0-raises"]["accepted"] == "REFUTED"
    # the same files the other way round are other answers
    swapped = ["--ctlab-recorded=baseline=ct0_blocked.jsonl", "--ctlab-recorded=ct0_blocked=baseline.jsonl"]
    assert run_recorded(suite, extra=[*swapped, "--ctlab-gate"]).ret == 1
    assert rows(suite)["ct0-raises"]["accepted"] is None
    assert rows(suite)["ct0-raises"]["verdict"] == "SUPPORTED"


def test_a_run_written_in_the_study_s_form_and_read_back_gives_the_same_verdicts(suite):
    run(suite)
    verdicts = {name: row["verdict"] for name, row in rows(suite).items()}
    problems = load_problems(suite.path / "problems.jsonl")
    given = []
    for name in ("baseline", "ct0_blocked", "ct4_blocked"):
        condition = Condition(name=name)
        answers = [FakeEngine().answer(problem, condition) for problem in problems]
        write_study(Run.of(condition, problems, answers), "fake", suite.path / f"{name}.json")
        given.append(f"--ctlab-recorded={name}={name}.json")
    run_recorded(suite, extra=given)
    assert {name: row["verdict"] for name, row in rows(suite).items()} == verdicts


def test_a_limit_takes_the_same_file(suite):
    run_recorded(suite, "baseline", "ct0_blocked", extra=["--ctlab-limit=60"])
    assert {row["n"] for row in report(suite)["conditions"] if row["recorded"]} == {60}


def test_a_file_that_does_not_fit_is_refused(suite):
    path = suite.path / "baseline.jsonl"
    path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:-1]), encoding="utf-8")
    result = run_recorded(suite, "baseline", "ct0_blocked")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: ctlab: recorded answers of baseline: baseline.jsonl holds 119 answers*"])


@pytest.mark.slow  # classifies some thousand long answers
@pytest.mark.parametrize(
    ("problems", "files", "correct"),
    [
        (
            "data/gsm8k/test.jsonl",
            {"baseline": "openai-175b-finetuning", "ct0_blocked": "openai-6b-finetuning"},
            {"baseline": 458, "ct0_blocked": 286},
        ),
        (
            "data/gsm8k/test.jsonl",
            {"baseline": "implicit-cot-gpt2-medium", "ct0_blocked": "implicit-cot-gpt2"},
            {"baseline": 460, "ct0_blocked": 397},
        ),
        (
            "data/recorded/codi-llama-zeroing/problems.jsonl",
            {name: f"codi-llama-zeroing/{name}" for name in ("baseline", "zero_first_1", "zero_first_5")},
            {"baseline": 1000, "zero_first_1": 855, "zero_first_5": 132},
        ),
    ],
    ids=["openai", "implicit-cot", "zeroing"],
)
def test_published_answers_give_the_published_counts(suite, problems, files, correct):
    given = [f"--ctlab-recorded={name}={shared(f'data/recorded/{file}.jsonl')}" for name, file in files.items()]
    run_recorded(suite, extra=[f"--ctlab-problems={shared(problems)}", *given])
    found = {row["name"]: round(row["accuracy"] * row["n"]) for row in report(suite)["conditions"] if row["recorded"]}
    assert found == correct


def test_recorded_answers_that_leave_nothing_to_judge_make_the_run_red(suite):
    result = run_recorded(suite, "baseline", "zeroed")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["nothing was judged: no selected claim has all its conditions among the recorded*"])
    (row,) = (row for row in report(suite)["conditions"] if row["name"] == "zeroed")
    assert row["unknown"] is True


def test_what_a_file_calls_its_problems_gives_no_orders_and_is_written(suite):
    problems = load_problems(suite.path / "problems.jsonl")
    lines = [
        {"id": f"\ud800\x1b[2J{at}", "question": each.question, "pred": f"#### {each.gold_number}", "correct": at > 0}
        for at, each in enumerate(problems)
    ]
    (suite.path / "odd.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    result = run_recorded(
        suite, extra=["--ctlab-recorded=baseline=odd.jsonl", "--ctlab-recorded=ct0_blocked=ct0_blocked.jsonl"]
    )
    (row,) = (row for row in report(suite)["conditions"] if row["name"] == "baseline")
    assert [each["problem"] for each in row["scores"]["contradictions"]] == ["[U+D800][U+001B][2J0"]
    assert "\x1b[2J" not in result.stdout.str()
