"""One row of a model with a stop head once more, in one piece: what it decided, what it was fed, what it answered.

Written from the thought program and from what the row is said to have done, its number of thoughts and its ids; apart
from how the engine lets rows think and answer side by side.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ctlab.certify.followed import Follows
from ctlab.certify.patches import patch_at
from ctlab.certify.reference import Factors, embedded, head_logits, logits, thoughts, trace
from ctlab.certify.tolerance import TOLERANCE, relative, worse
from ctlab.engine.plan import Plan
from ctlab.models.reasoner import LatentReasoner
from ctlab.models.thought_program import StopHead


@dataclass(frozen=True, slots=True, kw_only=True)
class Retold:
    """How far a row is from its recompute."""

    states: float
    """Largest distance of a hidden state, in units of the largest number."""
    thoughts: float
    """The same of what was fed where something is made of the state before, patches aside."""
    others: int
    """Ids and decisions that the recompute would choose otherwise."""
    ties: int
    """Those that differ where both are within rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Script:
    """What a row must have been fed after begin, and what it decided where."""

    fed: list[tuple[int | None, bool]]
    """The id at each position, None where there is none, and whether what is made of the state before is (also) fed."""
    decided: list[tuple[int, bool]]
    """The id that each position's state led to, from the last of begin on, and whether the stop head alone decided."""


def retold_row(
    planned: Plan, rows: Follows, condition: int, problem: int, answer: Sequence[int], factors: Factors
) -> Retold:
    """Recompute one row that is said to have answered so; ``factors`` (layers, heads, S, S) are the condition's."""
    model, prompt, own = planned.model, planned.prompts[problem], rows.tail(condition, problem)
    try:
        row = rows.followed(condition, problem, own.before_answer + max(0, len(answer) - 1))
    except LookupError:  # it left before it can have had so many thoughts and ids
        return Retold(states=math.nan, thoughts=math.nan, others=1 + len(answer), ties=0)
    script, begin = _script(model, own.thoughts, answer), len(model.begin_ids)
    # Tokens are embedded here once more: what the run was fed there must have been the same.
    table = embedded(model, [*prompt, *model.begin_ids, *(0 if id_ is None else id_ for id_, _ in script.fed)])
    before, tokens = table[: len(prompt) + begin], table[len(prompt) + begin :]
    fed = row.fed[begin:].to(tokens)
    made = torch.tensor([is_made for _, is_made in script.fed], dtype=torch.bool)
    size = len(before) + len(tokens)
    again = trace(model, torch.cat([before, torch.where(made[:, None], fed, tokens)]), factors[..., :size, :size]).last
    tail = again[len(prompt) + begin - 1 :]
    remade = thoughts(model, tail[:-1])
    bare = torch.tensor([id_ is None for id_, _ in script.fed], dtype=torch.bool)
    remade = torch.where(bare[:, None], remade, tokens + remade)
    checked = [
        at
        for at, (_, is_made) in enumerate(script.fed)
        if is_made and (at >= own.thoughts or patch_at(planned, condition, at) is None)
    ]
    others, ties = _otherwise(model, tail, script.decided)
    return Retold(
        states=relative(row.states, again[len(prompt) :]),
        thoughts=worse(0.0, [relative(fed[at], remade[at]) for at in checked]),
        others=others,
        ties=ties,
    )


def _script(model: LatentReasoner, thoughts: int, answer: Sequence[int]) -> _Script:
    stop = model.program.stop
    if not isinstance(stop, StopHead) or model.stop_head is None:
        raise RuntimeError("only a model with a stop head has decisions to tell again")
    going_on, stopping = model.stop_head
    start, (end, *forced) = model.begin_ids[-1], model.end_ids
    fed: list[tuple[int | None, bool]] = [(None, True)] * thoughts
    if not answer:
        return _Script(fed=fed, decided=[(going_on, True)] * (thoughts + 1))
    fed += [(end, stop.state_in_end), *((id_, False) for id_ in forced)]
    again, told = False, []
    for id_ in answer:
        told.append((id_, again))
        if again:
            fed.append((None, True) if id_ == going_on else (end, stop.state_in_end))
            again = id_ == going_on
        else:
            fed.append((model.embedded_as.get(id_, id_), False))
            again = id_ == start
    asked = [(going_on, True)] * thoughts + [(stopping, True)]
    skipped = [(-1, False)] * len(forced)  # nobody chooses what is forced
    decided = [*(asked if stop.asked else [(-1, False)] * len(asked)), *skipped, *told]
    return _Script(fed=fed[:-1], decided=decided)


def _otherwise(model: LatentReasoner, tail: Tensor, decided: Sequence[tuple[int, bool]]) -> tuple[int, int]:
    """Count what states (S, D) lead to otherwise than was decided, and of that what rounding explains."""
    if len(tail) != len(decided):
        return max(1, len(decided)), 0
    others, ties = 0, 0
    every, head = logits(model, tail), head_logits(model, tail)
    for scores, two, (id_, by_head) in zip(every, head, decided, strict=True):
        if id_ < 0:
            continue
        choices = dict(zip(model.stop_head or (), two.tolist(), strict=True)) if by_head else None
        if choices is not None and id_ not in choices:
            others += 1
            continue
        best, chosen = (max(choices.values()), choices[id_]) if choices is not None else (scores.max(), scores[id_])
        if float(best - chosen) == 0:
            continue
        near = float(best - chosen) <= TOLERANCE[model.dtype] * float(scores.abs().max())  # of a NaN it is not
        others, ties = others + (not near), ties + near
    return others, ties


def other_tokens(scores: Tensor, answer: Sequence[int], tolerance: float, given: Sequence[int] = ()) -> tuple[int, int]:
    """Count tokens that the recompute would choose otherwise, and apart from them those that are ties in rounding.

    The first ones are ``given``, whatever it would choose.
    """
    if len(scores) != len(answer) or tuple(answer[: len(given)]) != tuple(given):
        return len(answer), 0
    scores, answer = scores[len(given) :], answer[len(given) :]
    best, choice = scores.max(-1)
    chosen = scores[range(len(answer)), list(answer)]
    other = ~(best - chosen <= tolerance * scores.abs().max(-1).values)  # a NaN is another token
    return int(other.sum()), int((~other & (choice != torch.tensor(answer))).sum())
