"""A decoder with recurrent depth (Geiping et al. 2025, arXiv 2502.05171): prelude, a core passed r times, coda.

Written out here, because transformers has none and no code of a checkpoint is run. Every token is embedded and scaled;
the prelude makes e of it; from a state that is zeros or drawn, r times: state = core(adapter(state, e)); then a norm,
the coda, the same norm again, and the output head. Blocks normalise before and after each part, the latter over the
residual sum; positions turn pairs of neighbouring numbers of queries and keys, to which biases were added before.

Weights are called as in the published checkpoints. The network is *unrolled* (`unrolled.py`): each occurrence of a core
layer has a number of its own, by which the attention tells its keys and values from those of the other steps.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.attention.flex_attention import BlockMask
from transformers import Cache, DynamicCache, PreTrainedConfig, PreTrainedModel
from transformers.masking_utils import create_causal_mask
from transformers.modeling_outputs import BaseModelOutputWithPast, CausalLMOutputWithPast
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

from ctlab.models.checkpoints.config_keys import RECURRENT_DEPTH
from ctlab.models.thought_program import Loop
from ctlab.models.unrolled import Unrolled

FREQUENCIES = "freqs_cis"
"""Name of a constant that checkpoints hold: cosine and sine (1, positions, 1, d / 2, 2)."""


class RecurrentDepthConfig(PreTrainedConfig):  # type: ignore[no-untyped-call]
    """Sizes, by the names of the published configs; defaults are those of the published model."""

    model_type = RECURRENT_DEPTH
    attribute_map = {  # noqa: RUF012  transformers declares it without ClassVar
        "hidden_size": "n_embd",
        "num_attention_heads": "n_heads",
        "max_position_embeddings": "block_size",
        "tie_word_embeddings": "tie_embeddings",
    }
    vocab_size: int = 65536
    n_embd: int = 5280
    n_heads: int = 55
    intermediate_size: int = 17920
    n_layers_in_prelude: int = 2
    n_layers_in_recurrent_block: int = 4
    n_layers_in_coda: int = 2
    num_steps: int = 32
    block_size: int = 4096
    rope_base: float = 50000.0
    norm_eps: float = 1e-6
    qk_bias: bool = True
    tie_embeddings: bool = True
    embed_scale: float | None = None
    init_std: float | None = None
    init_scale: float = 0.0
    init_seed: int | None = None

    @property
    def unrolled(self) -> Unrolled:
        """Where its layers stand."""
        return Unrolled(
            prelude=self.n_layers_in_prelude,
            core=self.n_layers_in_recurrent_block,
            coda=self.n_layers_in_coda,
            steps=self.num_steps,
        )

    @property
    def num_hidden_layers(self) -> int:
        """Layers of the unrolled network."""
        return self.unrolled.layers


class RootMeanSquareNorm(nn.Module):
    """Scale to mean square 1, in float32 at least, then stretch (Zhang and Sennrich 2019, arXiv 1910.07467)."""

    def __init__(self, width: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        """Normalise (…, D)."""
        wide = x.to(torch.promote_types(x.dtype, torch.float32))
        scaled = wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.epsilon)
        return scaled.to(x.dtype) * self.weight


class SharedAttention(nn.Module):
    """Weights of one attention, used by every occurrence of its layer."""

    def __init__(self, config: RecurrentDepthConfig) -> None:
        super().__init__()
        self.config = config
        self.heads, self.size = config.n_heads, config.n_embd // config.n_heads
        self.Wqkv = nn.Linear(config.n_embd, 3 * config.n_embd, bias=False)
        self.proj = nn.Linear(config.n_embd, config.n_embd, bias=False)
        self.qk_bias = nn.Parameter(torch.zeros(2, 1, self.heads, self.size)) if config.qk_bias else None

    def forward(self, x: Tensor, pass_: "Pass", occurrence: "Occurrence") -> Tensor:
        """Attend from normed states (R, T, D)."""
        query, key, value = self.Wqkv(x).view(*x.shape[:2], 3, self.heads, self.size).unbind(2)
        if self.qk_bias is not None:
            query, key = query + self.qk_bias[0], key + self.qk_bias[1]
        query, key = turned(query, pass_.turn), turned(key, pass_.turn)
        name = self.config._attn_implementation
        attend = ALL_ATTENTION_FUNCTIONS.get_interface(name, ALL_ATTENTION_FUNCTIONS["sdpa"])
        query, key, value = (part.transpose(1, 2) for part in (query, key, value))
        if pass_.cache is not None:
            key, value = pass_.cache.update(key, value, occurrence.layer_idx)
        mixed, _ = attend(
            occurrence, query, key, value, pass_.mask, dropout=0.0, scaling=self.size**-0.5, **pass_.kwargs
        )
        mapped: Tensor = self.proj(mixed.reshape(*x.shape[:2], -1))
        return mapped


class GatedMaps(nn.Module):
    """Two linear maps with a gate: down(silu(a) b), where (a, b) is one map up (Shazeer 2020, arXiv 2002.05202)."""

    def __init__(self, config: RecurrentDepthConfig) -> None:
        super().__init__()
        self.fc = nn.Linear(config.n_embd, 2 * config.intermediate_size, bias=False)
        self.proj = nn.Linear(config.intermediate_size, config.n_embd, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Map states (R, T, D)."""
        gate, up = self.fc(x).chunk(2, -1)
        mapped: Tensor = self.proj(functional.silu(gate) * up)
        return mapped


