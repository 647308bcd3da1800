"""A teacher-forced pass: how likely given answers are to a model that has thought about their questions.

It is a second way through the network, beside the engine: plain keys and values of transformers, all questions in one
batch, padded on the left. So it also says whether the numbers on the way are finite.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import Cache

    from ctlab.models import LatentReasoner

AT_ONCE = 64
"""Questions in a batch: at some hundred tokens each, keys and values of a billion weights take a gigabyte."""


def log_probabilities(
    model: "LatentReasoner", questions: Sequence[str], targets: Sequence[Sequence[int]]
) -> list[list[float]]:
    """Return the log-probability (nats) of each target's tokens after its question and the model's own thoughts.

    Only the leading logits count over which the model's arg-max is taken. What overflows is NaN.
    """
    found = []
    for start in range(0, len(questions), AT_ONCE):
        found += _batch(model, questions[start : start + AT_ONCE], targets[start : start + AT_ONCE])
    return found


def _batch(model: "LatentReasoner", questions: Sequence[str], targets: Sequence[Sequence[int]]) -> list[list[float]]:
    import torch

    prompts = [[*ids, *model.begin_ids] for ids in model.encode_all(questions)]
    # Targets are fed without their last token, from which nothing is read; what fills up the shorter ones is not read.
    width, most = max(map(len, prompts)), max(map(len, targets))
    filler = model.eos_token_id
    ids = torch.tensor([[filler] * (width - len(prompt)) + prompt for prompt in prompts], device=model.device)
    visible = torch.tensor([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts], device=model.device)
    fed = [[*model.end_ids, *target[:-1], *[filler] * (most - len(target))] for target in targets]
    with torch.no_grad():
        embed = model.network.get_input_embeddings()
        rows = _Rows(model, visible)
        hidden = rows.feed(embed(ids))[:, -1]
        for _ in range(model.num_thoughts):
            hidden = rows.feed(model.project(hidden)[:, None])[:, -1]
        states = rows.feed(embed(torch.tensor(fed, device=model.device)))[:, len(model.end_ids) - 1 :]
        head = model.network.get_output_embeddings()  # type: ignore[no-untyped-call]
        logits = head(states)[..., : model.logits_considered].float()
        scores = torch.log_softmax(logits, -1)
    return [
        [
            float(scores[row, place, token]) if token < model.logits_considered else -torch.inf
            for place, token in enumerate(target)
        ]
        for row, target in enumerate(targets)
    ]


class _Rows:
    """Sequences in flight: left padded, each new piece at the positions that follow."""

    def __init__(self, model: "LatentReasoner", visible: "Tensor") -> None:
        self._model, self._visible = model, visible
        self._cache: Cache | None = None

    def feed(self, embeddings: "Tensor") -> "Tensor":
        """Feed embeddings (B, T, D) and return their last hidden states (B, T, D)."""
        import torch

        new = embeddings.shape[1]
        if self._cache is not None:
            more = torch.ones((len(embeddings), new), dtype=self._visible.dtype, device=embeddings.device)
            self._visible = torch.cat([self._visible, more], 1)
        # Padding takes no position; its own is 0, and nobody reads it.
        positions = (self._visible.cumsum(1) - 1).clamp(min=0)[:, -new:]
        done = self._model.network.base_model(
            inputs_embeds=embeddings,
            attention_mask=self._visible,
            position_ids=positions,
            past_key_values=self._cache,
            use_cache=True,
        )
        self._cache = done.past_key_values
        states: Tensor = done.last_hidden_state
        return states
