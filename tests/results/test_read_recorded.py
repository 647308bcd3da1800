import json

import pytest

from ctlab.errors import RecordedError
from ctlab.problems import ProblemSet
from ctlab.records import Generation
from ctlab.results import FORMATS, read_recorded
from tests.results.small_set import PROBLEMS, texts


def jsonl(path, *rows):
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def rows(*outputs):
    return [{"problem_index": index, "output": output} for index, output in enumerate(outputs)]


def test_jsonl_by_index(tmp_path):
    found = read_recorded(jsonl(tmp_path / "r.jsonl", *rows("a", "b", "c")), PROBLEMS)
    assert [(each.problem_id, each.text) for each in found] == list(zip(PROBLEMS.ids, "abc", strict=True))
    assert found[0].token_ids == ()


def test_rows_may_come_in_any_order_and_by_id(tmp_path):
    by_id = [{"problem_id": problem.id, "output": problem.question[:3]} for problem in PROBLEMS]
    found = read_recorded(jsonl(tmp_path / "r.jsonl", *reversed(by_id)), PROBLEMS)
    assert texts(found) == ["How", "A v", "Wha"]


def test_a_limited_set_takes_its_rows_out_of_a_whole_file(tmp_path):
    file = jsonl(tmp_path / "r.jsonl", *rows("a", "b", "c"))
    assert texts(read_recorded(file, PROBLEMS.limited(2))) == ["a", "b"]


def test_a_file_made_with_a_limit_fits_that_limit(tmp_path):
    file = jsonl(tmp_path / "r.jsonl", *rows("a", "b"))
    assert texts(read_recorded(file, PROBLEMS.limited(2))) == ["a", "b"]


def test_one_row_is_jsonl_too(tmp_path):
    file = jsonl(tmp_path / "r.jsonl", *rows("a"))
    assert texts(read_recorded(file, ProblemSet("one", PROBLEMS[:1]))) == ["a"]


def test_rows_need_no_suffix(tmp_path):
    assert texts(read_recorded(jsonl(tmp_path / "answers", *rows("a", "b", "c")), PROBLEMS)) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (rows("a", "b"), "holds 2 answers, problem set 'mine' has 3 problems"),
        ([*rows("a", "b", "c"), {"problem_index": 0, "output": "d"}], "holds 4 answers"),
        ([*rows("a", "b"), {"problem_index": 1, "output": "c"}], "line 3: answers the same problem as line 2"),
        ([*rows("a", "b"), {"problem_index": 3, "output": "c"}], r"line 3: problem_index 3 is outside .* \(0 to 2\)"),
        ([*rows("a", "b"), {"problem_index": -1, "output": "c"}], "outside the problem set"),
        ([*rows("a", "b"), {"problem_index": 2, "problem_id": "x", "output": "c"}], "names its problem once, not by"),
        (
            [*rows("a", "b"), {"problem_index": 2, "problem_idx": 1, "output": "c"}],
            '"problem_index" 2 and "problem_idx" 1',
        ),
        ([*rows("a", "b"), {"problem_index": True, "output": "c"}], 'needs a "problem_index"'),
        ([*rows("a", "b"), {"output": "c"}], 'line 3: a row needs a "problem_index"'),
        ([*rows("a", "b"), {"problem_id": "0" * 16, "output": "c"}], "is not in the problem set"),
        ([*rows("a", "b"), {"problem_id": [2], "output": "c"}], 'line 3: "problem_id" is a text, not \\[2\\]'),
        ([*rows("a", "b"), {"problem_index": 2, "answr": "c"}], "needs an .*; its keys are 'problem_index', 'answr'"),
        ([*rows("a", "b"), {"problem_index": "two", "output": "c"}], "needs a \"problem_index\" .*, not 'two'"),
        ([*rows("a", "b"), {"problem_index": 2, "output": 7}], '"output" is a text'),
        ([*rows("a", "b"), "{bad"], "line 3: it is not JSON"),
        ([*rows("a", "b"), "[]"], "line 3: a row is a JSON object"),
        ([{**row, "question": "Another?"} for row in rows("a", "b", "c")], "line 1: the question 'Another\\?' is not"),
        (
            [{**row, "gold_answer": 5} for row in rows("a", "b", "c")],
            "line 1: gold_answer 5 is not the problem set's 19",
        ),
        ([], "is empty: it holds no answers"),
    ],
)
def test_jsonl_that_does_not_fit_is_refused(tmp_path, content, message):
    with pytest.raises(RecordedError, match=message) as caught:
        read_recorded(jsonl(tmp_path / "r.jsonl", *content), PROBLEMS)
    assert "r.jsonl" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["s.json", "answers"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"model": "m"}', "is in no known format of results: its keys are 'model'; nearest is predictions"),
        ("[1, 2]", "is a list of values such as 1, and its rows have no names; write objects"),
        ('{\n"output": "a"\n}', "its keys are 'output'; nearest is"),
        ("", "is empty: it holds no answers"),
        (" \n", "is empty: it holds no answers"),
        ("[" * 100_000, "lists and tables stand inside one another more than 100 deep"),
        ("\x00", "is binary and in no format that is known here"),
        ('{"a": ', "line 1: it is not JSON"),
    ],
    ids=["object", "array", "pretty", "empty", "blank", "deep", "binary", "cut"],
)
def test_a_file_in_no_known_format_is_refused_in_a_sentence(tmp_path, name, content, message):
    file = tmp_path / name
    file.write_text(content, encoding="latin-1")
    with pytest.raises(RecordedError, match=message) as caught:
        read_recorded(file, PROBLEMS)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    if "known are" in str(caught.value):
        assert all(f" {known.name}" in str(caught.value) for known in FORMATS)


