"""Rows find their problems by question, by id, by a column of the problems or by place; doubt is a sentence."""

import csv
import json
import random

import pytest

from ctlab.errors import RecordedError
from ctlab.problems import Problem, ProblemSet
from ctlab.records.fields import Fields
from ctlab.results import read_recorded
from tests.results.small_set import LONG, PROBLEMS, texts

SET = ProblemSet(
    "mine",
    [
        Problem(question=f"How many are {number} and 1?", gold=number + 1, fields=Fields({"qid": f"q-{number}"}))
        for number in range(5)
    ],
)


def table(path, *rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def shuffled(rows):
    rows = list(rows)
    random.Random(3).shuffle(rows)
    return rows


EXPECTED = ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    "named",
    [
        lambda at, problem: {"id": at},
        lambda at, problem: {"id": at + 1},
        lambda at, problem: {"id": problem.id},
        lambda at, problem: {"id": f"q-{at}"},
        lambda at, problem: {"id": f"unknown-{at}", "question": problem.question},
        lambda at, problem: {"id": at * 7, "question": f"  {problem.question.replace(' ', '  ')}"},
        lambda at, problem: {"question": problem.question[:14]},
        lambda at, problem: {"question": problem.question[:14] + "..."},
        lambda at, problem: {"id": at, "gold": problem.gold_text},
    ],
    ids=["index", "from 1", "id", "own column", "question", "blanks", "beginning", "cut", "gold"],
)
def test_shuffled_rows_find_their_problems(tmp_path, named):
    rows = shuffled({**named(at, problem), "pred": str(at)} for at, problem in enumerate(SET))
    assert texts(read_recorded(table(tmp_path / "a.csv", *rows), SET)) == EXPECTED


def test_rows_without_a_name_stand_in_order(tmp_path):
    rows = [{"pred": str(at), "gold": problem.gold_text} for at, problem in enumerate(SET)]
    assert texts(read_recorded(table(tmp_path / "a.csv", *rows), SET)) == EXPECTED
    with pytest.raises(RecordedError, match="by index: line 2: gold_answer 5 is not the problem set's 1"):
        read_recorded(table(tmp_path / "a.csv", *reversed(rows)), SET)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({0: {"question": "How many are"}}, "by question: the question of line 2, 'How many are', begins several of"),
        ({0: {"question": "Who?"}}, "by question: the question of line 2, 'Who\\?', is none of the problem set's"),
        (
            {1: {"question": "How many are 0 and 1?", "gold": "1"}},
            "by question: line 3 answers the same problem as line 2",
        ),
        ({1: {"gold": "77"}}, "by question: line 3: gold_answer 77 is not the problem set's 2"),
    ],
)
def test_a_row_that_fits_no_problem_is_named(tmp_path, changed, message):
    rows = [
        {"id": f"x{at}", "question": problem.question, "gold": problem.gold_text, "pred": "1"} | changed.get(at, {})
        for at, problem in enumerate(SET)
    ]
    with pytest.raises(RecordedError, match=f"fit no way of finding their problems .*{message}"):
        read_recorded(table(tmp_path / "a.csv", *rows), SET)


def test_two_ways_that_lead_to_other_problems_are_not_chosen_between(tmp_path):
    column = ProblemSet(
        "mine",
        [
            Problem(question=problem.question, gold=problem.gold, fields=Fields({"number": (at + 1) % 5}))
            for at, problem in enumerate(SET)
        ],
    )
    rows = [{"id": at, "pred": str(at)} for at in range(5)]
    with pytest.raises(RecordedError, match=r"by the problems' own 'number' it answers .*, by index .*question=COLUMN"):
        read_recorded(table(tmp_path / "a.csv", *rows), column)


def test_a_question_that_was_cut_is_told_by_how_it_begins(tmp_path):
    rows = [{"question": problem.question[:30], "pred": problem.gold_text} for problem in PROBLEMS]
    assert texts(read_recorded(table(tmp_path / "a.csv", *rows), PROBLEMS)) == ["19", "18.67", "0"]
    assert LONG[:30] != LONG


def repeated(path):
    rows = [{"id": at, "epoch": epoch, "pred": f"{epoch}{at}"} for epoch in (1, 2) for at in range(5)]
    return table(path, *rows)


def test_a_repeat_is_chosen_and_never_taken_by_chance(tmp_path):
    file = repeated(tmp_path / "a.csv")
    with pytest.raises(RecordedError, match=r"answers problems up to 2 times.*choose a repeat with .take=1"):
        read_recorded(file, SET)
    assert texts(read_recorded(file, SET, {"take": "2"})) == ["20", "21", "22", "23", "24"]
    with pytest.raises(RecordedError, match="take=3, and its repeats are 1 to 2"):
        read_recorded(file, SET, {"take": "3"})


def failed(path):
    rows = [{"id": at, "pred": "" if at == 2 else "1", "error": "timeout" if at == 2 else ""} for at in range(5)]
    return table(path, *rows)


