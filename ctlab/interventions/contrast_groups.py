"""What decides a condition's run beside the condition and the problems' ids: donors, and groups of problems."""

from collections.abc import Mapping, Sequence

from ctlab.interventions.condition import Condition
from ctlab.interventions.contrast import Contrast
from ctlab.problems import Problem


def contrasts_of(condition: Condition) -> tuple[Contrast, ...]:
    """Which groups of problems a condition's thoughts are moved between, each once."""
    return tuple(dict.fromkeys(patch.contrast for patch in condition.patches if patch.contrast is not None))


def reads_solutions(condition: Condition) -> bool:
    """Whether a condition's run follows from more of the problems than their ids."""
    return condition.matching is not None or bool(contrasts_of(condition))


def with_groups(
    donors: Mapping[str, str], problems: Sequence[Problem], contrasts: Sequence[Contrast]
) -> Mapping[str, str]:
    """What decides a run beside the problems' ids: donors, and which problems each contrast holds for."""
    if not contrasts:
        return donors
    told = {}
    for problem in problems:
        groups = " ".join(f"{contrast.holds(problem.features)}" for contrast in contrasts)
        told[problem.id] = f"{donors.get(problem.id, '')} {groups}"
    return told
