"""Passes over the thoughts, one sequence each: what a pass reads, and what follows of it for the next one's thoughts.

Written from a model's thought program, apart from how the engine runs it. What is fed as thoughts is numbered pass by
pass: CTk of pass p is number p times the thoughts, plus k.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from ctlab.certify.reference import embedded
from ctlab.models.reasoner import LatentReasoner
from ctlab.models.thought_program import Jacobi

Asked = tuple[Sequence[int], Tensor, Sequence[int]]
"""Question, thoughts (thoughts, D) and the tokens after them, as `reference.all_inputs` takes them."""


def asked_in_passes(model: LatentReasoner, prompt: Sequence[int], fed: Tensor, after: Sequence[int]) -> list[Asked]:
    """One sequence for each pass of ``fed`` (passes x thoughts, D); what comes after the thoughts is in the last."""
    count = len(fed) // model.program.passes
    parts = torch.split(fed, count) if count else (fed,)
    return [(prompt, part, after if number == len(parts) - 1 else ()) for number, part in enumerate(parts)]


def made_of(model: LatentReasoner, states: Sequence[Tensor], first: int, count: int) -> Tensor:
    """Last hidden states that ``count`` thoughts are made of, of each pass's states (S, D); CT0 stands at ``first``.

    One after the other, they are those of the positions before, in the pass itself; in a Jacobi schedule those of the
    pass before, so that the last pass's make nothing and pass 0 is fed without any.
    """
    makers = states[:-1] if _is_jacobi(model) and count else states
    return torch.cat([state[first - 1 : first - 1 + count] for state in makers])


def fed_of(model: LatentReasoner, made: Tensor) -> Tensor:
    """What is fed as thoughts, pass by pass, of what is made of `made_of`'s states: (passes x thoughts, D)."""
    if not _is_jacobi(model):
        return made
    count = len(made) // (model.program.passes - 1)
    return torch.cat([embedded(model, [_latent(model)] * count).to(made), made])


def _latent(model: LatentReasoner) -> int:
    if model.latent_id is None:
        raise RuntimeError("a Jacobi schedule starts from a placeholder's embedding, and this model has none")
    return model.latent_id


def _is_jacobi(model: LatentReasoner) -> bool:
    return isinstance(model.program.schedule, Jacobi)
