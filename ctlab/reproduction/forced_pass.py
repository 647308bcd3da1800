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


def why_not(model: "LatentReasoner") -> str:
    """Say why a model cannot be passed through so; empty where it can."""
    from ctlab.models.thought_program import AllAtOnce, EverySlot, Jacobi, Loop, OneAfterAnother

    program = model.program
    for what in (program.schedule, program.stop):
        if type(what) not in (OneAfterAnother, AllAtOnce, Jacobi, Loop, EverySlot):
            return f"the teacher-forced pass has no way through thoughts that go by {type(what).__name__}"
    return ""


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
        before = _thought(model, rows, rows.feed(embed(ids))[:, -1:])
        # Without ids after the thoughts, the first token of an answer is read off the last position before it.
        states = torch.cat([before, rows.feed(embed(torch.tensor(fed, dtype=torch.long, device=model.device)))], 1)
        head = model.network.get_output_embeddings()  # type: ignore[no-untyped-call]
        logits = head(states[:, len(model.end_ids) :])[..., : model.logits_considered].float()
        scores = torch.log_softmax(logits, -1)
    return [
        [
            float(scores[row, place, token]) if token < model.logits_considered else -torch.inf
            for place, token in enumerate(target)
        ]
        for row, target in enumerate(targets)
    ]


def _thought(model: "LatentReasoner", rows: "_Rows", before: "Tensor") -> "Tensor":
    """Think, and return the last state (B, 1, D); ``before`` is that of the position before the first thought."""
    from ctlab.models.thought_program import Jacobi, LatentToken

    schedule = model.program.schedule
    if isinstance(schedule, Jacobi) and model.num_thoughts:
        return _iterated(model, rows, before, schedule.passes)
    # What is computed all at once depends on no state (`ThoughtProgram`), so that it comes to the same one by one.
    for slot in model.program.slots:
        before = rows.feed(_latent(model, before) if isinstance(slot, LatentToken) else model.project(before))
    return before


def _iterated(model: "LatentReasoner", rows: "_Rows", first: "Tensor", passes: int) -> "Tensor":
    """Pass over all thoughts together; each pass takes the place of the one before."""
    import torch

    start = rows.width
    fed = _latent(model, first).expand(-1, model.num_thoughts, -1)
    for _ in range(passes):
        states = rows.feed(fed)
        rows.back_to(start)
        before = torch.cat([first, states[:, :-1]], 1)
        fed = model.project(before.flatten(0, 1)).view_as(before)
    return rows.feed(fed)[:, -1:]


def _latent(model: "LatentReasoner", like: "Tensor") -> "Tensor":
    """Return the placeholder's embedding for every row of ``like`` (B, 1, D)."""
    import torch

    row: Tensor = model.network.get_input_embeddings()(torch.tensor([[model.latent_id]], device=model.device))
    return row.expand(len(like), 1, -1)


class _Rows:
    """Sequences in flight: left padded, each new piece at the positions that follow."""

    def __init__(self, model: "LatentReasoner", visible: "Tensor") -> None:
        self._model, self._visible = model, visible
        self._cache: Cache | None = None

    @property
    def width(self) -> int:
        """Positions that were fed, padding included."""
        return self._visible.shape[1]

    def back_to(self, width: int) -> None:
        """Forget what was fed after so many positions."""
        assert self._cache is not None
        self._cache.crop(width - self.width)  # below 0: so many from the end
        self._visible = self._visible[:, :width]

    def feed(self, embeddings: "Tensor") -> "Tensor":
        """Feed embeddings (B, T, D) and return their last hidden states (B, T, D); nothing where there are none."""
        import torch

        new = embeddings.shape[1]
        if not new:
            return embeddings
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
