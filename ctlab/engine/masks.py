"""Additive attention masks, made in one place: `additive` is the only door from "keep this much" to a mask.

Masks are 4-D and additive wherever they are handed on, 0 for a full edge and -inf for a removed one; no other shape or
sign exists here, because transformers reads some of those the other way round: a 2-D mask says which tokens to keep, a
boolean 4-D mask which edges, and an older model may take 1 for "hide".

-inf and not the smallest finite number: the weight of a removed edge is then exactly 0 at any score, which is what
certificates ask for, and log(0) needs no case of its own. What that costs is a row without any edge, which becomes NaN;
`visible_keys` refuses conditions that would leave one.
"""

import torch
from torch import Tensor

from ctlab.engine.edge_factors import CONTROL, CONTROL_ITSELF, FIRST_TAIL_KEY, QUESTION, QUESTION_ITSELF


def additive(keep: Tensor) -> Tensor:
    """Turn factors on unnormalised attention weights into what is added to scores: log(keep); any shape."""
    # exp(score + log(factor)) = factor * exp(score): softmax then renormalises what is left.
    return keep.log()


def decode_columns(prompt: int, width: int, tail: int, device: torch.device) -> Tensor:
    """Key kind of each column of a step's mask (K,): ``prompt`` columns of the prompt, then ``width`` of the tail."""
    # All answer tokens are one kind: no condition tells them apart.
    positions = torch.arange(width, device=device).clamp(max=tail)
    return torch.cat([torch.full((prompt,), QUESTION, device=device), FIRST_TAIL_KEY + positions])


def decode_factors(kinds: Tensor, columns: Tensor, prompt: int, control: Tensor | None) -> Tensor:
    """Spread factors by key kind over columns.

    ``kinds`` (R, H or 1, T, kinds) are one query segment's factors, ``columns`` (K,) or each row's own (R, K) say what
    stands there, ``control`` (R, L) marks each row's control token, if any condition needs it. Returns
    (R, H or 1, T, K).
    """
    keep = kinds[..., columns] if columns.dim() == 1 else _by_row(kinds, columns)
    if control is not None:
        factor = torch.where(control[:, None, None, :], kinds[..., CONTROL, None], 1.0)
        keep[..., :prompt] = keep[..., :prompt] * factor
    return keep


def _by_row(kinds: Tensor, columns: Tensor) -> Tensor:
    index = columns[:, None, None, :].expand(*kinds.shape[:3], -1)
    return kinds.gather(-1, index)


def prompt_factors(kinds: Tensor, length: int, control: Tensor | None) -> Tensor:
    """Spread factors over the prompt's own edges.

    From ``kinds`` (R, H or 1, kinds) and ``control`` (R, L) to (R, H or 1, L, L).
    """
    itself = torch.eye(length, dtype=torch.bool, device=kinds.device)
    keep = torch.where(itself, kinds[..., QUESTION_ITSELF, None, None], kinds[..., QUESTION, None, None])
    if control is not None:
        factor = torch.where(itself, kinds[..., CONTROL_ITSELF, None, None], kinds[..., CONTROL, None, None])
        keep = keep * torch.where(control[:, None, None, :], factor, 1.0)
    return keep


def causal(queries: int, keys: int, device: torch.device) -> Tensor:
    """Whether a query may see a key (queries, keys), the last query being the last key."""
    return torch.ones(queries, keys, dtype=torch.bool, device=device).tril(keys - queries)


def softmax(scores: Tensor, mask: Tensor) -> Tensor:
    """Softmax of scores plus mask, in float32 or better."""
    # bfloat16 has steps of 0.008 at 1, so that rows would not sum to 1; transformers' eager attention does likewise.
    precision = torch.promote_types(scores.dtype, torch.float32)
    return torch.softmax(scores.to(precision) + mask, dim=-1)
