"""A decoder with recurrent depth (Geiping et al. 2025, arXiv 2502.05171): prelude, a core passed r times, coda.

Written out here, because transformers has none and no code of a checkpoint is run. Every token is embedded and scaled;
the prelude makes e of it; from a state that is zeros or drawn, r times: state = core(adapter(state, e)); then a norm,
the coda, the same norm again, and the output head. Blocks normalise before and after each part, the latter over the
residual sum; positions turn pairs of neighbouring numbers of queries and keys, to which biases were added before.

Weights are called as in the published checkpoints. The network is *unrolled* (`unrolled.py`): each occurrence of a core
layer has a number of its own, by which the attention tells its keys and values from those of the other steps.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from transformers import Cache, DynamicCache, PreTrainedModel
from transformers.masking_utils import create_causal_mask
from transformers.modeling_outputs import BaseModelOutputWithPast, CausalLMOutputWithPast

from ctlab.models.recurrent_depth.looping_config import RecurrentDepthConfig, looping_config
from ctlab.models.recurrent_depth.sandwich_block import (
    Occurrence,
    Pass,
    RootMeanSquareNorm,
    SandwichBlock,
    cosine_and_sine,
)
from ctlab.models.thought_program import Loop

FREQUENCIES = "freqs_cis"
"""Name of a constant that checkpoints hold: cosine and sine (1, positions, 1, d / 2, 2)."""


class InitialState(nn.Module):
    """The state before the first step: zeros, or drawn once for each position, the same in every sequence."""

    drawn: Tensor

    def __init__(self, config: RecurrentDepthConfig) -> None:
        super().__init__()
        self.config = config
        if config.init_seed is not None:
            # Constants, not weights: in no checkpoint, and computed where the others are.
            self.register_buffer("drawn", drawn_states(config), persistent=False)

    def forward(self, positions: Tensor, like: Tensor) -> Tensor:
        """States (R, T, D) at positions (R or 1, T), of the shape and type of ``like``."""
        if self.config.init_seed is None:
            return torch.zeros_like(like)
        return self.drawn[positions].to(like).expand_as(like)


class RecurrentDepthModel(PreTrainedModel):
    """From input embeddings to last hidden states."""

    config: RecurrentDepthConfig
    config_class = RecurrentDepthConfig
    base_model_prefix = "transformer"
    _supports_sdpa = True
    _supports_attention_backend = True

    def __init__(self, config: RecurrentDepthConfig) -> None:
        super().__init__(config)
        self.wte = nn.Embedding(config.vocab_size, config.n_embd)
        self.prelude, self.core_block, self.coda = (
            nn.ModuleList(SandwichBlock(config) for _ in range(count))
            for count in (config.n_layers_in_prelude, config.n_layers_in_recurrent_block, config.n_layers_in_coda)
        )
        self.adapter = nn.Linear(2 * config.n_embd, config.n_embd, bias=False)
        self.ln_f = RootMeanSquareNorm(config.n_embd, config.norm_eps)
        self.initial = InitialState(config)
        self.scale = config.n_embd**0.5 if config.embed_scale is None else config.embed_scale
        blocks = [*self.prelude, *(block for _ in range(config.num_steps) for block in self.core_block), *self.coda]
        self.unrolled = nn.ModuleList(Occurrence(block, number) for number, block in enumerate(blocks))
        self.post_init()  # type: ignore[no-untyped-call]

    def get_input_embeddings(self) -> nn.Module:
        """Table of the tokens' embeddings."""
        return self.wte

    def set_input_embeddings(self, value: nn.Module) -> None:
        """Change that table."""
        self.wte = value  # type: ignore[assignment]

    def forward(
        self,
        input_ids: Tensor | None = None,
        inputs_embeds: Tensor | None = None,
        position_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        past_key_values: Cache | None = None,
        use_cache: bool = False,
        **kwargs: Any,
    ) -> BaseModelOutputWithPast:
        """Last hidden states (R, T, D) of tokens (R, T) or of their embeddings (R, T, D)."""
        x = self.wte(input_ids) if inputs_embeds is None else inputs_embeds
        cache = DynamicCache() if use_cache and past_key_values is None else past_key_values
        before = 0 if cache is None else cache.get_seq_length()
        if position_ids is None:
            position_ids = torch.arange(before, before + x.shape[1], device=x.device)[None]
        where, config = self.config.unrolled, self.config
        precise = torch.promote_types(x.dtype, torch.float32)
        turn = cosine_and_sine(position_ids, config.n_embd // config.n_heads, config.rope_base, precise)
        pass_ = Pass(
            turn=turn[:, :, None],
            mask=create_causal_mask(config, x, attention_mask, cache, position_ids=position_ids),
            cache=cache,
            kwargs=kwargs,
        )
        layers = iter(self.unrolled)
        embedded = self._through(layers, where.prelude, x * self.scale, pass_)
        state = self.initial(position_ids, embedded)
        for _ in range(where.steps):
            state = self._through(layers, where.core, self.adapter(torch.cat([state, embedded], -1)), pass_)
        state = self._through(layers, where.coda, self.ln_f(state), pass_)
        return BaseModelOutputWithPast(last_hidden_state=self.ln_f(state), past_key_values=cache)

    def _through(self, layers: Iterator[nn.Module], count: int, x: Tensor, pass_: Pass) -> Tensor:
        for _ in range(count):
            x = next(layers)(x, pass_)
        return x


class RecurrentDepthLM(PreTrainedModel):
    """The decoder with its output head."""

    config: RecurrentDepthConfig
    config_class = RecurrentDepthConfig
    base_model_prefix = "transformer"
    _supports_sdpa = True
    _supports_attention_backend = True
    _tied_weights_keys = {"lm_head.weight": "transformer.wte.weight"}  # noqa: RUF012  as above

    def __init__(self, config: RecurrentDepthConfig) -> None:
        super().__init__(config)
        self.transformer = RecurrentDepthModel(config)
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        self.post_init()  # type: ignore[no-untyped-call]

    @property
    def constants(self) -> Mapping[str, Tensor]:
        """What the network computes and some checkpoints hold beside its weights, by the names there."""
        config = self.config
        positions = torch.arange(config.block_size, device="cpu")
        angles = cosine_and_sine(positions, config.n_embd // config.n_heads, config.rope_base, torch.float64)
        return {FREQUENCIES: angles[None, :, None]}

    def get_output_embeddings(self) -> nn.Linear:
        """The output head."""
        head: nn.Linear = self.lm_head
        return head

    def set_output_embeddings(self, value: nn.Linear) -> None:
        """Change it."""
        self.lm_head = value

    def forward(self, input_ids: Tensor | None = None, **kwargs: Any) -> CausalLMOutputWithPast:
        """Logits (R, T, ids) of tokens (R, T)."""
        done = self.transformer(input_ids, **kwargs)
        logits = self.lm_head(done.last_hidden_state)
        return CausalLMOutputWithPast(logits=logits, past_key_values=done.past_key_values)


def recurrent_depth(form: Mapping[str, Any], loop: Loop, attention: str) -> RecurrentDepthLM:
    """The network of a published config's checked keys, without values for its weights where torch makes none.

    Raises ValueError for sizes that do not go together.
    """
    config = looping_config(form, loop)
    config._attn_implementation = attention
    return RecurrentDepthLM(config)


def drawn_states(config: RecurrentDepthConfig) -> Tensor:
    """States (positions, D) before the first step: normal, cut off at three standard deviations, in float32.

    The deviation is that of the embeddings before training, √(2 / 5D) where a config does not say it, times their
    scale and ``init_scale``. By inversion of torch's uniform numbers in [0, 1), so that a seed is one table everywhere.
    """
    scale = config.n_embd**0.5 if config.embed_scale is None else config.embed_scale
    deviation = (2 / (5 * config.n_embd)) ** 0.5 if config.state_std is None else config.state_std
    source = torch.Generator("cpu").manual_seed(config.init_seed or 0)
    uniform = torch.rand(config.block_size, config.n_embd, generator=source, dtype=torch.float64, device="cpu")
    within = torch.erf(torch.tensor(3 / 2**0.5, dtype=torch.float64, device="cpu"))
    normal = 2**0.5 * torch.erfinv((2 * uniform - 1) * within)
    return (normal * deviation * scale * config.init_scale).float()
