"""The trainable form of the embedded model: a small Llama whose sequence can be extended segment by segment.

Same arithmetic as ``LlamaForCausalLM`` (RMSNorm, rotary positions, SwiGLU, tied embeddings); written out because a
training step extends one question by two continuations and six thoughts, and fused projections and shared question keys
make that twice as fast on two CPU cores. ``checkpoint_writer.py`` writes it in the layout of the published checkpoints.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Sizes of the network."""

    vocabulary: int
    """Tokens, the added pad, begin and end tokens included."""
    hidden: int = 128
    """Width of the residual stream, D."""
    layers: int = 3
    """Transformer blocks."""
    heads: int = 4
    """Attention heads, H."""
    intermediate: int = 384
    """Width of the SwiGLU."""
    projection: int = 256
    """Width of the projection that turns a hidden state into the next thought; 0: there is none."""
    scale: float = 0.02
    """Standard deviation of the embedding where training begins; GPT-2's and Llama's."""
    gain: float = 1.0
    """Weights of the last norm where training begins."""
    rope_theta: float = 10000.0
    """Base of the rotary positions."""
    epsilon: float = 1e-6
    """RMSNorm's epsilon."""


Segment = tuple[Tensor, Tensor]
"""Keys and values of a stretch of positions, each (B, H, S, D/H)."""


class Block(nn.Module):
    """One transformer block."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.attention_norm = nn.Parameter(torch.ones(shape.hidden))
        self.qkv = nn.Linear(shape.hidden, 3 * shape.hidden, bias=False)
        self.output = nn.Linear(shape.hidden, shape.hidden, bias=False)
        self.mlp_norm = nn.Parameter(torch.ones(shape.hidden))
        self.gate_up = nn.Linear(shape.hidden, 2 * shape.intermediate, bias=False)
        self.down = nn.Linear(shape.intermediate, shape.hidden, bias=False)

    def forward(
        self, x: Tensor, rotary: tuple[Tensor, Tensor], past: list[Segment], mask: Tensor
    ) -> tuple[Tensor, Segment]:
        """Extend by ``x`` (B, T, D); ``mask`` is additive, broadcast to (B, H, T, past + T)."""
        batch, time, width = x.shape
        head = width // self.shape.heads
        normed = functional.rms_norm(x, (width,), self.attention_norm, self.shape.epsilon)
        q, k, v = self.qkv(normed).view(batch, time, 3, self.shape.heads, head).permute(2, 0, 3, 1, 4)
        q, k = _rotate(q, rotary) / math.sqrt(head), _rotate(k, rotary)
        keys, values = [*(segment[0] for segment in past), k], [*(segment[1] for segment in past), v]
        scores = torch.cat([q @ key.transpose(2, 3) for key in keys], dim=-1) + mask
        weights = torch.split(scores.softmax(-1), [key.shape[2] for key in keys], dim=-1)
        mixed = sum((weight @ value for weight, value in zip(weights, values, strict=True)), torch.zeros(()))
        x = x + self.output(mixed.transpose(1, 2).reshape(batch, time, width))
        normed = functional.rms_norm(x, (width,), self.mlp_norm, self.shape.epsilon)
        gate, up = self.gate_up(normed).chunk(2, dim=-1)
        return x + self.down(functional.silu(gate) * up), (k, v)


class Network(nn.Module):
    """Embeddings, blocks, final norm, and the projection of a hidden state to the next thought."""

    rotary: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.hidden)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.Parameter(torch.full((shape.hidden,), shape.gain))
        self.projection = _projection(shape) if shape.projection else nn.Identity()
        # Layers of 128 inputs instead of thousands start wider than GPT-2's, and what is added to the residual stream
        # is scaled down by the number of summands, as there.
        nn.init.normal_(self.embedding.weight, std=shape.scale)
        for name, weight in self.named_parameters():
            if name.startswith("blocks") and weight.dim() == 2:
                scale = 1 / math.sqrt(2 * shape.layers) if name.endswith(("output.weight", "down.weight")) else 1.0
                nn.init.normal_(weight, std=0.05 * scale)
        head = shape.hidden // shape.heads
        frequencies = shape.rope_theta ** (-torch.arange(0, head, 2) / head)
        # Positions: the longest question with its steps is far shorter than the 512 that the config promises.
        angles = torch.outer(torch.arange(512), frequencies)
        self.register_buffer("rotary", torch.stack([angles.cos(), angles.sin()]).repeat(1, 1, 2), persistent=False)

    def extend(
        self, x: Tensor, start: int, past: list[list[Segment]], mask: Tensor
    ) -> tuple[list[Tensor], list[Segment]]:
        """Run ``x`` (B, T, D) at positions ``start`` …; ``past[layer]`` holds segments.

        Returns every block's output, the last one normed, each (B, T, D), and the new segment of each layer.
        """
        cos, sin = self.rotary[:, start : start + x.shape[1]]
        states, segments = [], []
        for block, before in zip(self.blocks, past, strict=True):
            x, segment = block(x, (cos, sin), before, mask)
            states.append(x)
            segments.append(segment)
        states[-1] = functional.rms_norm(x, (x.shape[-1],), self.norm, self.shape.epsilon)
        return states, segments

    def logits(self, hidden: Tensor) -> Tensor:
        """Scores over the vocabulary, through the tied embedding."""
        return hidden @ self.embedding.weight.T


def _projection(shape: Shape) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(shape.hidden, shape.projection),
        nn.GELU(),
        nn.Linear(shape.projection, shape.hidden),
        nn.LayerNorm(shape.hidden),
    )


def _rotate(x: Tensor, rotary: tuple[Tensor, Tensor]) -> Tensor:
    cos, sin = rotary
    low, high = x.chunk(2, dim=-1)
    return x * cos + torch.cat([-high, low], dim=-1) * sin
