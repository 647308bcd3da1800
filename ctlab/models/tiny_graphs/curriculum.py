"""The objective: Coconut's curriculum (Hao et al. 2024, section 3), whatever stands in the place of a thought.

In stage k the first k steps of a solution are replaced by k thoughts; the loss is the cross entropy of what is written
after them (the steps that are left, and the answer) + that of each replaced step's node, read from the position before
its thought (the idea of SIM-CoT, Wei et al. 2025). In a trial without that step loss the recycled states stayed unused:
in 250 steps of stage 2 the first sentence was never right in more than a quarter. Models differ in what a thought is
and in nothing else:

``written``     there is no other stage than 0, and no marker either: question, steps, answer.
``recycled``    the last hidden state before it, normed (Coconut).
``pause``       a trained vector, the same for all thoughts; one pass over the whole sequence.
``multipass``   the same vector; a pass a thought, as the recycled state needs one.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import Tensor, nn
from torch.nn import functional

from ctlab.models.tiny.network import Network, Segment
from ctlab.models.tiny_graphs.graph_batches import Batch

Thought = Literal["written", "recycled", "pause", "multipass"]
THOUGHTS: tuple[Thought, ...] = get_args(Thought)
STAGES = 6
"""As many thoughts as the longest solution of training has steps; so many are always fed in the last stage."""
MASTERED = 0.8
"""Share of first sentences from which on a stage is over: a thought is learnt on those before it."""
# Not -inf: a padded row sees nothing at all, and its softmax would be NaN instead of something that no loss reads.
_HIDDEN = -1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """Ids around the thoughts."""

    begin: int
    """``<|start-latent|>``."""
    end: int
    """``<|end-latent|>``."""


class Learner(nn.Module):
    """A network, what it is fed as thoughts, and how far its curriculum has come."""

    stage: Tensor
    """() Thoughts that replace steps now."""
    since: Tensor
    """() Optimiser steps in this stage."""
    mastered: Tensor
    """() Share of problems whose first written sentence is right, a mean over about twenty steps of this stage."""

    def __init__(self, network: Network, thought: Thought, ids: Ids) -> None:
        super().__init__()
        # Buffers, so that they are saved with the weights: a resumed training is where it was.
        self.register_buffer("stage", torch.tensor(0 if thought == "written" else 1))
        self.register_buffer("since", torch.tensor(0))
        self.register_buffer("mastered", torch.tensor(0.0))
        self.network = network
        self.thought = thought
        self.ids = ids
        self.pause: nn.Parameter | None = None
        if thought in ("pause", "multipass"):
            self.pause = nn.Parameter(torch.randn(network.shape.hidden) * network.shape.scale)

    def forward(self, question: Tensor, written: Tensor, thoughts: int) -> tuple[Tensor, Tensor]:
        """Logits (B, W, V) of ``written`` (B, W) after ``question`` (B, Q) and so many thoughts; -1 is padding.

        And those (B, thoughts, V) of the positions before each thought: the state that is recycled, or would be. The
        last token of ``written`` is predicted and never read.
        """
        embedded = self.network.embedding(written.clamp(min=0))[:, :-1]
        if self.thought == "written":
            states = self._extend(_Past(question), self.network.embedding(question.clamp(min=0)), embedded)
            logits = self.network.logits(states[:, question.shape[1] - 1 :])
            return logits, logits[:, :0]
        rows = len(question)
        begin, end = (self.network.embedding(torch.full((rows, 1), token)) for token in (self.ids.begin, self.ids.end))
        asked = torch.cat([self.network.embedding(question.clamp(min=0)), begin], dim=1)
        past = _Past(question)
        if self.pause is not None and self.thought == "pause":
            states = self._extend(past, asked, self.pause.expand(rows, thoughts, -1), end, embedded)
            before = states[:, asked.shape[1] - 1 : asked.shape[1] - 1 + thoughts]
        else:
            makers = []
            states = self._extend(past, asked)
            for _ in range(thoughts):
                makers.append(states[:, -1:])
                states = self._extend(past, makers[-1] if self.pause is None else self.pause.expand(rows, 1, -1))
            before = torch.cat(makers, dim=1)
            states = self._extend(past, end, embedded)
        return self.network.logits(states[:, -written.shape[1] :]), self.network.logits(before)

    def _extend(self, past: "_Past", *parts: Tensor) -> Tensor:
        x = torch.cat(parts, dim=1)
        none: list[list[Segment]] = [[] for _ in self.network.blocks]
        states, new = self.network.extend(x, past.length, past.segments or none, past.mask(x.shape[1]))
        past.append(new)
        return states[-1]


class _Past:
    """Keys and values so far; only questions are padded, on the left."""

    def __init__(self, question: Tensor) -> None:
        self.hidden = torch.zeros(question.shape).masked_fill(question < 0, _HIDDEN)[:, None, None, :]
        self.segments: list[list[Segment]] = []
        self.length = 0

    def mask(self, new: int) -> Tensor:
        """Additive mask of ``new`` positions, (B, 1, new, length + new)."""
        width = self.length + new
        causal = torch.full((new, width), _HIDDEN).triu(self.length + 1)
        return functional.pad(self.hidden, (0, width - self.hidden.shape[-1])) + causal

    def append(self, new: list[Segment]) -> None:
        """Add a segment to each layer, behind the question as one with those before it."""
        if len(self.segments) and len(self.segments[0]) > 1:
            self.segments = [[one, _join(two, three)] for (one, two), three in zip(self.segments, new, strict=True)]
        else:
            self.segments = [
                [*old, segment] for old, segment in zip(self.segments or [[]] * len(new), new, strict=True)
            ]
        self.length += new[0][0].shape[2]


def loss(learner: Learner, batch: Batch) -> tuple[Tensor, dict[str, float]]:
    """What is minimised, and what the log says.

    ``loss``: cross entropy of what is written, nats a token; ``steps``: of the replaced steps, nats a step; ``first``:
    how often the first written sentence is right, its first word included, which is where the thoughts have led;
    ``answer``: how often the answer is, after the gold sentences that are left.
    """
    thoughts = int(learner.stage)
    logits, before = learner(batch.question, batch.written, thoughts)
    value = functional.cross_entropy(logits.flatten(0, 1), batch.written.flatten(), ignore_index=-1)
    right = logits.detach().argmax(-1) == batch.written
    parts = {
        "loss": float(value.detach()),
        "first": float(right[:, :2].all(1).float().mean()),
        "answer": float(right[torch.arange(len(right)), batch.answer].float().mean()),
        "stage": float(thoughts),
    }
    if thoughts:
        steps = functional.cross_entropy(before.flatten(0, 1), batch.way[:, :thoughts].flatten(), ignore_index=-1)
        parts["steps"] = float(steps.detach())
        value = value + steps
    return value, parts


def advance(learner: Learner, first: float, *, most: int) -> None:
    """Count a step of the stage, and enter the next where this one is mastered or has had ``most`` steps."""
    learner.since += 1
    learner.mastered += 0.05 * (first - learner.mastered)
    over = learner.mastered > MASTERED or learner.since >= most
    if over and 0 < learner.stage < STAGES:
        learner.stage += 1
        learner.since.zero_()
        learner.mastered.zero_()


def _join(old: Segment, new: Segment) -> Segment:
    return torch.cat([old[0], new[0]], dim=2), torch.cat([old[1], new[1]], dim=2)
