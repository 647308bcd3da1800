"""A suite that is judged from published records: bound where they lie, skipped where nobody says so."""

import hashlib
import json

import pytest

from ctlab.problems import load_problems
from tests.fakes import score
from tests.plugin.suite import report, rows, run, write_suite

BENCH = """
from ctlab.interventions import Condition
from ctlab.records import PublishedFile, PublishedRecords, PublishedSet
from digests import DIGESTS

def file(name, scores=""):
    return PublishedFile(paths=(f"public/{name}", name), sha256=DIGESTS[name], scores=scores)

def pytest_ctlab_conditions(card):
    return [Condition(name=name, model=f"the model {name}") for name in ("ct0_blocked", "ct4_blocked", "no_op")] + [
        Condition(name="reference", model="the reference")
    ]

def pytest_ctlab_records():
    return PublishedRecords(
        repository="https://example.org/study", commit="c0ffee" * 6 + "c0ff", folder="results",
        limits=("one seed: each model was trained once",),
        sets={"asked": PublishedSet(problems=file("asked.jsonl"), answers={
            "reference": file("reference.jsonl"), "no_op": file("no_op.jsonl"),
            "ct0_blocked": file("marks.json", "ct0"),
        })},
    )
"""
REGISTRY = """
from ctlab.claims import Claim, Control, Direction, Family, Shows

LOWERS = Claim(
    id="ct0-lowers", family="demo", statement="One model is worse.", direction=Direction.DECREASE, problems="asked",
    conditions=("reference", "ct0_blocked"),
    controls=(Control(condition="no_op", reference="reference", shows=Shows.NEGLIGIBLE, margin=0.05),),
)
FAMILIES = (Family(name="demo", claims=(LOWERS,)),)
"""
TESTS = """
import pytest
from ctlab.claims import Verdict
from FOLDER.registry import LOWERS

@pytest.mark.claim(LOWERS)
def test_ct0_lowers(claim):
    assert claim.judge(claim.effect()) == Verdict.SUPPORTED
"""
ABSENT = (
    "judged from published records, which are not here: fetch results of https://example.org/study at commit "
    "c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff, and say where it lies, --ctlab-records=DIR"
)


