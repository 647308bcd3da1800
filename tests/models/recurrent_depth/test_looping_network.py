"""The unrolled network: against the certificate's arithmetic layer by layer, and through transformers' own cache."""

import copy

import numpy as np
import pytest
import torch

from ctlab.certify import reference as recompute
from ctlab.models.recurrent_depth.looping_config import RecurrentDepthConfig
from ctlab.models.recurrent_depth.looping_network import FREQUENCIES, RecurrentDepthLM, drawn_states
from ctlab.models.unrolled import Unrolled
from tests.models.families.test_huginn import model

SIZES = {"vocab_size": 40, "n_embd": 24, "n_heads": 3, "intermediate_size": 32, "block_size": 64}
PARTS = {"n_layers_in_prelude": 2, "n_layers_in_recurrent_block": 3, "n_layers_in_coda": 1, "num_steps": 3}


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    made = RecurrentDepthLM(RecurrentDepthConfig(**SIZES, **PARTS)).double().eval().requires_grad_(False)
    for parameter in made.parameters():
        parameter.add_(0.1 * torch.randn_like(parameter))
    return made


def test_each_occurrence_is_a_layer_and_each_weight_is_there_once(network):
    loop = Unrolled(prelude=2, core=3, coda=1, steps=3)
    assert network.config.unrolled == loop
    assert [layer.layer_idx for layer in network.transformer.unrolled] == list(range(loop.layers)) == list(range(12))
    assert [loop.layer(step, inside) for step in range(3) for inside in range(3)] == list(range(2, 11))
    blocks = [layer.shared[0] for layer in network.transformer.unrolled]
    assert blocks[3] is blocks[6] is blocks[9] is network.transformer.core_block[1]
    assert not [name for name in network.state_dict() if "unrolled" in name]
    copied = copy.deepcopy(network).transformer
    assert copied.unrolled[3].shared[0] is copied.core_block[1] is not blocks[3]


def test_padded_and_cached_it_says_what_it_says_in_one_piece(network):
    """As transformers' networks do: what a teacher-forced pass needs (`reproduction.forced_pass`)."""
    first, second = torch.randint(40, (2, 9), generator=torch.Generator().manual_seed(1)), 5
    whole = network(input_ids=first).logits
    padded = torch.cat([torch.zeros(2, 3, dtype=torch.long), first], 1)
    visible = torch.ones_like(padded)
    visible[:, :3] = 0
    positions = (visible.cumsum(1) - 1).clamp(min=0)
    start = network(
        input_ids=padded[:, : 3 + second],
        attention_mask=visible[:, : 3 + second],
        position_ids=positions[:, : 3 + second],
        use_cache=True,
    )
    rest = network(
        input_ids=padded[:, 3 + second :],
        attention_mask=visible,
        position_ids=positions[:, 3 + second :],
        past_key_values=start.past_key_values,
        use_cache=True,
    )
    torch.testing.assert_close(torch.cat([start.logits[:, 3:], rest.logits], 1), whole)
    assert len(start.past_key_values) == 12


def test_every_layer_is_the_certificates():
    """Also what probes would watch: the output of each occurrence, before the norm that follows the last step."""
    chosen = model(dtype="float64")
    prompt = chosen.encode("43 of them are girls.")
    sequence = recompute.inputs(chosen, prompt, torch.empty(0, 64))
    trace = recompute.trace(chosen, sequence, np.tril(np.ones((1, 1, len(sequence), len(sequence)))))
    seen = []
    handles = [
        layer.register_forward_hook(lambda module, args, output: seen.append(output[0]))
        for layer in chosen.network.transformer.unrolled
    ]
    last = chosen.network.base_model(inputs_embeds=sequence[None]).last_hidden_state[0]
    for handle in handles:
        handle.remove()
    torch.testing.assert_close(trace.states[1:], torch.stack(seen))
    torch.testing.assert_close(trace.last, last)


def test_a_drawn_state_is_one_table_a_seed():
    config = RecurrentDepthConfig(**SIZES, **PARTS, init_scale=2.0, init_seed=4)
    table = drawn_states(config)
    assert torch.equal(table, drawn_states(config))
    assert not torch.equal(table, drawn_states(RecurrentDepthConfig(**SIZES, **PARTS, init_scale=2.0, init_seed=5)))
    deviation = 2 * (2 / 5) ** 0.5  # of the embeddings before training, √(2 / 5D), times √D, times init_scale
    assert table.shape == (64, 24)
    assert float(table.abs().max()) <= 3 * deviation
    # Cut off at three deviations a normal distribution has 0.9866 of its deviation (scipy.stats.truncnorm.std(-3, 3)).
    assert float(table.std()) == pytest.approx(0.9866 * deviation, rel=0.05)


def test_the_constant_that_checkpoints_hold(network):
    (constant,) = network.constants.values()
    assert list(network.constants) == [FREQUENCIES]
    assert constant.shape == (1, 64, 1, 4, 2)
    # The second pair of position 3: 3 × 50000^(-2 / 8) radians.
    angle = torch.tensor(3 * 50000 ** (-2 / 8), dtype=torch.float64)
    torch.testing.assert_close(constant[0, 3, 0, 1], torch.stack([angle.cos(), angle.sin()]))
