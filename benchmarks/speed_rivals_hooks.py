"""A rival as a careful user of transformers writes it: batches with a cache, hooks on attention for what is hidden.

Adapters are merged, questions sorted by length, padded on the left with positions counted without padding, and read
once: every later pass feeds one position on top of the cache. Logits are computed for the last position alone. One
condition is one run, which is how a hook is used: it is put on the modules, the model runs, it is taken off again.
`shared` goes one step further, to a question that is read once for all conditions.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers.cache_utils import Cache

from benchmarks.speed_models import Pair
from ctlab.probes.layer_outputs import blocks_of

Answer = TypeVar("Answer")


class Hooks:
    """A model loaded once, and asked again and again."""

    def __init__(self, pair: Pair, network: PreTrainedModel, size: int) -> None:
        """Take the network that `merged` gives, and the most rows of a batch."""
        self.pair, self.network, self.size = pair, network, size

    def __call__(self, questions: Sequence[str], hidden: int | None, tokens: int) -> list[list[int]]:
        """Answer ids in the order of the questions, under one condition."""
        return self.shared(questions, [hidden], tokens)[0]

    def shared(self, questions: Sequence[str], hidden: Sequence[int | None], tokens: int) -> list[list[list[int]]]:
        """Answer ids for each condition; each question is read once for all of them."""
        found = in_batches(self.pair.encode(questions), self.size, lambda ids: self._conditions(ids, hidden, tokens))
        return [list(each) for each in zip(*found, strict=True)]

    @torch.no_grad()
    def _conditions(
        self, ids: Sequence[Sequence[int]], hidden: Sequence[int | None], tokens: int
    ) -> list[tuple[list[int], ...]]:
        read = self._read(ids)
        # A pass writes into the cache that it is given; the last condition may have the original.
        states = [*(copy.deepcopy(read) for _ in hidden[1:]), read]
        answers = [self._answer(state, key, tokens) for state, key in zip(states, hidden, strict=True)]
        return [*zip(*answers, strict=True)]

    def _read(self, ids: Sequence[Sequence[int]]) -> "_State":
        """Feed questions and begin."""
        model = self.pair.model
        rows, seen = padded([[*each, *model.begin_ids] for each in ids], model.pad_id)
        out = self.network.base_model(
            input_ids=rows, attention_mask=seen, position_ids=positions_of(seen), use_cache=True
        )
        return _State(out.past_key_values, seen, out.last_hidden_state[:, -1])

    def _answer(self, state: "_State", hidden: int | None, tokens: int) -> list[list[int]]:
        """Think and answer on top of what was read."""
        model, network = self.pair.model, self.network
        key = None if hidden is None else state.seen.shape[1] + hidden
        embed, head = network.get_input_embeddings(), network.get_output_embeddings()
        with hiding(network, key):
            for _ in range(model.num_thoughts):
                state = self._step(state, model.project(state.last)[:, None])
            state = self._step(state, embed(torch.tensor([list(model.end_ids)] * len(state.seen))))
            said: list[Tensor] = []
            ended = torch.zeros(len(state.seen), dtype=torch.bool)
            for step in range(tokens):
                said.append(self._choose(head(state.last)[:, : model.logits_considered]))
                ended |= said[-1] == model.eos_token_id
                if step == tokens - 1 or bool(ended.all()):
                    break
                state = self._step(state, embed(said[-1])[:, None])
        return cut(torch.stack(said, 1), model.eos_token_id)

    def _choose(self, logits: Tensor) -> Tensor:
        return logits.argmax(-1)

    def _step(self, state: "_State", fed: Tensor) -> "_State":
        seen = torch.cat([state.seen, state.seen.new_ones(fed.shape[:2])], 1)
        out = self.network.base_model(
            inputs_embeds=fed,
            attention_mask=seen,
            position_ids=positions_of(seen)[:, -fed.shape[1] :],
            past_key_values=state.cache,
            use_cache=True,
        )
        return _State(out.past_key_values, seen, out.last_hidden_state[:, -1])


@dataclass(frozen=True, slots=True)
class _State:
    """What a pass leaves to the next."""

    cache: Cache
    seen: Tensor
    """Which columns of the cache are none of the padding (B, L)."""
    last: Tensor
    """State of the last position, behind the final norm (B, D)."""


def merged(pair: Pair) -> PreTrainedModel:
    """A network of transformers' own modules, adapters added to the weights."""
    assert pair.unmerged is not None
    network = copy.deepcopy(pair.unmerged)
    if hasattr(network, "merge_and_unload"):
        network = network.merge_and_unload()
    return network.eval().requires_grad_(False)


def in_batches(
    ids: Sequence[Sequence[int]], size: int, answer: Callable[[list[Sequence[int]]], Sequence[Answer]]
) -> list[Answer]:
    """Answer questions of like length together, and give answers in the order of the questions."""
    order = sorted(range(len(ids)), key=lambda n: len(ids[n]))
    found: dict[int, Answer] = {}
    for start in range(0, len(ids), size):
        batch = order[start : start + size]
        found.update(zip(batch, answer([ids[n] for n in batch]), strict=True))
    return [found[n] for n in range(len(ids))]


def padded(ids: Sequence[Sequence[int]], pad: int) -> tuple[Tensor, Tensor]:
    """Ids padded on the left (B, L), and which of them are none of the padding."""
    width = max(map(len, ids))
    rows = torch.tensor([[pad] * (width - len(each)) + list(each) for each in ids])
    seen = torch.tensor([[0] * (width - len(each)) + [1] * len(each) for each in ids])
    return rows, seen


def positions_of(seen: Tensor) -> Tensor:
    """Positions counted without padding."""
    return (seen.cumsum(1) - 1).clamp(min=0)


def cut(said: Tensor, eos: int) -> list[list[int]]:
    """Answers up to their first end of sequence."""
    rows: list[list[int]] = said.tolist()
    return [row[: row.index(eos) + 1] if eos in row else row for row in rows]


@contextmanager
def hiding(network: PreTrainedModel, key: int | None) -> Iterator[None]:
    """Hide the position in column ``key`` from all later ones, in every layer and head."""

    def hide(attention: nn.Module, args: Any, kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        fed = args[0] if args else kwargs["hidden_states"]
        past = kwargs["past_key_values"].get_seq_length(attention.layer_idx)
        return args, {**kwargs, "attention_mask": without(kwargs["attention_mask"], key, past, fed)}

    handles = []
    if key is not None:
        for block in blocks_of(network):
            attention = next(module for name, module in block.named_children() if name in {"attn", "self_attn"})
            handles.append(attention.register_forward_pre_hook(hide, with_kwargs=True))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def without(mask: Tensor | None, key: int, past: int, fed: Tensor) -> Tensor | None:
    """Take a column out of a mask (B, 1, T, past + T) for the rows of later positions.

    transformers leaves the mask out where a single new position reads everything.
    """
    new = fed.shape[1]
    later = max(0, key + 1 - past)
    if later >= new:
        return mask
    mask = fed.new_ones(len(fed), 1, new, past + new, dtype=torch.bool) if mask is None else mask.clone()
    mask[:, :, later:, key] = False
    return mask
