import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ctlab.generation import asking, attention
from ctlab.generation.asking import Batch, alike, ask
from ctlab.generation.paths import blocks_of
from ctlab.models import load_model
from tests.models.checkpoints import QUESTIONS, write_codi


@given(st.lists(st.integers(1, 200), min_size=1, max_size=60), st.integers(1, 3000))
def test_parts_hold_everyone_once_and_little_padding(lengths, enough):
    parts = alike(lengths, enough)
    assert sorted(index for part in parts for index in part) == list(range(len(lengths)))
    for part, after in itertools.pairwise(parts):
        assert lengths[part[-1]] <= lengths[after[0]]
        assert len(part) * lengths[part[-1]] >= enough
        assert lengths[after[0]] > 1.05 * lengths[part[0]]


@pytest.fixture(scope="module", params=["gpt2", "llama"])
def model(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    return load_model(folder, settings=write_codi(folder, request.param, seed=9))


@pytest.mark.parametrize("roots", [1, 2])
def test_parts_compute_what_one_batch_computes(model, monkeypatch, roots):
    batch = Batch(questions=model.encode_all(QUESTIONS), controls=[0] * len(QUESTIONS))
    found = []
    for enough in (1, 10_000):
        monkeypatch.setattr(asking, "ENOUGH", {"cpu": enough})
        with attention.engaged(model.network):
            found.append(ask(model, batch, roots, None, as_published=False, observer=None))
    (apart, starts), (together, same_starts) = found
    assert torch.equal(starts, same_starts)
    for name in ("visible", "control", "problem_of", "root_of"):
        assert torch.equal(getattr(apart, name), getattr(together, name))
    assert apart.length == together.length == max(map(len, batch.questions))
    seen = together.visible[:, None, :, None]
    for mine, other in zip(apart.values, together.values, strict=True):
        assert torch.allclose(mine * seen, other * seen, atol=1e-5)
    for mine, other in zip(apart.keys, together.keys, strict=True):
        assert torch.allclose(mine * seen.transpose(2, 3), other * seen.transpose(2, 3), atol=1e-5)


@pytest.mark.parametrize("as_published", [False, True])
def test_nothing_is_computed_past_the_last_layers_keys_and_values(model, as_published):
    batch = Batch(questions=model.encode_all(QUESTIONS), controls=None)
    blocks = blocks_of(model.network)
    seen = []
    hooks = [block.register_forward_hook(lambda *_, n=n: seen.append(n)) for n, block in enumerate(blocks)]
    with attention.engaged(model.network):
        questions, _ = ask(model, batch, 1, None, as_published=as_published, observer=None)
    for hook in hooks:
        hook.remove()
    assert set(seen) == set(range(len(blocks) - 1))
    assert len(questions.keys) == len(questions.values) == len(blocks)