class SandwichBlock(nn.Module):
    """One layer's weights."""

    def __init__(self, config: RecurrentDepthConfig) -> None:
        super().__init__()
        self.norm_1, self.norm_2, self.norm_3, self.norm_4 = (
            RootMeanSquareNorm(config.n_embd, config.norm_eps) for _ in range(4)
        )
        self.attn = SharedAttention(config)
        self.mlp = GatedMaps(config)

    def forward(self, x: Tensor, pass_: "Pass", occurrence: "Occurrence") -> Tensor:
        """Give states (R, T, D) of states (R, T, D)."""
        x = self.norm_2(x + self.attn(self.norm_1(x), pass_, occurrence))
        states: Tensor = self.norm_4(x + self.mlp(self.norm_3(x)))
        return states


class Occurrence(nn.Module):
    """One layer of the unrolled network; it has no weights of its own, so that none is there twice."""

    is_causal = True

    def __init__(self, block: SandwichBlock, layer_idx: int) -> None:
        super().__init__()
        self.shared = (block,)  # in a tuple: torch registers what stands there by itself
        self.layer_idx = layer_idx

    def forward(self, x: Tensor, pass_: "Pass") -> Tensor:
        """Give states (R, T, D) of states (R, T, D)."""
        states: Tensor = self.shared[0](x, pass_, self)
        return states


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What all layers share while some positions pass through them."""

    turn: Tensor
    """(R or 1, T, 1, d / 2, 2): cosine and sine of each position."""
    mask: Tensor | BlockMask | None
    """What transformers' attention is told of who sees whom; None: causality alone, or what `kwargs` say."""
    cache: Cache | None
    """Keys and values of what was passed before, of each layer of the unrolled network."""
    kwargs: Mapping[str, Any]
    """What else attention is handed."""


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
        turn = cosine_and_sine(position_ids, config.n_embd // config.n_heads, config.rope_base)[:, :, None]
        pass_ = Pass(
            turn=turn.to(torch.promote_types(x.dtype, torch.float32)),
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
        angles = cosine_and_sine(positions, config.n_embd // config.n_heads, config.rope_base)
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
    given = {key: value for key, value in form.items() if value is not None}
    heads = given.get("n_heads", given.get("num_attention_heads", RecurrentDepthConfig.n_heads))
    width = given.get("n_embd", RecurrentDepthConfig.n_embd)
    rows = given.get("padded_vocab_size", given.get("vocab_size", RecurrentDepthConfig.vocab_size))
    if given.get("num_key_value_heads", heads) != heads or given.get("head_dim", width // heads) * heads != width:
        raise ValueError(
            f"n_embd {width} must be n_heads {heads} times head_dim, and every head has keys of its own "
            f"(num_key_value_heads)"
        )
    if width // heads % 2:
        raise ValueError(f"n_embd {width} over n_heads {heads} must be even: positions turn pairs of numbers")
    known = {key: given[key] for key in RecurrentDepthConfig.__annotations__ if key in given}
    known |= {"n_heads": heads, "vocab_size": rows, "num_steps": loop.steps}
    values = given.get("init_values", {})
    known |= {"embed_scale": values.get("embed_scale"), "init_std": values.get("std")}
    known |= {"init_scale": loop.init_scale, "init_seed": loop.init_seed}
    config = RecurrentDepthConfig(**known)
    config._attn_implementation = attention
    return RecurrentDepthLM(config)


def cosine_and_sine(positions: Tensor, size: int, base: float) -> Tensor:
    """Cosine and sine (…, d / 2, 2) of the angles of positions (…): position times base^(-2i / d), in float64."""
    exponents = torch.arange(0, size, 2, device=positions.device, dtype=torch.float64) / size
    angles = positions[..., None] * base**-exponents
    return torch.stack([angles.cos(), angles.sin()], -1)


def drawn_states(config: RecurrentDepthConfig) -> Tensor:
    """States (positions, D) before the first step: normal, cut off at three standard deviations, in float64.

    The deviation is that of the initial embeddings times their scale and ``init_scale`` (section 3.1: σ² = 2/5). Drawn
    by inversion from torch's uniform numbers in [0, 1), so that one seed is one table on every device.
    """
    scale = config.n_embd**0.5 if config.embed_scale is None else config.embed_scale
    deviation = (2 / (5 * config.n_embd)) ** 0.5 if config.init_std is None else config.init_std
    source = torch.Generator("cpu").manual_seed(config.init_seed or 0)
    uniform = torch.rand(config.block_size, config.n_embd, generator=source, dtype=torch.float64, device="cpu")
    within = torch.erf(torch.tensor(3 / 2**0.5, dtype=torch.float64, device="cpu"))
    normal = 2**0.5 * torch.erfinv((2 * uniform - 1) * within)
    return normal * deviation * scale * config.init_scale


def turned(x: Tensor, turn: Tensor) -> Tensor:
    """Turn neighbouring pairs of (R, T, heads, d) by angles (R, T, 1, d / 2, 2): Su et al. 2021, arXiv 2104.09864."""
    first, second = x.reshape(*x.shape[:-1], -1, 2).to(torch.promote_types(x.dtype, turn.dtype)).unbind(-1)
    cosine, sine = turn.unbind(-1)
    return torch.stack([first * cosine - second * sine, first * sine + second * cosine], -1).flatten(-2).to(x.dtype)
