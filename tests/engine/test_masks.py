import torch

from ctlab.engine import masks
from ctlab.engine.edge_factors import CONTROL, FIRST_TAIL_KEY, QUESTION, QUESTION_ITSELF


def test_additive_is_zero_for_a_full_edge_and_minus_infinity_for_a_removed_one():
    assert masks.additive(torch.tensor([1.0, 0.0])).tolist() == [0.0, -torch.inf]
    weights = torch.softmax(torch.zeros(3) + masks.additive(torch.tensor([1.0, 0.5, 0.0])), -1)
    assert torch.allclose(weights, torch.tensor([2 / 3, 1 / 3, 0.0]))
    assert weights[2] == 0


def test_columns():
    found = masks.decode_columns(2, 5, 3, torch.device("cpu"))
    assert found.tolist() == [QUESTION, QUESTION, *(FIRST_TAIL_KEY + kind for kind in (0, 1, 2, 3, 3))]


def test_the_control_token_multiplies():
    kinds = torch.ones(1, 1, 1, FIRST_TAIL_KEY + 2)
    kinds[..., QUESTION], kinds[..., CONTROL] = 0.5, 0.25
    columns = masks.decode_columns(3, 1, 1, torch.device("cpu"))
    control = torch.tensor([[False, True, False]])
    assert masks.decode_factors(kinds, columns, 3, control)[0, 0, 0].tolist() == [0.5, 0.125, 0.5, 1]
    assert masks.decode_factors(kinds, columns, 3, None)[0, 0, 0].tolist() == [0.5, 0.5, 0.5, 1]


def test_inside_the_question():
    kinds = torch.ones(1, 1, FIRST_TAIL_KEY)
    kinds[..., QUESTION], kinds[..., QUESTION_ITSELF], kinds[..., CONTROL] = 0.5, 0.75, 0.1
    keep = masks.prompt_factors(kinds, 2, torch.tensor([[True, False]]))[0, 0]
    assert torch.allclose(keep, torch.tensor([[0.75, 0.5], [0.05, 0.75]]))


def test_causal():
    assert masks.causal(2, 3, torch.device("cpu")).tolist() == [[True, True, False], [True, True, True]]
    assert masks.causal(1, 3, torch.device("cpu")).all()
