"""The tokenizer of the graph models reads and writes every shipped problem word for word."""

import pytest

from ctlab.models.tiny_graphs import phrase_tokenizer
from ctlab.problems.tiny_graphs.graph_sets import rows
from ctlab.problems.tiny_graphs.set_forms import SETS


@pytest.fixture(scope="module")
def words():
    return phrase_tokenizer.build()


@pytest.mark.parametrize("name", SETS)
def test_what_is_read_is_written_again(words, name):
    for row in rows(name):
        for text in (row["question"], " ".join([*row["steps"], row["answer"]])):
            ids = words(text)["input_ids"]
            assert words.unk_token_id not in ids
            assert words.decode(ids) == text


def test_a_sentence_is_two_tokens_and_the_question_three(words):
    (row, *_) = rows("tiny-graphs")
    assert len(words(row["question"])["input_ids"]) == 2 * len(row["edges"]) + 3
    assert len(words(row["answer"])["input_ids"]) == 2


def test_blanks_say_nothing_and_other_words_are_unknown(words):
    question = "Is Dan a bafin or kalum?"
    assert words(question + "\n")["input_ids"] == words(question)["input_ids"]
    assert words("Every wumpus is a cat.")["input_ids"] == [words.unk_token_id] * 2
