"""Result files of real tools: lost and gained are what each tool's own counts say."""

import json
from pathlib import Path

import pytest

from ctlab.judging import judge_files, judge_results
from ctlab.judging.screen import screen
from ctlab.records import Verdict
from tests.results.test_tool_counts import PAIRS, TOOLS, one
from tests.shared_data import shared

REPEATED = "inspect_epochs2/*.eval"


@pytest.fixture(scope="module")
def expected():
    return json.loads(shared(f"{TOOLS}/expected.json").read_text(encoding="utf-8"))


def files(name):
    *patterns, options = PAIRS[name]
    behind = "".join(f"?{key}={value}" for key, value in options.items())
    return [f"{one(pattern)}{behind}" for pattern in patterns]


@pytest.mark.parametrize("name", [name for name in PAIRS if name != REPEATED])
def test_lost_and_gained_are_the_tools_own(name, expected):
    found = judge_results(*files(name))
    known = expected[name]
    assert (found.n, found.lost, found.gained) == (known["n"], known["lost"], known["gained"])
    assert [file.right for file in found.files] == [known["baseline_correct"], known["treated_correct"]]
    assert (found.matched_by, found.scored_by) == ("id", "tool")


def test_two_epochs_are_twelve_problems_and_no_twenty_four(expected):
    known = expected[REPEATED]
    found = judge_results(*files(REPEATED))
    assert (found.n, known["n"], known["problems"]) == (12, 24, 12)
    assert [2 * file.right for file in found.files] == [known["baseline_correct"], known["treated_correct"]]
    # 6 answers are lost and 1 is gained: on balance 5 problems lose one of their two answers or both.
    assert 12 * 2 * found.effect.estimate == pytest.approx(known["gained"] - known["lost"])
    assert found.verdict is Verdict.INCONCLUSIVE


def test_files_of_two_tools_are_matched_by_question_where_their_ids_are_others(expected):
    """lm-eval counts problems from 0 and Inspect from 1: by id every problem would be held against its neighbour."""
    found = judge_results(files("lm_eval [strict-match]")[0], files("inspect/*.eval")[1])
    known = expected["inspect/*.eval"]
    assert (found.n, found.lost, found.gained, found.matched_by) == (60, known["lost"], known["gained"], "question")
    assert any("one id stands for different questions" in flag for flag in found.flags)


def test_columns_of_one_table_are_two_results(expected):
    table = one("tables/wide.csv")
    found = judge_results(f"{table}?answer=openai-175b-finetuning", f"{table}?answer=openai-6b-finetuning")
    known = expected["tables/wide.csv"]
    assert (found.n, found.lost, found.gained, found.scored_by) == (60, known["lost"], known["gained"], "ours")


def test_the_page_shows_what_comes_out(tmp_path):
    """Columns of the documentation's output for CSV, whose files are called so there."""
    given = []
    for name, path in zip(("baseline.csv", "treated.csv"), files("tables/*.csv"), strict=True):
        given.append(tmp_path / name)
        given[-1].write_bytes(Path(path).read_bytes())
    page = (Path(__file__).parents[2] / "docs" / "judge.md").read_text(encoding="utf-8")
    shown = screen(judge_files(given)).split("\n")
    assert f"| head -5\n{chr(10).join(shown[:5])}\n```" in page
    (found,) = judge_files(files("inspect/*.eval"))
    assert "\n".join(screen([found]).split("\n")[3:]).rstrip() in page


def test_a_model_against_itself_in_two_formats_changes_nothing():
    first, second = files("tables/*.csv")[0], files("tables/*.jsonl")[0]
    found = judge_results(first, second)
    assert (found.lost, found.gained) == (0, 0)
    assert "every answer of B is, letter for letter, that of A" in found.flags


def test_the_recorded_study_is_judged_as_its_claims_are():
    names = ("openai-175b-finetuning", "openai-6b-finetuning")
    paths = [next(shared("data/recorded").rglob(f"{name}.jsonl")) for name in names]
    rows = [[json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] for path in paths]
    problems = [json.loads(line) for line in shared("data/gsm8k/test.jsonl").read_text(encoding="utf-8").splitlines()]
    golds = [problem["answer"].rpartition("####")[2].strip() for problem in problems]
    given = [
        [{"id": row["problem_index"], "answer": row["output"], "gold": golds[row["problem_index"]]} for row in side]
        for side in rows
    ]
    (found,) = judge_files(given, expect="B lower than A by 5")
    assert (found.n, found.verdict, found.scored_by, found.kind) == (1319, Verdict.SUPPORTED, "ours", "number")