@pytest.fixture
def suite(pytester):
    write_suite(pytester, tests=TESTS, registry=REGISTRY, folder="demo_claims")
    records = pytester.mkdir("records")
    problems = load_problems(pytester.path / "problems.jsonl")
    right = {name: [score(each.id) >= share for each in problems] for name, share in (("reference", 0.1), ("ct0", 0.5))}
    for name in ("reference", "no_op"):
        answers = [each.gold_text if ok else "7777" for each, ok in zip(problems, right["reference"], strict=True)]
        lines = (
            json.dumps({"problem_index": at, "output": f"{name} says: #### {answer}"})
            for at, answer in enumerate(answers)
        )
        (records / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (records / "asked.jsonl").write_bytes((pytester.path / "problems.jsonl").read_bytes())
    marks = [int(each) for each in right["ct0"]]
    (records / "marks.json").write_text(json.dumps({"ct0": marks, "other": [1]}), encoding="utf-8")
    digests = {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in records.iterdir()}
    digests["marks.json"] = hashlib.sha256(json.dumps(marks).encode()).hexdigest()
    pytester.makepyfile(bench=BENCH, digests=f"DIGESTS = {digests!r}")
    ini = (pytester.path / "tox.ini").read_text(encoding="utf-8").replace("= problems.jsonl", "= asked")
    (pytester.path / "tox.ini").write_text(ini, encoding="utf-8")
    return pytester


def test_claims_are_judged_by_the_records_and_say_their_limit(suite):
    result = run(suite, "--ctlab-records=records")
    result.assert_outcomes(passed=1)
    (row,) = rows(suite).values()
    assert row["verdict"] == "SUPPORTED"
    assert "one seed: each model was trained once" in row["flags"]
    assert {control["state"] for control in row["controls"]} == {"holds"}
    written = {each["name"]: each for each in report(suite)["conditions"]}
    assert set(written) == {"reference", "ct0_blocked", "no_op"}  # no baseline was recorded, and none is shown
    assert written["ct0_blocked"]["model"] == "the model ct0_blocked"
    assert written["ct0_blocked"]["scores"] is None  # its own marks agree with themselves by construction
    assert report(suite)["problems"]["name"] == "asked"


def test_without_them_the_suite_is_skipped_and_says_what_to_fetch(suite):
    result = run(suite, "-rs")
    result.assert_outcomes(skipped=1)
    assert result.ret == 0
    result.stdout.fnmatch_lines([f"SKIPPED * {ABSENT}"])
    assert not (suite.path / "reports" / "latest").exists()


@pytest.mark.parametrize("asked", ["--ctlab-gate", "--ctlab-strict", "--ctlab-confirmatory", "--ctlab-accept"])
def test_what_must_judge_does_not_pass_without_them(suite, asked):
    result = run(suite, asked)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: ctlab: {ABSENT}"])


def test_a_list_counts_alone_and_the_rest_of_its_file_does_not(suite):
    run(suite, "--ctlab-records=records")
    digest = report(suite)["model"]["digest"]
    marks = json.loads((suite.path / "records" / "marks.json").read_text(encoding="utf-8"))
    (suite.path / "records" / "marks.json").write_text(json.dumps(marks | {"more": [0, 1]}, indent=1), encoding="utf-8")
    run(suite, "--ctlab-records=records").assert_outcomes(passed=1)
    assert report(suite)["model"]["digest"] == digest


def change(suite, name):
    path = suite.path / "records" / name
    path.write_text(path.read_text(encoding="utf-8").replace("7777", "7778"), encoding="utf-8")


def lose(suite, name):
    (suite.path / "records" / name).unlink()


def flip(suite, name):
    path = suite.path / "records" / name
    path.write_text(path.read_text(encoding="utf-8").replace("1, 1", "1, 0", 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "name", "message"),
    [
        (
            change,
            "reference.jsonl",
            "*reference.jsonl is not what was published: its sha256 begins with *",
        ),
        (flip, "marks.json", "the list ct0 of *marks.json is not what was published: *"),
        (lose, "no_op.jsonl", "the records in * have no public/no_op.jsonl or no_op.jsonl; fetch results of https:*"),
    ],
)
def test_a_file_that_is_another_or_none_is_refused(suite, spoil, name, message):
    spoil(suite, name)
    result = run(suite, "--ctlab-records=records")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: ctlab: {message}"])


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--ctlab-records=nowhere"], "--ctlab-records: there is no folder *nowhere; fetch results of https:*"),
        (
            ["--ctlab-records=records", "--ctlab-recorded=baseline=x.jsonl"],
            "--ctlab-recorded: the records of this suite say who answered what; leave one of the two out",
        ),
        (
            ["--ctlab-records=records", "--ctlab-problems=ood"],
            "'ood' is no problem set of these records; there are asked: --ctlab-problems=asked",
        ),
    ],
)
def test_wrong_use_is_said_once(suite, args, message):
    result = run(suite, *args)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: ctlab: {message}"])


def test_a_suite_of_another_sort_has_no_use_for_records(pytester):
    write_suite(pytester, folder="demo_claims")
    result = run(pytester, "--ctlab-records=records")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: ctlab: --ctlab-records is for a suite that declares published records *"])


def test_what_is_declared_must_be_records(suite):
    bench = suite.path / "bench.py"
    bench.write_text(BENCH.partition("def pytest_ctlab_records")[0] + "def pytest_ctlab_records():\n    return 'x'\n")
    result = run(suite)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: ctlab: bench.py, line *: pytest_ctlab_records returns ctlab.records.*"])
