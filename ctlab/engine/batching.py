"""Which problems are answered together: sorted by length, as many as a budget of tokens allows."""

from collections.abc import Sequence

import torch

from ctlab.engine.layout import Layout
from ctlab.errors import InputError
from ctlab.models.families.base import PUBLISHED_BATCH
from ctlab.models.reasoner import LatentReasoner

# Answer tokens that a row is expected to need: "The answer is: 1234" and its end are fewer. More only mean that a batch
# is larger than planned.
_ANSWER = 16
_STEPS = 48  # written steps, beside these; GSM8K's annotations are about three of 16 tokens
_CPU_TOKENS = (
    32_768  # measured on the embedded model: an eighth less time in steps than with half of it, none with twice
)
# Keys and values of a batch on a CPU, 1.25 GiB: rule of thumb. It binds from 40 kB a token on; GPT-2 in float32 has 74.
_CPU_BYTES = 5 << 28
_EVENED = 64  # batches: of more than these one that is smaller, or alone, costs little


def batches(
    lengths: Sequence[int],
    layout: Layout,
    conditions: int,
    budget: int,
    *,
    published: int | None = None,
    steps: bool = False,
    evenly: bool = False,
) -> list[list[int]]:
    """Split problems (indices) into batches of at most ``budget`` tokens, padding included, or of one problem.

    ``published`` is the size of the official batches where their padding is read; the budget then says nothing.
    ``steps`` is whether steps are written before the answer. ``evenly`` makes an even number of about equal batches of
    what would be several.
    """
    if published is not None:
        return published_batches(len(lengths), published)
    parts = _filled(lengths, layout, conditions, budget, steps)
    if not evenly or not 1 < len(parts) <= _EVENED:
        return parts
    wanted, least = len(parts) + len(parts) % 2, 1
    while least < budget:  # the smallest budget that makes no more than these: the largest batch is smallest then
        middle = (least + budget) // 2
        if len(_filled(lengths, layout, conditions, middle, steps)) > wanted:
            least = middle + 1
        else:
            budget = middle
    return _filled(lengths, layout, conditions, budget, steps)


def _filled(lengths: Sequence[int], layout: Layout, conditions: int, budget: int, steps: bool) -> list[list[int]]:
    parts: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda index: (lengths[index], index)):
        # Sorted ascending, so that the newest problem is the longest one and sets the padding.
        cost = lengths[index] + conditions * (layout.tail + _ANSWER + _STEPS * steps)
        if parts and (len(parts[-1]) + 1) * cost <= budget:
            parts[-1].append(index)
        else:
            parts.append([index])
    return parts


def published_batches(problems: int, size: int = PUBLISHED_BATCH) -> list[list[int]]:
    """Split problems (indices) as an official evaluation does: in order, a fixed number at a time."""
    return [list(range(start, min(start + size, problems))) for start in range(0, problems, size)]


def even(device: torch.device, bytes_per_token: int) -> bool:
    """Whether batches come in pairs of equal ones: on a CPU, of models so small that two take little memory."""
    return device.type == "cpu" and bytes_per_token * _CPU_TOKENS <= _CPU_BYTES


def token_budget(requested: int | None, device: torch.device, bytes_per_token: int) -> int:
    """Tokens a batch: what was requested, or what the device's memory holds."""
    if requested is not None:
        if requested < 1:
            raise InputError(f"batch_tokens must be a whole number from 1, not {requested!r}")
        return requested
    if device.type != "cuda":
        return max(1, min(_CPU_TOKENS, _CPU_BYTES // bytes_per_token))
    free, _ = torch.cuda.mem_get_info(device)
    # A third for keys and values; scores, masks and activations of a step take the rest. Rule of thumb: where it is too
    # much for a model, `batch_run.fitting` halves the batch.
    return max(1, int(free / 3 / bytes_per_token))


def bytes_per_token(model: LatentReasoner) -> int:
    """Size of one token's keys and values."""
    config = model.network.config
    heads = getattr(config, "num_key_value_heads", config.num_attention_heads)
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return int(2 * model.num_layers * heads * size * model.dtype.itemsize)
