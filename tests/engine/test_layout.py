"""Positions, tested with a sentinel: the network is replaced by one that writes down what it was fed where."""

import pytest

from ctlab.engine.layout import Layout
from ctlab.errors import ConditionError

LAYOUT = Layout(begin=2, thoughts=6, end=1)


def test_segments():
    assert LAYOUT.tail == 9
    assert [list(each) for each in LAYOUT.segments] == [[0, 1], [2], [3], [4], [5], [6], [7], [8]]
    assert list(LAYOUT.positions("begin")) == [0, 1]
    assert list(LAYOUT.positions("CT0")) == [2]
    assert list(LAYOUT.positions("CT5")) == [7]
    assert list(LAYOUT.positions("end")) == [8]


@pytest.mark.parametrize("name", ["CT6", "CT10", "nowhere"])
def test_what_does_not_exist(name):
    with pytest.raises(ConditionError, match=f"{name} does not exist: this model thinks CT0 … CT5"):
        LAYOUT.positions(name)


def test_readers():
    answer = LAYOUT.tail + 3
    assert LAYOUT.reads("later", answer)
    assert LAYOUT.reads("answer", answer)
    assert LAYOUT.reads("answer", 8)
    assert not LAYOUT.reads("answer", 7)
    assert not LAYOUT.reads("thoughts", answer)
    assert [position for position in range(10) if LAYOUT.reads("thoughts", position)] == [2, 3, 4, 5, 6, 7]
    assert [position for position in range(10) if LAYOUT.reads(("begin", "CT1", "end"), position)] == [0, 1, 3, 8]


def test_all_thoughts_are_fed_and_nothing_else(tmp_path):
    """CTk is the k-th thought that is fed: its embedding is the projected state of the position before it."""
    import torch

    from ctlab.engine.batch_run import run
    from ctlab.engine.plan import plan
    from ctlab.interventions import BASELINE
    from ctlab.models import load_model
    from ctlab.problems import Problem
    from ctlab.records.generation import Decoding
    from tests.models.checkpoints.making_checkpoints import write_codi

    model = load_model(tmp_path, settings=write_codi(tmp_path, remove_eos=False))

    class Diary:
        def __init__(self):
            self.fed = []

        def prefill_attention(self, step, layer, scores, mask, weights):
            raise AssertionError("nothing is hidden inside the question")

        def attention(self, step, layer, scores, mask, weights):
            assert scores.shape[-1] == step.cache.prompts.length + step.width

        def hidden_states(self, step, embeddings, states):
            self.fed.append((step.cache.width, embeddings, states))

    diary = Diary()
    problem = Problem(question="a b 3 ?", gold=1)
    (answer,) = run(plan(model, [problem], [BASELINE], Decoding(max_new_tokens=3)), [0], diary)
    embedding = model.network.get_input_embeddings()
    widths = [width for width, _, _ in diary.fed]
    assert widths == [0, 2, 3, 4, 5, 6, 7, 8, 10, 11][: len(widths)]
    assert torch.equal(diary.fed[0][1][0], embedding(torch.tensor(model.begin_ids)))
    for before, this in zip(diary.fed[:6], diary.fed[1:7], strict=True):
        assert torch.equal(this[1][:, 0], model.project(before[2][:, -1]))
    assert torch.equal(diary.fed[7][1][0], embedding(torch.tensor(model.end_ids)))
    assert torch.equal(diary.fed[8][1][0, 0], embedding(torch.tensor(answer[0][0])))
