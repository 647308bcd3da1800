"""What is given to be judged: files with column maps, rows, lists; and what is refused."""

import json
import os

import numpy as np
import pytest

from ctlab.errors import InputError
from ctlab.judging.given import check_different, path_and_options, results_of
from tests.judging.rows import scored


def test_booleans_are_scores_known_by_their_place():
    found = results_of([True, False, np.True_, 1, 0.5], "A")
    assert [row.score for row in found] == [1.0, 0.0, 1.0, 1.0, 0.5]
    assert (found.positional, [row.problem for row in found]) == (True, ["0", "1", "2", "3", "4"])


def test_mappings_name_their_columns_or_keep_them():
    row = {"id": 7, "answer": "#### 18", "gold": 18, "correct": True, "epoch": 2, "level": "easy"}
    (found,) = results_of([row], "B").rows
    assert (found.problem, found.answer, found.gold, found.score, found.repeat) == ("7", "#### 18", "18", 1.0, 2)
    assert dict(found.fields) == {"level": "easy"}


def test_several_golds_stay_several():
    (found,) = results_of([{"answer": "yes", "gold": ["yes", "true"]}], "A").rows
    assert found.gold == ("yes", "true")


def test_results_and_their_rows_are_taken_as_they_are():
    held = scored([1, 0])
    assert results_of(held, "A") is held
    assert results_of(list(held), "A").rows == held.rows


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "A (list A) holds no answers"),
        (7, "A is 7, and a path, results or a list of answers is needed"),
        ({"a": 1}, "a path, results or a list of answers is needed"),
        (b"bytes", "a path, results or a list of answers is needed"),
        (["right"], "item 0 of A is 'right', and a score is True or False"),
        ([True, None], "item 1 of A is None"),
        ([{"id": 1}], "item 0 of A has neither an answer nor a score"),
        ([{"answer": "1", "score": "good"}], "item 0 of A is 'good', and a score is"),
        ([{"answer": "1", "repeat": "first"}], "has the repeat 'first', and repeats are counted"),
    ],
)
def test_what_cannot_be_judged_is_one_sentence(given, said):
    with pytest.raises(InputError) as caught:
        results_of(given, "A")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_behind_a_question_mark_stand_columns(tmp_path):
    assert path_and_options("x.csv?answer=pred&id=qid") == ("x.csv", {"answer": "pred", "id": "qid"})
    assert path_and_options("x.csv") == ("x.csv", {})
    odd = tmp_path / "what?.jsonl"
    odd.write_text("")
    assert path_and_options(str(odd)) == (str(odd), {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x.csv?answer", "stands NAME=VALUE, not 'answer'"),
        ("x.csv?", "stands NAME=VALUE"),
        ("x.csv?id=a&id=b", "id is said twice"),
        ("x.csv?colour=red", "'colour' is nothing that can be chosen"),
    ],
)
def test_a_column_map_that_is_none_is_refused(text, said):
    with pytest.raises(InputError, match=said):
        results_of(text, "A")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (str(pipe), "/dev/zero"):
        with pytest.raises(InputError, match=r"a folder, a pipe or a device.*write what it holds to a file"):
            results_of(place, "A")
    for place, said in (("", "this one is empty"), ("a\0b", "null")):
        with pytest.raises(InputError, match=said):
            results_of(place, "A")


def test_one_file_twice_is_refused_however_it_is_called(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_text(json.dumps({"problem_id": "x", "output": "1"}))
    with pytest.raises(InputError, match=r"A and B are the same file .*byte for byte.*give the file that was meant"):
        check_different([tmp_path / "a", str(tmp_path / "b")], "AB")


def test_two_columns_of_one_table_and_two_equal_lists_are_no_copies(tmp_path):
    table = tmp_path / "wide.csv"
    table.write_text("id,one,two\n")
    check_different([f"{table}?answer=one", f"{table}?answer=two"], "AB")
    check_different([[True], [True]], "AB")
    check_different(["nowhere.csv", "nowhere.json"], "AB")
