import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ctlab.engine.batching import batches, published_batches, token_budget
from ctlab.engine.layout import Layout
from ctlab.errors import InputError
from ctlab.models.families.base import PUBLISHED_BATCH

LAYOUT = Layout(begin=1, thoughts=6, end=1)
CPU = torch.device("cpu")


@given(st.lists(st.integers(1, 300), max_size=60), st.integers(1, 20), st.integers(1, 20000))
def test_every_problem_once_sorted_within_budget(lengths, conditions, budget):
    made = batches(lengths, LAYOUT, conditions, budget)
    assert sorted(index for batch in made for index in batch) == list(range(len(lengths)))
    in_order = [lengths[index] for batch in made for index in batch]
    assert in_order == sorted(in_order)
    for batch in made:
        cost = len(batch) * (max(lengths[index] for index in batch) + conditions * LAYOUT.tail)
        assert batch
        assert len(batch) == 1 or cost <= budget


def test_as_published_goes_in_order():
    lengths = [5, 1, 9] * 50
    made = batches(lengths, LAYOUT, 3, 10, published=PUBLISHED_BATCH)
    assert made == published_batches(150) == [list(range(PUBLISHED_BATCH)), list(range(PUBLISHED_BATCH, 150))]


def test_budget():
    assert token_budget(7, CPU, 100) == 7
    assert token_budget(None, CPU, 100) == token_budget(None, CPU, 1000) > 1000
    # Large models are held to what a batch's keys and values take.
    large = 200_000
    assert 1 << 30 < token_budget(None, CPU, large) * large <= 5 << 28
    assert token_budget(None, CPU, 1 << 40) == 1
    with pytest.raises(InputError, match="batch_tokens must be a whole number from 1, not 0"):
        token_budget(0, CPU, 100)
