"""Training batches: reproducible, hardly padded, and free of the test problems' equation chains."""

import random

import torch

from ctlab.models.tiny import tokenizer
from ctlab.models.tiny.training_batches import IGNORED, POOL, _draw, pool
from ctlab.problems.tiny import embedded_set as test_set

EVEN = (1.0, 1.0, 1.0, 1.0, 1.0)


def test_no_training_story_shares_a_chain_with_a_test_problem():
    rng = random.Random(0)
    drawn = {_draw(rng, (1, 0, 0, 0, 0)).chain for _ in range(3000)}
    assert not drawn & test_set.chains()
    # Were they not excluded, they would be common: the test chains with one operation are drawn again and again.
    assert len([chain for chain in test_set.chains() if ";" not in chain]) == 264


def test_pool_is_reproducible_and_complete():
    words = tokenizer.build()
    batches = pool(3, words, size=8, seed=1, weights=EVEN)
    assert len(batches) == POOL
    for one, other in zip(batches, pool(3, words, size=8, seed=1, weights=EVEN), strict=True):
        assert torch.equal(one.question, other.question)
        rows = torch.arange(8)
        assert torch.equal(one.steps[rows, one.marker + 1], one.answer)
        last = (one.results != IGNORED).sum(1) - 1
        assert torch.equal(one.results[rows, last], one.answer)
        assert (one.question[:, -1] >= 0).all()
