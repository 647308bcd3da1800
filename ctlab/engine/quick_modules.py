"""Norms, rotary positions and gates of known modules in fewer passes over memory, while the engine runs on a CPU.

transformers writes them out as a module's formula reads, five passes each; here they are the same formulas with what
they make changed in place. Only modules of exactly the known classes get them, and hooks see them as before. Everything
outside the engine, and certificates' references with it, computes with transformers' own.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedModel

Attend = Callable[..., tuple[Tensor, None]]
"""What transformers' attention modules hand queries, keys and values to; see `attention.attention`."""


@contextmanager
def quickened(network: PreTrainedModel, attend: Attend) -> Iterator[None]:
    """Let known modules of a network on a CPU compute in fewer passes, those of attention with ``attend``."""
    changed = []
    try:
        if network.device.type == "cpu":
            for module in network.modules():
                quick = QUICK.get(_name(module))
                if quick is not None and _computes_its_own(module) and _known_parts(module):
                    forward = partial(quick, module)
                    # On the instance, as transformers' own kernels are put: `Module.__call__` looks there first.
                    module.forward = partial(forward, attend=attend) if quick is _attention else forward
                    changed.append(module)
        yield
    finally:
        for module in changed:
            del module.forward


def _computes_its_own(module: nn.Module) -> bool:
    """Whether a module's pass is the one of its class's file, and nobody put another one in its place."""
    code = getattr(type(module).forward, "__code__", None)
    package = type(module).__module__.replace(".", "/")
    return "forward" not in vars(module) and code is not None and code.co_filename.endswith(f"{package}.py")


def _known_parts(module: nn.Module) -> bool:
    """Whether what a pass does itself in place of a part is what the part does, and nobody watches that."""
    gate = getattr(module, "act_fn", None)
    if gate is None:
        return True
    watched = gate._forward_hooks or gate._forward_pre_hooks
    return _name(gate) in _SILU and _computes_its_own(gate) and not watched


def _name(module: nn.Module) -> str:
    return f"{type(module).__module__}.{type(module).__qualname__}"


def _norm(module: Any, states: Tensor) -> Tensor:
    """Scale to mean square 1, in float32 at least, then stretch (Zhang and Sennrich 2019, arXiv 1910.07467)."""
    weight: Tensor = module.weight
    wide = states.to(torch.float32)
    length = torch.linalg.vector_norm(wide, dim=-1, keepdim=True)
    inverse = length.square_().div_(wide.shape[-1]).add_(module.variance_epsilon).rsqrt_()
    scaled: Tensor = (wide * inverse).to(states.dtype)
    return scaled.mul_(weight) if scaled.dtype == weight.dtype else scaled * weight


def _gated_maps(module: Any, states: Tensor) -> Tensor:
    """Two linear maps with a gate: down(silu(a) b) (Shazeer 2020, arXiv 2002.05202)."""
    gate = functional.silu(module.gate_proj(states))
    mapped: Tensor = module.down_proj(gate.mul_(module.up_proj(states)))
    return mapped


def _tanh_gate(module: nn.Module, states: Tensor) -> Tensor:
    """GELU by its tanh formula (Hendrycks and Gimpel 2016, arXiv 1606.08415)."""
    return functional.gelu(states, approximate="tanh")


def _attention(
    module: Any,
    hidden_states: Tensor,
    position_embeddings: tuple[Tensor, Tensor],
    attention_mask: Tensor | None = None,
    *,
    attend: Attend,
    **kwargs: Any,
) -> tuple[Tensor, None]:
    """Attend from normed states (R, T, D)."""
    shape = (*hidden_states.shape[:2], -1, module.head_dim)  # (R, T, heads, d)
    key = turned(module.k_proj(hidden_states).view(shape), *position_embeddings)
    value = module.v_proj(hidden_states).view(shape)
    query = turned(module.q_proj(hidden_states).view(shape), *position_embeddings)
    query, key, value = (part.transpose(1, 2) for part in (query, key, value))
    mixed, _ = attend(module, query, key, value, attention_mask, scaling=module.scaling, **kwargs)
    return module.o_proj(mixed.reshape(*shape[:2], -1)), None


def turned(vectors: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Turn pairs (i, i + d/2) of (R, T, heads, d) by angles whose cosines and sines are (R or 1, T, d), each twice.

    (RoFormer, Su et al. 2021, arXiv 2104.09864, equation 34.)
    """
    half = vectors.shape[-1] // 2
    cosine, sine = cosine[:, :, None], sine[:, :, None, :half]
    turned = vectors * cosine
    turned[..., :half].addcmul_(vectors[..., half:], sine, value=-1)
    turned[..., half:].addcmul_(vectors[..., :half], sine)
    return turned


_SILU = ("torch.nn.modules.activation.SiLU", "transformers.activations.SiLUActivation")
_MODELS = "transformers.models"
QUICK: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        f"{_MODELS}.llama.modeling_llama.LlamaRMSNorm": _norm,
        f"{_MODELS}.mistral.modeling_mistral.MistralRMSNorm": _norm,
        f"{_MODELS}.qwen2.modeling_qwen2.Qwen2RMSNorm": _norm,
        f"{_MODELS}.qwen3.modeling_qwen3.Qwen3RMSNorm": _norm,
        f"{_MODELS}.llama.modeling_llama.LlamaMLP": _gated_maps,
        f"{_MODELS}.mistral.modeling_mistral.MistralMLP": _gated_maps,
        f"{_MODELS}.qwen2.modeling_qwen2.Qwen2MLP": _gated_maps,
        f"{_MODELS}.qwen3.modeling_qwen3.Qwen3MLP": _gated_maps,
        f"{_MODELS}.llama.modeling_llama.LlamaAttention": _attention,
        "transformers.activations.NewGELUActivation": _tanh_gate,
    }
)
"""Passes by the names of the classes that compute the same in more of them."""
