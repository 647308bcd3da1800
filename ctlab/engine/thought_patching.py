"""Puts patches in place of a batch's thoughts, row by row, just before they are fed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np
import torch
from torch import Tensor

from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.edit_vectors import Edited, edit_vectors
from ctlab.engine.kv_cache import KVCache
from ctlab.engine.prefix_tree import Level
from ctlab.engine.thought_sources import ThoughtSource
from ctlab.errors import InputError
from ctlab.interventions.donor_rule import Matching
from ctlab.interventions.patch_kind import Source
from ctlab.interventions.resample_sources import direction


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeThought:
    """Where the rows of a batch stand just before a thought is fed."""

    thought: int
    """k of CTk."""
    slot: int
    """Its place among the thoughts of its level."""
    number: int
    """Which of all vectors that are fed as thoughts this is: with several passes, thoughts are fed several times."""
    level: Level
    """The thought's level of the tree."""
    cache: KVCache
    """The rows."""
    hidden: Tensor
    """(R, D) the last hidden states that the thought is made of."""
    projected: Tensor
    """(R, D) what the model made of the thought: the projections of ``hidden``; in pass 0 of several a placeholder."""
    decode: Callable[[Tensor], Tensor]
    """Turns hidden states (R, D) into the embeddings (R, D) of the tokens that they decode to."""


class ThoughtPatcher:
    """Patches the thoughts of one batch.

    ``problem_ids`` are the batch's, ``activations`` are of the whole set, ``reference`` is the number of the condition
    without interventions; the last two are needed only where a patch is of other problems' or undisturbed thoughts.
    """

    def __init__(self, problem_ids: Sequence[str], activations: ActivationCache | None, reference: int | None) -> None:
        self._problem_ids = problem_ids
        self._activations = activations
        self._reference = reference

    def patch(self, before: BeforeThought) -> Tensor:
        """Return what is fed as the thought (R, D)."""
        projected, patched = before.projected, before.projected
        sources = [each[before.slot] for each in before.level.sources]
        for patch in filter(None, dict.fromkeys(sources)):
            branches = [branch for branch, source in enumerate(sources) if source == patch]
            own = (
                torch.isin(before.cache.branch_of, torch.tensor(branches, device=projected.device)).nonzero().flatten()
            )
            if patch.matching is not None:
                own = own[self._has_donor(before, own, patch.matching)]
            if not len(own):
                continue  # none has a donor, or where rows stop thinking by themselves all of them have left
            # float64 holds every narrower type exactly: a copy stays one to the last bit.
            vectors = (self._vectors(source, patch, before, own).double() for source in patch.sources)
            patched = projected.clone() if patched is projected else patched
            patched[own] = torch.as_tensor(patch.vector(*vectors)).to(projected)
        return patched

    def _vectors(self, source: Source, patch: ThoughtSource, before: BeforeThought, own: Tensor) -> Tensor:
        """Work out a source for the rows ``own`` (N,): (N, D)."""
        match source:
            case Source.PROJECTED:
                return before.projected[own]
            case Source.DECODED:
                return before.decode(before.hidden[own])
            case Source.UNDISTURBED:
                return before.projected[self._undisturbed(before, own)]
            case Source.DIRECTION:
                width = before.projected.shape[1]
                drawn = [
                    direction(problem, before.thought, patch.seed, width) for problem in self._problems(before, own)
                ]
                return torch.from_numpy(np.stack(drawn)).to(before.projected.device)
            case Source.RESAMPLED:
                resampled = self._others().resampled(self._problems(before, own), before.number, patch.seed)
                return torch.from_numpy(resampled).to(before.projected.device)
            case Source.MEAN:
                return torch.from_numpy(self._others().mean[before.number]).to(before.projected.device)
            case Source.OTHER_RESULT | Source.SAME_RESULT:
                if patch.matching is None:
                    raise InputError("a donor's thought is fed only where a step says which donors there are")
                donated = self._others().donated(self._problems(before, own), before.number, patch.matching)
                return torch.from_numpy(donated).to(before.projected.device)
            case (
                Source.FACTOR
                | Source.DIFFERENCE
                | Source.HALF_MEAN
                | Source.WITHIN_COMPONENTS
                | Source.WITHIN_RANDOM
                | Source.GIVEN
                | Source.GIVEN_CENTRE
                | Source.WITHIN_GIVEN
            ):
                asked = Edited(
                    thought=before.thought,
                    number=before.number,
                    problems=self._problems(before, own),
                    projected=before.projected[own].double(),
                )
                return edit_vectors(source, patch, asked, self._others)
            case _:
                assert_never(source)

    def _has_donor(self, before: BeforeThought, own: Tensor, matching: Matching) -> Tensor:
        """Which of the rows ``own`` are of a problem that has a donor; the others are fed what the model made."""
        donors = self._others().donors(matching)
        flags = [problem in donors for problem in self._problems(before, own)]
        return torch.tensor(flags, dtype=torch.bool, device=own.device)

    def _problems(self, before: BeforeThought, own: Tensor) -> list[str]:
        return [self._problem_ids[problem] for problem in before.cache.problem_of[own].tolist()]

    def _others(self) -> ActivationCache:
        if self._activations is None:
            raise InputError(
                "conditions that draw on other problems need the activation cache of the whole set; make it first"
            )
        return self._activations

    def _undisturbed(self, before: BeforeThought, own: Tensor) -> Tensor:
        """Rows of the condition without interventions, for the problems of the rows ``own``."""
        if self._reference is None:
            raise InputError("thoughts are given back only beside a condition without interventions; add the baseline")
        cache = before.cache
        reference = (cache.branch_of == before.level.branch_of[self._reference]).nonzero().flatten()
        # (problems of the batch,) the reference's row of each; up to `end` every problem has one.
        table = torch.zeros(len(self._problem_ids), dtype=torch.long, device=own.device)
        table[cache.problem_of[reference]] = reference
        return table[cache.problem_of[own]]
