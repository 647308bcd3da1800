import pytest
import torch

from ctlab.engine.kv_cache import KVCache
from ctlab.engine.prompt import PromptCache


def rows(prompt_of, branch_of, questions):
    state = KVCache(
        prompts=PromptCache(
            length=2,
            visible=torch.ones(questions, 2, dtype=torch.bool),
            control=None,
            problem_of=torch.arange(questions),
            root_of=torch.zeros(questions, dtype=torch.long),
            keys=[torch.arange(questions * 2.0).view(questions, 1, 1, 2)],
            values=[torch.zeros(questions, 1, 2, 1)],
        ),
        prompt_of=torch.tensor(prompt_of),
        branch_of=torch.tensor(branch_of),
    )
    state.append(0, torch.arange(float(len(state))).view(-1, 1, 1, 1), torch.zeros(len(state), 1, 1, 1))
    state.width = 1
    return state


def test_a_fork_copies_the_tail_and_not_the_question():
    before = rows([0, 1, 2], [0, 0, 0], 3)
    after, index = before.fork([0, 0])
    assert index is not None
    assert index.tolist() == [0, 0, 1, 1, 2, 2]
    assert after.prompt_of.tolist() == [0, 0, 1, 1, 2, 2]
    assert after.branch_of.tolist() == [0, 1, 0, 1, 0, 1]
    assert after.keys[0][0, :, 0, 0].tolist() == [0, 0, 1, 1, 2, 2]
    assert after.prompts is before.prompts


def test_branches_of_different_questions_fork_on_their_own():
    """Two roots: the questions of the second lie behind those of the first."""
    before = rows([0, 1, 2, 3], [0, 0, 1, 1], 4)
    after, _ = before.fork([0, 1, 1, 1])
    assert after.prompt_of.tolist() == [0, 1, 2, 2, 2, 3, 3, 3]
    assert after.branch_of.tolist() == [0, 0, 1, 2, 3, 1, 2, 3]


def test_nothing_happens_where_nothing_parts():
    before = rows([0, 0], [0, 1], 1)
    assert before.fork([0, 1]) == (before, None)


def test_questions_leave_when_few_are_read():
    before = rows([0, 0, 1, 2, 3], [0, 1, 0, 0, 0], 4)
    after = before.select(torch.tensor([1, 3]))
    assert after.prompt_of.tolist() == [0, 1]
    assert after.problem_of.tolist() == [0, 2]
    assert after.prompts.keys[0][:, 0, 0, 0].tolist() == [0, 4]
    assert after.keys[0][0, :, 0, 0].tolist() == [1, 3]
    kept = before.select(torch.tensor([0, 2, 3]))
    assert kept.prompts is before.prompts


@pytest.mark.parametrize("prompt_of", [[0, 0, 1, 1], [0, 1, 1, 1, 2], [0, 2, 2], [1]])
def test_what_is_spread_is_collected(prompt_of):
    state = rows(prompt_of, [0] * len(prompt_of), 3)
    grid = state.grid()
    data = torch.arange(len(prompt_of) * 2.0).view(-1, 2) + 1
    slots = grid.spread(data)
    assert slots.shape == (3, grid.columns, 2)
    assert torch.equal(grid.collect(slots), data)
    for row, question in enumerate(prompt_of):
        assert (slots[question] == data[row]).all(-1).any()


def test_room_grows_and_keeps_what_is_there():
    state = rows([0, 1], [0, 0], 2)
    before = state.keys[0][:1].clone()
    for new in (1, 30, 100):
        keys, values = state.append(0, torch.full((2, 1, new, 1), float(new)), torch.zeros(2, 1, new, 1))
        assert keys.shape == values.shape == (state.width + new, 2, 1, 1)
        assert (keys[state.width :] == new).all()
        state.width += new
    assert torch.equal(state.keys[0][:1], before)
