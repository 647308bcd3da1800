"""Scores over the prompt and over a row's own positions are normalised together, in the precision of the scores."""

import pytest
import torch

from ctlab.engine.decode_step import DecodeStep


@pytest.mark.parametrize(("dtype", "precision"), [("float64", 1e-15), ("float32", 1e-7), ("bfloat16", 1e-7)])
def test_weights_are_the_softmax_of_both_parts_under_the_mask(dtype, precision):
    torch.manual_seed(0)
    kind = getattr(torch, dtype)
    read, own = torch.randn(2, 3, 2, 1, 1, 5).to(kind), torch.randn(2, 3, 2, 1, 1, 4).to(kind)
    mask = torch.where(torch.rand(2, 1, 2, 1, 1, 9) < 0.3, -torch.inf, 0.0)
    mask[..., -1] = 0
    seen = []
    step = DecodeStep(
        cache=None,
        grid=None,
        new=1,
        level=1,
        pass_=0,
        kept=True,
        masks=[mask],
        watch=lambda step, layer, scores, mask, weights: seen.append((scores, weights)),
    )
    found = step._weights(0, read, own)
    scores = torch.cat([read, own], -1)
    expected = torch.softmax(scores.double() + mask, -1)
    assert found.dtype == torch.promote_types(kind, torch.float32)
    assert (found - expected).abs().max() <= precision
    assert torch.equal(found == 0, expected == 0)
    (scores_seen, weights_seen), *others = seen
    assert (torch.equal(scores_seen, scores), weights_seen is found, others) == (True, True, [])