def test_a_missing_file(tmp_path):
    with pytest.raises(RecordedError, match=r"none\.jsonl cannot be read"):
        read_recorded(tmp_path / "none.jsonl", PROBLEMS)


def answers(*texts):
    return [{"id": place, "answer": text} for place, text in enumerate(texts)]


def test_an_answer_beside_a_problem_set_is_the_models(tmp_path):
    assert texts(read_recorded(jsonl(tmp_path / "r.jsonl", *answers("19", "1", "0")), PROBLEMS)) == ["19", "1", "0"]


def test_the_file_of_the_problems_is_no_file_of_answers(tmp_path):
    file = jsonl(tmp_path / "r.jsonl", *answers("16+3 = 19\n#### 19", "18.67", "0"))
    with pytest.raises(RecordedError, match=r"every 'answer' of it is the reference answer.*\?answer=answer"):
        read_recorded(file, PROBLEMS)
    assert len(read_recorded(file, PROBLEMS, {"answer": "answer"})) == 3


def test_too_few_answers_are_counted_beside_those_that_are_asked(tmp_path):
    with pytest.raises(RecordedError, match=r"holds 1 answers, .* has 3 problems, of which the first 2 are asked"):
        read_recorded(jsonl(tmp_path / "r.jsonl", *answers("1")), PROBLEMS.limited(2))


CORRECTNESS = {"mine": [1, 0, 1], "theirs": [0, 0, 0]}


def scores(tmp_path, form, **options):
    (tmp_path / "marks.json").write_text(json.dumps(form), encoding="utf-8")
    return read_recorded(tmp_path / "marks.json", PROBLEMS, options)


def test_right_and_wrong_alone_are_read_where_that_is_asked_for(tmp_path):
    found = scores(tmp_path, CORRECTNESS, filter="mine", only="scores")
    assert [each.right for each in found] == [True, False, True]
    assert texts(found)[1] == "(wrong: the answer itself was not recorded)"
    assert [each.problem_id for each in found] == list(PROBLEMS.ids)
    table = [{"id": at, "pred": "7", "correct": right} for at, right in enumerate((True, True, False))]
    assert [each.right for each in scores(tmp_path, table, only="scores")] == [True, True, False]
    assert [each.right for each in scores(tmp_path, table)] == [None] * 3  # there the answers are read
    assert [Generation.from_json(each.to_json()).right for each in found] == [True, False, True]


@pytest.mark.parametrize(
    ("form", "options", "message"),
    [
        (CORRECTNESS, {"filter": "mine"}, "holds scores and no answers.*or add .only=scores"),
        (CORRECTNESS, {"only": "scores"}, "holds 2 lists of right and wrong"),
        (
            CORRECTNESS,
            {"filter": "mine", "only": "answers"},
            "only=answers: answers are read, or right and wrong alone",
        ),
        ([{"id": at, "pred": "7", "score": 0.5} for at in range(3)], {"only": "scores"}, "row 1: its score is 0.5"),
        ([{"id": at, "pred": "7"} for at in range(3)], {"only": "scores"}, "row 1: its score is None"),
        ({"mine": [1, 0]}, {"only": "scores"}, "holds 2 answers, problem set 'mine' has 3"),
    ],
)
def test_scores_that_cannot_stand_for_answers(tmp_path, form, options, message):
    with pytest.raises(RecordedError, match=message):
        scores(tmp_path, form, **options)
