"""The thoughts of an undisturbed run of the whole problem set: what conditions feed that draw on other problems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ctlab.engine.written_steps import WrittenSteps
from ctlab.errors import InputError
from ctlab.interventions import Condition
from ctlab.interventions.donor_rule import Matching
from ctlab.interventions.donors import donors
from ctlab.interventions.resample_sources import resample_sources
from ctlab.problems import Problem

Thoughts = npt.NDArray[np.floating]


@dataclass(frozen=True, kw_only=True, eq=False)
class ActivationCache:
    """What each problem of a set was fed when nothing was disturbed; on the CPU, so that it travels to any device."""

    problems: tuple[Problem, ...]
    """The whole set, in order."""
    thoughts: Thoughts
    """(problems, thoughts, D), float64 for a float64 model, else float32, which holds every narrower type exactly.

    With several passes all that was fed, pass by pass: CTk of pass p is number p times the thoughts, plus k."""

    written: WrittenSteps | None = None
    """What the same model writes as its steps; None where no condition puts other problems' steps in place."""

    def __post_init__(self) -> None:
        if len(self.problems) < 2:
            raise InputError(
                f"a thought can be replaced by the mean over problems or by another problem's only where there are two "
                f"problems or more, not {len(self.problems)}; give more problems"
            )

    @cached_property
    def problem_ids(self) -> tuple[str, ...]:
        """Ids of the set, in order."""
        return tuple(problem.id for problem in self.problems)

    @cached_property
    def mean(self) -> Thoughts:
        """Mean of each thought over the problems (thoughts, D), float64."""
        mean: Thoughts = self.thoughts.mean(axis=0, dtype=np.float64)
        return mean

    def resampled(self, problem_ids: Sequence[str], thought: int, seed: int) -> Thoughts:
        """CT``thought`` of the problem that each is resampled from (problems, D)."""
        sources = resample_sources(self.problem_ids, seed)
        resampled: Thoughts = self.thoughts[[self._row_of[sources[problem]] for problem in problem_ids], thought]
        return resampled

    def donors(self, matching: Matching) -> Mapping[str, str]:
        """Whose thought each problem of the set is given that has a donor."""
        if matching not in self._donors:
            self._donors[matching] = donors(self.problems, matching)
        return self._donors[matching]

    def donated(self, problem_ids: Sequence[str], thought: int, matching: Matching) -> Thoughts:
        """CT``thought`` of the donor of each problem, all of which have one (problems, D)."""
        given = self.donors(matching)
        donated: Thoughts = self.thoughts[[self._row_of[given[problem]] for problem in problem_ids], thought]
        return donated

    def serves(self, conditions: Sequence[Condition]) -> bool:
        """Whether everything is there that conditions draw on: thoughts, written steps, or both."""
        thoughts = any(condition.takes_of_others for condition in conditions)
        steps = any(condition.steps_patches for condition in conditions)
        return (not thoughts or self.thoughts.size > 0) and (not steps or self.written is not None)

    def check(self, problem_ids: Sequence[str]) -> None:
        """Refuse problems that are not of the set."""
        for problem in problem_ids:
            if problem not in self._row_of:
                raise InputError(
                    f"problem {problem} is not among the {len(self.problem_ids)} whose thoughts are drawn on; make the "
                    f"activation cache of the whole problem set"
                )

    def of(self, problem_id: str) -> Thoughts:
        """One problem's thoughts (thoughts, D)."""
        thoughts: Thoughts = self.thoughts[self._row_of[problem_id]]
        return thoughts

    @cached_property
    def _row_of(self) -> Mapping[str, int]:
        return {problem: row for row, problem in enumerate(self.problem_ids)}

    @cached_property
    def _donors(self) -> dict[Matching, Mapping[str, str]]:
        return {}
