"""The steps that a model writes for a whole problem set when nothing is disturbed: what is put in others' places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from torch import Tensor

from ctlab.interventions.resample_sources import resample_sources


@dataclass(frozen=True, kw_only=True, eq=False)
class WrittenSteps:
    """Token ids of each problem's steps, of those that end in an answer marker within their limit."""

    steps: Mapping[str, tuple[int, ...]]
    """Problem id to its steps, the marker left out; not there where they never came to one."""
    problem_ids: tuple[str, ...]
    """Ids of the whole set."""

    def donor(self, problem_id: str, seed: int) -> str:
        """Whose steps a problem is given: of those that have some, the next in the circle of a seed."""
        return self._sources(seed)[problem_id]

    def given(self, problem_id: str, seed: int) -> tuple[int, ...]:
        """The steps that a problem is given."""
        return self.steps[self.donor(problem_id, seed)]

    def _sources(self, seed: int) -> Mapping[str, str]:
        if seed not in self._found:
            following, found = resample_sources(self.problem_ids, seed), {}
            for problem in self.problem_ids:
                donor = following[problem]
                while donor not in self.steps:
                    donor = following[donor]
                found[problem] = donor
            self._found[seed] = found
        return self._found[seed]

    @cached_property
    def _found(self) -> dict[int, Mapping[str, str]]:
        return {}


def given_ids(given: Sequence[Sequence[Sequence[int]]], problem_of: Tensor, branch_of: Tensor) -> Tensor:
    """Ids (rows, tokens) that answers begin with, -1 where the model writes; ``given`` is by problem and leaf."""
    pairs = zip(problem_of.tolist(), branch_of.tolist(), strict=True) if given else ()
    rows = [given[problem][leaf] for problem, leaf in pairs]
    longest = max(map(len, rows), default=0)
    padded = [[*row, *[-1] * (longest - len(row))] for row in rows] or [[]] * len(problem_of)
    return branch_of.new_tensor(padded, dtype=branch_of.dtype).view(len(problem_of), longest)
