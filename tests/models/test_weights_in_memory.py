"""A fingerprint sees every edit of a weight, and nothing else."""

import pytest
import torch
from torch import nn

from ctlab.models.weights_in_memory import fingerprint


def edit(layer, how):
    with torch.no_grad():
        how(layer.weight)
    return fingerprint([layer])


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64])
@pytest.mark.parametrize(
    "how",
    [
        lambda weight: weight[1, 2].zero_(),
        lambda weight: weight[-1, -1].zero_(),
        lambda weight: weight.copy_(weight[[1, 0, 2, 3]]),
        lambda weight: weight.copy_(weight[:, [1, 0, 2, 3]]),
        lambda weight: weight.neg_(),
    ],
    ids=["one weight", "the last one", "rows exchanged", "columns exchanged", "signs"],
)
def test_an_edit_is_seen(how, dtype):
    layer = nn.Linear(4, 4).to(dtype)
    before = fingerprint([layer])
    assert fingerprint([layer, None]) == before
    assert edit(layer, how) != before


def test_a_tensor_without_numbers_has_a_fingerprint_too():
    without = [nn.Module(), nn.Module()]
    for width, module in enumerate(without):
        module.weight = nn.Parameter(torch.zeros(0, width))
    assert fingerprint(without[:1]) != fingerprint(without[1:])


def test_an_edit_that_is_taken_back_is_none():
    layer = nn.Linear(4, 4)
    before = fingerprint([layer])
    assert edit(layer, torch.Tensor.neg_) != edit(layer, torch.Tensor.neg_) == before
