import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import ctlab
from ctlab.engine import attention
from ctlab.engine import prefill as prefilling
from ctlab.engine.network_layers import blocks_of
from ctlab.engine.prefill import portions, prefill
from ctlab.engine.prompt import Packing, PromptBatch
from ctlab.models import load_model
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_codi


@given(st.lists(st.integers(1, 200), min_size=1, max_size=60), st.integers(1, 3000))
def test_parts_hold_everyone_once_and_end_when_there_is_enough(lengths, enough):
    parts = portions(lengths, enough)
    assert sorted(index for part in parts for index in part) == list(range(len(lengths)))
    for part, after in itertools.pairwise(parts):
        assert lengths[part[-1]] <= lengths[after[0]]
        assert sum(lengths[index] for index in part) >= enough
    for part in parts:
        assert sum(lengths[index] for index in part[:-1]) < enough


def test_packed_tokens_find_their_places_and_back():
    visible = torch.tensor([[1, 1, 0], [1, 0, 0], [1, 1, 1]]).bool()
    packing = Packing.of(visible)
    packed = torch.arange(6 * 2 * 4.0).reshape(1, 2, 6, 4)
    laid = packing.spread(packed)
    assert laid.shape == (3, 2, 3, 4)
    tokens = iter(packed[0].transpose(0, 1))
    for row, column in itertools.product(range(3), range(3)):
        expected = next(tokens) if visible[row, column] else torch.zeros(2, 4)
        assert torch.equal(laid[row, :, column], expected)
    assert torch.equal(packing.collect(laid), packed)


@pytest.fixture(scope="module", params=["gpt2", "llama"])
def model(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    return load_model(folder, settings=write_codi(folder, request.param, seed=9))


@pytest.mark.parametrize("roots", [1, 2])
def test_parts_compute_what_one_batch_computes(model, monkeypatch, roots):
    batch = PromptBatch(prompts=model.encode_all(QUESTIONS), controls=[0] * len(QUESTIONS))
    found = []
    for enough in (1, 10_000):
        monkeypatch.setattr(prefilling, "ENOUGH", {"cpu": enough})
        with attention.engaged(model.network):
            found.append(prefill(model, batch, roots, None, published=None, watch=None, to_the_end=True))
    (apart, starts, ends), (together, same_starts, same_ends) = found
    assert torch.equal(starts, same_starts)
    assert ends.shape == (roots * len(QUESTIONS), 32)
    assert torch.allclose(ends, same_ends, atol=1e-5)
    for name in ("visible", "control", "problem_of", "root_of"):
        assert torch.equal(getattr(apart, name), getattr(together, name))
    assert apart.length == together.length == max(map(len, batch.prompts))
    seen = together.visible[:, None, :, None]
    for mine, other in zip(apart.values, together.values, strict=True):
        assert torch.allclose(mine * seen, other * seen, atol=1e-5)
    for mine, other in zip(apart.keys, together.keys, strict=True):
        assert torch.allclose(mine * seen.transpose(2, 3), other * seen.transpose(2, 3), atol=1e-5)


@pytest.mark.parametrize("as_published", [False, True])
def test_nothing_is_computed_past_the_last_layers_keys_and_values(model, as_published):
    batch = PromptBatch(prompts=model.encode_all(QUESTIONS), controls=None)
    blocks = blocks_of(model.network)
    seen = []
    hooks = [block.register_forward_hook(lambda *_, n=n: seen.append(n)) for n, block in enumerate(blocks)]
    with attention.engaged(model.network):
        questions, _, ends = prefill(model, batch, 1, None, published="columns" if as_published else None, watch=None)
    for hook in hooks:
        hook.remove()
    assert set(seen) == set(range(len(blocks) - 1))
    assert len(questions.keys) == len(questions.values) == len(blocks)
    assert ends.numel() == 0


def test_padding_never_passes_the_network(model):
    batch = PromptBatch(prompts=model.encode_all(QUESTIONS), controls=None)
    lengths = [len(question) for question in batch.prompts]
    assert len(set(lengths)) > 1
    seen = []
    hook = blocks_of(model.network)[0].register_forward_hook(lambda _, args, output: seen.append(args[0].shape))
    with attention.engaged(model.network):
        prefill(model, batch, 1, None, published=None, watch=None)
        prefill(model, batch, 1, None, published="columns", watch=None)
    hook.remove()
    (exact, published) = ((rows * columns) for rows, columns, _ in seen)
    assert exact == sum(lengths)
    assert published == len(lengths) * max(lengths)


def test_only_16_bit_keys_on_a_gpu_get_columns_that_its_matrix_units_read_whole():
    assert [prefilling.columns(n, "cuda", 2) for n in (1, 8, 9, 63)] == [8, 8, 16, 64]
    assert [prefilling.columns(9, device, size) for device, size in (("cuda", 4), ("cpu", 2), ("cpu", 4))] == [9] * 3


def test_columns_beyond_the_longest_prompt_change_no_answer_and_nothing_that_is_measured(model, monkeypatch):
    asked = [ctlab.Problem(question=question, gold=1) for question in QUESTIONS]
    hidden = {"name": "hidden", "interventions": [{"keys": "question-control", "readers": "later"}]}
    conditions = [ctlab.Condition(name="baseline"), ctlab.Condition.from_json(hidden)]
    found = []
    for padded in (0, 5):
        monkeypatch.setattr(prefilling, "columns", lambda longest, *_, padded=padded: longest + padded)
        answers = ctlab.generate(model, asked, conditions, certificates=False)
        measured = ctlab.measure(model, asked, conditions)
        found.append((answers, measured))
    (plain, seen), (wider, also_seen) = found
    for name in ("baseline", "hidden"):
        assert [each.token_ids for each in plain[name]] == [each.token_ids for each in wider[name]]
        # Products of another shape round otherwise (seen: 6e-6 after six thoughts).
        np.testing.assert_allclose(seen[name].mass, also_seen[name].mass, atol=5e-5)
        np.testing.assert_array_equal(seen[name].decoded_ids, also_seen[name].decoded_ids)
