"""Expected answers: every form that is read, and one sentence for what is not."""

import json

import pytest

from ctlab.errors import InputError
from ctlab.records import Generation
from ctlab.reproduction.expected_answers import read_expected


def answer(*ids, text=""):
    return Generation(problem_id="p", token_ids=ids, text=text)


def test_a_table_of_questions_and_tokens(tmp_path):
    file = tmp_path / "expected.json"
    baseline = {"tokens": [[5, 6, 7], [8]], "margins": [[0.5, 0.0001, 0.5], [0.5]]}
    file.write_text(json.dumps({"questions": ["a?", "b?"], "conditions": {"baseline": baseline}, "n_steps": [2, 1]}))
    first, second = read_expected(file)
    assert (first.tokens, first.sure, first.steps) == ((5, 6, 7), 1, 2)
    assert first.right(answer(5, 9), eos=0), "what follows a margin under 1e-3 may differ"
    assert not first.right(answer(6), eos=0)
    assert second.right(answer(8, 0), eos=0), "the end of sequence does not count"
    assert not second.right(answer(8, 8), eos=0)


def test_an_end_of_sequence_at_the_very_start_counts(tmp_path):
    file = tmp_path / "expected.json"
    file.write_text(json.dumps({"questions": ["a?"], "tokens": [[0, 5]]}))
    (asked,) = read_expected(file)
    assert asked.right(answer(0, 5), eos=0)
    assert not asked.right(answer(0), eos=0)


def test_rows_of_texts(tmp_path):
    file = tmp_path / "expected.jsonl"
    file.write_text('{"question": "a?", "answer": "The answer is: 5"}\n{"question": "b?", "tokens": [1]}\n')
    by_text, by_tokens = read_expected(file)
    assert by_text.right(answer(3, text=" The answer is: 5"), eos=0)
    assert by_tokens.tokens == (1,)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"questions": ["a?"]}, "lacks questions or tokens"),
        ({"questions": ["a?", "b?"], "tokens": [[1]]}, "one entry for each of the 2 questions"),
        ([{"question": "a?"}], "neither tokens nor an answer"),
        ([{"question": "a?", "tokens": [1.5]}], "must be a list of token ids"),
        ([{"question": "a?", "tokens": [1]}, {"question": "a?", "tokens": [1]}], "twice"),
        ([], "holds no expected answer"),
        (7, "holds 7"),
    ],
)
def test_anything_else_is_refused(tmp_path, content, says):
    file = tmp_path / "expected.json"
    file.write_text(json.dumps(content))
    with pytest.raises(InputError, match=says):
        read_expected(file)
