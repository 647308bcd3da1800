"""A rival as a careful user of nnsight writes it: each pass is a trace, which reads a state and edits masks.

The work around a pass is that of speed_rivals_hooks: adapters merged, questions sorted by length and padded on the
left, a cache, one condition a run. What differs is who reaches into the network: nnsight interleaves the statements of
a trace with the forward pass. The same thing as one traced ``generate`` whose steps are told apart by ``tracer.iter``
took as long: on 256 of the embedded problems 0.89 to 1.07 processor seconds a condition, against 0.88 to 1.07 of this.
"""

import importlib.util
from collections.abc import Sequence

import torch
from torch import Tensor
from transformers import PreTrainedModel

from benchmarks.speed_models import Pair
from benchmarks.speed_rivals_hooks import cut, in_batches, padded, positions_of, without

MISSING = "nnsight is not installed: pip install 'ctlab[bench]'"
_NAMES = {"gpt2": ("transformer", "h", "attn", "ln_f"), "llama": ("model", "layers", "self_attn", "norm")}
"""What transformers calls the inner model, its layers, their attention and the final norm, by the kind of base."""


def installed() -> bool:
    return importlib.util.find_spec("nnsight") is not None


class Traces:
    """A model loaded once, and asked again and again."""

    def __init__(self, pair: Pair, network: PreTrainedModel, size: int) -> None:
        """Take the network that `speed_rivals_hooks.merged` gives, and the most rows of a batch."""
        from nnsight import NNsight

        self.pair, self.network, self.size = pair, network, size
        self.traced = NNsight(self.network)
        inner, layers, self._attention, norm = _NAMES[self.network.config.model_type]
        self._layers = getattr(getattr(self.traced, inner), layers)
        self._norm = getattr(getattr(self.traced, inner), norm)

    def __call__(self, questions: Sequence[str], hidden: int | None, tokens: int) -> list[list[int]]:
        """Answer ids in the order of the questions, under one condition."""
        return in_batches(self.pair.encode(questions), self.size, lambda ids: self._answer(ids, hidden, tokens))

    @torch.no_grad()
    def _answer(self, ids: Sequence[Sequence[int]], hidden: int | None, tokens: int) -> list[list[int]]:
        model, embed = self.pair.model, self.network.get_input_embeddings()
        rows, seen = padded([[*each, *model.begin_ids] for each in ids], model.pad_id)
        key = None if hidden is None else rows.shape[1] + hidden
        with self.traced.trace(
            input_ids=rows, attention_mask=seen, position_ids=positions_of(seen), use_cache=True, logits_to_keep=1
        ):
            last = self._norm.output[:, -1].save()
            out = self.traced.output.save()
        said: list[Tensor] = []
        ended = torch.zeros(len(rows), dtype=torch.bool)
        for step in range(model.num_thoughts + tokens):
            if step < model.num_thoughts:
                fed = model.project(last)[:, None]
            elif step == model.num_thoughts:
                fed = embed(torch.tensor([list(model.end_ids)] * len(rows)))
            else:
                fed = embed(said[-1])[:, None]
            past = seen.shape[1]
            seen = torch.cat([seen, seen.new_ones(fed.shape[:2])], 1)
            with self.traced.trace(
                inputs_embeds=fed,
                attention_mask=seen,
                position_ids=positions_of(seen)[:, past:],
                past_key_values=out.past_key_values,
                use_cache=True,
                logits_to_keep=1,
            ):
                if key is not None and key < seen.shape[1] - 1:
                    for layer in self._layers:
                        attention = getattr(layer, self._attention)
                        args, kwargs = attention.inputs
                        mask = without(kwargs["attention_mask"], key, past, fed)
                        attention.inputs = (args, {**kwargs, "attention_mask": mask})
                if step < model.num_thoughts:
                    last = self._norm.output[:, -1].save()
                out = self.traced.output.save()
            if step >= model.num_thoughts:
                said.append(out.logits[:, -1, : model.logits_considered].argmax(-1))
                ended |= said[-1] == model.eos_token_id
                if bool(ended.all()):
                    break
        return cut(torch.stack(said, 1), model.eos_token_id)
