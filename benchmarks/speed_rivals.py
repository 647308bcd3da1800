"""What ctlab is compared with: the original study's loop and the official evaluation's batches, written for this.

Both run transformers as it comes, adapters unmerged, one condition at a time, and decide on the end of an answer row by
row in Python. Thoughts are hidden with a 4-D additive mask.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from benchmarks.speed_models import Pair, states

HIDDEN = {"baseline": None, "ct0_blocked": 0, "ct4_blocked": 4}
"""Conditions and the thought that each hides from all later positions."""


def loop(pair: Pair, questions: Sequence[str], hidden: int | None, tokens: int) -> list[list[int]]:
    """One problem at a time."""
    return [_answer(pair, [ids], hidden, tokens)[0] for ids in pair.encode(questions)]


def batched(pair: Pair, questions: Sequence[str], hidden: int | None, tokens: int, size: int = 128) -> list[list[int]]:
    """Batches in file order, padded on the left."""
    ids = pair.encode(questions)
    starts = range(0, len(ids), size)
    return [answer for start in starts for answer in _answer(pair, ids[start : start + size], hidden, tokens)]


@torch.no_grad()
def _answer(pair: Pair, ids: Sequence[Sequence[int]], hidden: int | None, tokens: int) -> list[list[int]]:
    model, network = pair.model, pair.unmerged
    assert network is not None
    device = model.device
    begin = list(model.begin_ids)
    width = max(map(len, ids))
    filled = [[model.pad_id] * (width - len(each)) + list(each) + begin for each in ids]
    seen = [[0] * (width - len(each)) + [1] * (len(each) + len(begin)) for each in ids]
    key = None if hidden is None else width + len(begin) + hidden
    out = network(
        input_ids=torch.tensor(filled, device=device),
        attention_mask=torch.tensor(seen, device=device),
        use_cache=True,
        output_hidden_states=True,
    )
    past = width + len(begin)
    for _ in range(model.num_thoughts):
        thought = model.project(out.hidden_states[-1][:, -1])[:, None]
        out = network(
            inputs_embeds=thought,
            attention_mask=_mask(thought, past, key),
            past_key_values=out.past_key_values,
            use_cache=True,
            output_hidden_states=True,
        )
        past += 1
    embed = states(network).get_input_embeddings()
    fed = embed(torch.tensor(list(model.end_ids), device=device)).expand(len(ids), -1, -1)
    answers: list[list[int]] = [[] for _ in ids]
    finished = [False] * len(ids)
    for _ in range(tokens):
        out = network(
            inputs_embeds=fed,
            attention_mask=_mask(fed, past, key),
            past_key_values=out.past_key_values,
            use_cache=True,
        )
        past += fed.shape[1]
        chosen = out.logits[:, -1, : model.logits_considered].argmax(-1)
        for row in range(len(ids)):
            if not finished[row]:
                answers[row].append(int(chosen[row]))
                finished[row] = answers[row][-1] == model.eos_token_id
        if all(finished):
            break
        fed = embed(chosen)[:, None]
    return answers


def _mask(fed: Tensor, past: int, key: int | None) -> Tensor | None:
    """4-D additive mask that hides position ``key`` from later ones; None where nothing is hidden."""
    if key is None or key >= past:
        return None
    new = fed.shape[1]
    mask = torch.zeros(len(fed), 1, new, past + new, device=fed.device, dtype=fed.dtype)
    mask[..., key] = -torch.inf
    if new > 1:
        mask[..., past:] += torch.full((new, new), -torch.inf, device=fed.device, dtype=fed.dtype).triu(1)
    return mask