def test_an_error_is_no_answer_unless_that_is_said(tmp_path):
    file = failed(tmp_path / "a.csv")
    with pytest.raises(RecordedError, match=r"line 4: an error was recorded .*'timeout'.*failed=none"):
        read_recorded(file, SET)
    assert texts(read_recorded(file, SET, {"failed": "none"})) == ["1", "1", "", "1", "1"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"reply": "pred"}, "'reply' is no option of recorded answers; columns are chosen by id, question, answer"),
        ({"failed": "wrong"}, "failed=wrong: a failed row is refused or counts as none"),
        ({"take": "0"}, "take=0: a repeat is a whole number from 1"),
        ({"take": "x"}, "take=x: a repeat is a whole number from 1"),
        ({"filter": "strict"}, "filter=strict: files of csv have no filters; leave it out"),
        ({"format": "xml"}, "'xml' is no format of results; known are"),
        ({"format": "inspect-eval"}, "a.csv is not in the format inspect-eval"),
        ({"answer": "nothing"}, "answer=nothing is none of its columns; they are 'id', 'epoch', 'pred'"),
    ],
)
def test_a_wrong_option_is_a_sentence(tmp_path, options, message):
    with pytest.raises(RecordedError, match=message):
        read_recorded(repeated(tmp_path / "a.csv"), SET, options)


def test_scores_alone_are_no_recorded_answers(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"mine": [1, 0, 1, 1, 0]}))
    with pytest.raises(RecordedError, match=r"a\.json holds scores and no answers"):
        read_recorded(tmp_path / "a.json", SET)


@pytest.mark.parametrize("said", ["timeout after 60 s", {"type": "Timeout"}])
def test_what_was_said_before_an_error_is_no_answer(tmp_path, said):
    rows = [{"id": at, "pred": "Let me think", "score": 0, "error": said if at == 2 else None} for at in range(5)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(RecordedError, match=r"line 3: an error was recorded instead of an answer"):
        read_recorded(tmp_path / "a.jsonl", SET)
    assert len(read_recorded(tmp_path / "a.jsonl", SET, {"failed": "none"})) == 5


@pytest.mark.parametrize(
    "nothing", [None, "", " ", False, 0, 0.0, "0", "None", "null", "False", [], {}, "NaN", "N/A"], ids=repr
)
def test_an_error_column_that_says_nothing_is_no_error(tmp_path, nothing):
    rows = [{"id": at, "pred": "1", "error": nothing} for at in range(5)]
    (tmp_path / "a.json").write_text(json.dumps(rows))
    assert texts(read_recorded(tmp_path / "a.json", SET)) == ["1"] * 5


@pytest.mark.parametrize("bare", [3.5, 1, True, "2", "yes"])
def test_how_far_off_an_answer_is_is_not_taken_for_a_failure(tmp_path, bare):
    """A column `error` of numbers may hold |prediction − gold|: every wrong answer would be left out."""
    rows = [{"id": at, "pred": "1", "error": bare if at == 3 else 0} for at in range(5)]
    (tmp_path / "a.json").write_text(json.dumps(rows))
    with pytest.raises(RecordedError, match=r"row 4: the column 'error' holds .* say which with FILE\?error=error"):
        read_recorded(tmp_path / "a.json", SET)
    assert texts(read_recorded(tmp_path / "a.json", SET, {"error": ""})) == ["1"] * 5
    with pytest.raises(RecordedError, match="an error was recorded"):
        read_recorded(tmp_path / "a.json", SET, {"error": "error"})


NUMBERED = ProblemSet(
    "mine",
    [
        Problem(question=problem.question, gold=problem.gold, fields=Fields({"Nr": str(at), "Sheet row": f"r{at}"}))
        for at, problem in zip((3, 1, 2, 5, 6), SET, strict=True)
    ],
)


@pytest.mark.parametrize("column", ["Nr", "Sheet row"])
def test_a_column_that_the_problems_have_too_goes_before_the_place(tmp_path, column):
    rows = shuffled({column: problem.fields[column], "pred": str(at)} for at, problem in enumerate(NUMBERED))
    file = table(tmp_path / "a.csv", *rows)
    assert texts(read_recorded(file, NUMBERED)) == EXPECTED
    assert texts(read_recorded(file, NUMBERED, {"id": ""})) == [row["pred"] for row in rows]


def test_numbers_of_the_problems_that_do_not_fit_are_not_taken_for_places(tmp_path):
    rows = [{"Nr": number, "pred": str(number)} for number in range(1, 6)]
    with pytest.raises(RecordedError, match=r"by the problems' own 'Nr': '4' of line 5 is none of the problem set's"):
        read_recorded(table(tmp_path / "a.csv", *rows), NUMBERED)


def test_a_column_of_one_name_and_other_values_numbers_the_rows(tmp_path):
    rows = [{"Nr": number, "pred": str(number - 1)} for number in range(1, 6)]
    others = ProblemSet(
        "mine",
        [
            Problem(question=problem.question, gold=problem.gold, fields=Fields({"Nr": f"a{at}"}))
            for at, problem in enumerate(SET)
        ],
    )
    assert texts(read_recorded(table(tmp_path / "a.csv", *rows), others)) == EXPECTED
