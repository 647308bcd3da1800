"""The thoughts of an undisturbed run of the whole problem set: what conditions feed that draw on other problems."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ctlab.engine.layer_sources import Place, places_drawn_on
from ctlab.engine.written_steps import WrittenSteps
from ctlab.errors import InputError
from ctlab.interventions import Condition
from ctlab.interventions.donor_rule import Matching
from ctlab.interventions.donors import donors
from ctlab.interventions.resample_sources import resample_sources
from ctlab.problems import Problem

Thoughts = npt.NDArray[np.floating]
Array = npt.NDArray[Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class ActivationCache:
    """What each problem of a set was fed when nothing was disturbed; on the CPU, so that it travels to any device."""

    problems: tuple[Problem, ...]
    """The whole set, in order."""
    thoughts: Thoughts
    """(problems, thoughts, D), float64 for a float64 model, else float32, which holds every narrower type exactly.

    With several passes all that was fed, pass by pass: CTk of pass p is number p times the thoughts, plus k."""
    at_layers: Mapping[Place, Thoughts] = field(default_factory=dict)
    """Of the places that conditions draw on: what was there at each thought (problems, thoughts, W). Keys as they lie
    in memory, turned by their own positions; keys and values head after head."""
    means: Mapping[Place, Thoughts] = field(default_factory=dict)
    """Means of these over the problems (thoughts, W), float64; keys as if each thought's question had no token."""
    question_lengths: Sequence[int] = ()
    """Tokens of each problem's question, where places are kept: they say how far a key was turned."""
    generated: tuple[Problem, ...] = ()
    """Problems that were made of the set's and are donors alone: neither a mean nor a resampling knows of them."""
    generated_thoughts: Thoughts = field(default_factory=lambda: np.empty((0, 0, 0)))
    """Theirs, as ``thoughts``."""

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
        resampled: Thoughts = self.thoughts[self.resampled_rows(problem_ids, seed), thought]
        return resampled

    def resampled_rows(self, problem_ids: Sequence[str], seed: int) -> list[int]:
        """Number of the problem that each is resampled from."""
        sources = resample_sources(self.problem_ids, seed)
        return [self._row_of[sources[problem]] for problem in problem_ids]

    def donors(self, matching: Matching) -> Mapping[str, str]:
        """Whose thought each problem of the set is given that has a donor."""
        if matching not in self._donors:
            self._donors[matching] = donors(self.problems, matching)
        return self._donors[matching]

    def donated(self, problem_ids: Sequence[str], thought: int, matching: Matching) -> Thoughts:
        """CT``thought`` of the donor of each problem, all of which have one (problems, D)."""
        given = self.donors(matching)
        donated: Thoughts = np.stack([self.of(given[problem])[thought] for problem in problem_ids])
        return donated

    def donor_rows(self, problem_ids: Sequence[str], matching: Matching) -> list[int]:
        """Number of the donor of each problem, all of which have one."""
        given = self.donors(matching)
        return [self._row_of[given[problem]] for problem in problem_ids]

    def holds(self, conditions: Sequence[Condition]) -> bool:
        """Whether everything is kept that conditions draw on."""
        thoughts = self.thoughts.shape[1] > 0 or not any(each.takes_of_others for each in conditions)
        written = self.written is not None or not any(each.steps_patches for each in conditions)
        return thoughts and written and places_drawn_on(conditions) <= self.at_layers.keys()

    def check(self, problem_ids: Sequence[str]) -> None:
        """Refuse problems that are not of the set."""
        for problem in problem_ids:
            if problem not in self._row_of:
                raise InputError(
                    f"problem {problem} is not among the {len(self.problem_ids)} whose thoughts are drawn on; make the "
                    f"activation cache of the whole problem set"
                )

    def check_donors(self, matching: Matching) -> None:
        """Refuse donors that were generated and that nobody has thought about."""
        for donor in self.donors(matching).values():
            if donor not in self._row_of and donor not in self._generated_row_of:
                raise InputError(
                    f"the thoughts of donor {donor} are not known, which is {matching.words}; make the activation "
                    f"cache for the conditions that it is given to"
                )

    def of(self, problem_id: str) -> Thoughts:
        """One problem's thoughts (thoughts, D); a generated one's too."""
        row = self._row_of.get(problem_id)
        thoughts: Thoughts = (
            self.generated_thoughts[self._generated_row_of[problem_id]] if row is None else self.thoughts[row]
        )
        return thoughts

    def rows(self, problem_ids: Sequence[str]) -> list[int]:
        """Where problems of the set stand in it."""
        return [self._row_of[problem] for problem in problem_ids]

    def remembered(self, what: Hashable, make: Callable[[], Array]) -> Array:
        """Work something out of the thoughts once; ``what`` names it with all that decides it."""
        if what not in self._made:
            self._made[what] = make()
        return self._made[what]

    @cached_property
    def _made(self) -> dict[Hashable, Array]:
        return {}

    def at_layer(self, problem_id: str, place: Place) -> Thoughts:
        """What was at a place at one problem's thoughts (thoughts, W)."""
        there: Thoughts = self.at_layers[place][self._row_of[problem_id]]
        return there

    @cached_property
    def _row_of(self) -> Mapping[str, int]:
        return {problem: row for row, problem in enumerate(self.problem_ids)}

    @cached_property
    def _generated_row_of(self) -> Mapping[str, int]:
        return {problem.id: row for row, problem in enumerate(self.generated)}

    @cached_property
    def _donors(self) -> dict[Matching, Mapping[str, str]]:
        return {}
