"""The training objective: CODI's self-distillation, with a step loss on the thoughts.

Teacher and student are the same weights. The teacher writes the steps after the question, the student thinks: begin,
six thoughts, end. Loss = teacher and student cross entropy + ``DISTILLATION`` x smooth-L1 between their hidden
states at the answer marker (self-distillation as in CODI, Shen et al. 2025) + cross entropy of each step's result read
from the position that makes each thought (the idea of SIM-CoT, Wei et al. 2025), without which a model trained from
scratch ignores its thoughts. A teacher is needed on some steps only, see ``train.py``.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from ctlab.models.tiny.network import Network, Segment
from ctlab.models.tiny.training_batches import IGNORED, Batch

# As in the official training of CODI on Llama-3.2-1B (--distill_loss_factor 20).
DISTILLATION = 20.0
# As many as the published checkpoints think.
THOUGHTS = 6
# Not -inf: a padded row sees nothing at all, and its softmax would be NaN instead of something that no loss reads.
_HIDDEN = -1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """Scalars of one batch; ``total`` is differentiable."""

    total: Tensor
    """Weighted sum."""
    parts: dict[str, float]
    """``student`` and ``teacher``: cross entropy in nats a token; ``steps``: cross entropy of the step results, nats a
    step; ``distillation``: smooth-L1 between hidden states at the marker, in the teacher's standard deviations;
    ``right``: share of answers that the student's arg-max gets right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """Token ids that the sequence needs."""

    begin: int
    """BOT."""
    end: int
    """EOT."""
    marker: int
    """``The answer is:``."""
    eos: int
    """End of the answer."""


def losses(network: Network, batch: Batch, ids: Ids, *, teach: bool = True) -> Losses:
    """Compute the losses of one batch; without ``teach`` only the student's, at two thirds of the cost."""
    length = batch.question.shape[1]
    hidden = torch.zeros(batch.question.shape).masked_fill(batch.question < 0, _HIDDEN)[:, None, None, :]
    causal = torch.triu(torch.full((length, length), _HIDDEN), 1)
    none: list[list[Segment]] = [[] for _ in network.blocks]
    states, question = network.extend(network.embedding(batch.question.clamp(min=0)), 0, none, hidden + causal)
    past = [[segment] for segment in question]
    student_loss, step_loss, own, right = _student(network, batch, past, hidden, length, ids)
    parts = {"student": student_loss, "steps": step_loss}
    total = student_loss + step_loss
    if teach:
        parts["teacher"], target = _teacher(network, batch, states[-1][:, -1], past, hidden, length)
        distances = [
            functional.smooth_l1_loss(mine / std, theirs / std)
            for mine, theirs in zip(own, target, strict=True)
            for std in [theirs.std()]
        ]
        parts["distillation"] = torch.stack(distances).mean()
        total = total + parts["teacher"] + DISTILLATION * parts["distillation"]
    return Losses(total=total, parts={name: part.item() for name, part in parts.items()} | {"right": right.item()})


def _teacher(
    network: Network, batch: Batch, last: Tensor, past: list[list[Segment]], hidden: Tensor, start: int
) -> tuple[Tensor, list[Tensor]]:
    width = batch.steps.shape[1] - 1
    causal = torch.triu(torch.full((width, width), _HIDDEN), 1)
    mask = torch.cat([hidden.expand(-1, -1, width, -1), causal.expand(len(batch.steps), 1, -1, -1)], dim=-1)
    states, _ = network.extend(network.embedding(batch.steps[:, :-1].clamp(min=0)), start, past, mask)
    logits = network.logits(torch.cat([last[:, None], states[-1]], dim=1))
    labels = batch.steps.masked_fill(batch.steps < 0, IGNORED)
    loss = functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=IGNORED)
    rows = torch.arange(len(batch.marker))
    return loss, [state[rows, batch.marker].detach() for state in states]


def _student(
    network: Network, batch: Batch, past: list[list[Segment]], hidden: Tensor, start: int, ids: Ids
) -> tuple[Tensor, Tensor, list[Tensor], Tensor]:
    rows = len(batch.question)
    thoughts: list[Segment] = []
    x = network.embedding(torch.full((rows, 1), ids.begin))
    makers = []
    for k in range(THOUGHTS + 1):
        context = [[*before, *([thoughts[i]] if thoughts else [])] for i, before in enumerate(past)]
        mask = torch.cat([hidden, torch.zeros(rows, 1, 1, k + 1)], dim=-1)
        states, new = network.extend(x, start + k, context, mask)
        thoughts = [_join(*pair) for pair in zip(thoughts, new, strict=True)] if thoughts else new
        makers.append(states[-1][:, 0])
        x = network.projection(states[-1])
    step_logits = network.logits(torch.stack(makers[: batch.results.shape[1]], dim=1))
    step_loss = functional.cross_entropy(step_logits.flatten(0, 1), batch.results.flatten(), ignore_index=IGNORED)
    written = torch.stack([torch.full((rows,), ids.end), torch.full((rows,), ids.marker), batch.answer], dim=1)
    context = [[*before, segment] for before, segment in zip(past, thoughts, strict=True)]
    causal = torch.triu(torch.full((3, 3), _HIDDEN), 1).expand(rows, 1, -1, -1)
    mask = torch.cat([hidden.expand(-1, -1, 3, -1), torch.zeros(rows, 1, 3, THOUGHTS + 1), causal], dim=-1)
    states, _ = network.extend(network.embedding(written), start + THOUGHTS + 1, context, mask)
    logits = network.logits(states[-1])
    labels = torch.stack([torch.full((rows,), ids.marker), batch.answer, torch.full((rows,), ids.eos)], dim=1)
    loss = functional.cross_entropy(logits.flatten(0, 1), labels.flatten())
    right = (logits[:, 1].argmax(-1) == batch.answer).float().mean()
    return loss, step_loss, [state[:, 1] for state in states], right


def _join(old: Segment, new: Segment) -> Segment:
    return torch.cat([old[0], new[0]], dim=2), torch.cat([old[1], new[1]], dim=2)
