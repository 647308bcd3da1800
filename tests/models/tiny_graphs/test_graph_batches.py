"""Batches hold the way from the stage on, and never a question that ships."""

import pytest

from ctlab.models.tiny_graphs import graph_batches, phrase_tokenizer
from ctlab.models.tiny_graphs.graph_batches import POOL, batch_of, pool


@pytest.fixture(scope="module")
def words():
    return phrase_tokenizer.build()


@pytest.mark.parametrize("replaced", [0, 1, 4, 6])
def test_a_row_holds_the_question_the_steps_that_are_left_and_the_answer(words, replaced):
    graphs = [group[0] for group in pool(0, size=2, seed=1)]
    batch = batch_of(graphs, words, replaced)
    for row, graph in enumerate(graphs):
        asked = [token for token in batch.question[row].tolist() if token >= 0]
        told = [token for token in batch.written[row].tolist() if token >= 0]
        assert batch.question[row].tolist()[-len(asked) :] == asked, "questions are padded on the left"
        assert batch.written[row].tolist()[: len(told)] == told, "what is written is padded on the right"
        assert words.decode(asked) == graph.question
        assert told[-1] == words.eos_token_id
        assert words.decode(told[:-1]) == " ".join([*graph.steps[replaced:], graph.answer])
        nodes = [token for token in batch.way[row].tolist() if token >= 0]
        assert words.decode(nodes) == " ".join(f"is a {graph.names[node]}." for node in graph.way[1:])
        last = words.decode([batch.written[row, batch.answer[row]]])
        assert last == f"is a {graph.names[graph.way[-1]]}."


def test_a_pool_is_decided_by_its_arguments():
    assert pool(3, size=2, seed=1) == pool(3, size=2, seed=1)
    assert len(pool(3, size=2, seed=1)) == POOL
    assert pool(3, size=2, seed=1) != pool(4, size=2, seed=1)
    assert pool(3, size=2, seed=1) != pool(3, size=2, seed=2)


def test_a_question_that_ships_is_drawn_again(monkeypatch):
    drawn = {graph.question for group in pool(0, size=2, seed=1) for graph in group}
    shipped = frozenset(sorted(drawn)[:3])
    monkeypatch.setattr(graph_batches, "questions", lambda: shipped)
    again = {graph.question for group in pool(0, size=2, seed=1) for graph in group}
    assert not again & shipped
    assert len(again) == len(drawn) == 2 * POOL
