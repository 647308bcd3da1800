"""What each thought is fed under a condition: what the model made of it, or a patch, as the engine computes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ctlab.engine.layout import Layout, Segment
from ctlab.errors import ConditionError
from ctlab.interventions import BASELINE, Condition, Patch
from ctlab.interventions.donor_rule import Matching
from ctlab.interventions.edit import NO_EDIT, Edit
from ctlab.interventions.patch_kind import Source


@dataclass(frozen=True, slots=True)
class ThoughtSource:
    """What is computed for a patch; equal ones of equal branches are one computation, whatever the patches' names."""

    sources: tuple[Source, ...]
    """What ``vector`` is computed of."""
    vector: Callable[..., Any]
    """The patch's formula."""
    seed: int
    """Which draw."""
    matching: Matching | None = None
    """Which donors; None where there are none."""
    edit: Edit = NO_EDIT
    """How much, how many dimensions, which contrast, which file."""
    first_pass: bool = False
    """Whether it is fed in pass 0 too, in place of what that pass feeds every thought."""

    @classmethod
    def of(cls, patch: Patch) -> "ThoughtSource":
        """Leave out of a patch what the engine need not know."""
        return cls(
            sources=patch.kind.sources,
            vector=patch.kind.vector,
            seed=patch.seed,
            matching=patch.matching,
            edit=patch.edit,
            first_pass=patch.first_pass,
        )


ThoughtSources = tuple[ThoughtSource | None, ...]
"""What each thought is fed in order; None: what the model made of it."""


def sources_of(condition: Condition, layout: Layout) -> ThoughtSources:
    """Say what a condition feeds each thought, refusing thoughts that the model does not have."""
    for patch in condition.patches:
        if not layout.thoughts:
            raise ConditionError("it replaces thoughts, and this model has none; name a condition on the question")
        for name in () if isinstance(patch.thoughts, str) else patch.thoughts:
            layout.positions(name)
    patches = map(condition.patch_of, range(condition.fed(layout.thoughts)))
    fed = tuple(None if patch is None else ThoughtSource.of(patch) for patch in patches)
    return fed + (None,) * (layout.thoughts - len(fed))


def sources_in(sources: ThoughtSources, layout: Layout, step: Segment) -> ThoughtSources:
    """What a condition feeds each thought of one step; pass 0 of several feeds what a patch leaves alone."""
    first = layout.passes is not None and step.pass_ == 0
    fed = (sources[thought] for thought in step.thoughts)
    return tuple(source if source is not None and (source.first_pass or not first) else None for source in fed)


def refuse_idle(condition: Condition, weakened_before: Sequence[bool]) -> None:
    """Refuse a condition that restores a thought which nothing has disturbed: it gets what it is fed anyway.

    ``weakened_before`` says of each thought whether an edge of any position before it is weakened; at the last of these
    its embedding is made.
    """
    disturbed = False
    for thought, weakened in enumerate(weakened_before):
        disturbed |= weakened
        patch = condition.patch_of(thought)
        if patch is None:
            continue
        if patch.kind.restores and not disturbed:
            raise ConditionError(
                f"condition {condition.name!r} gives CT{thought} back, which nothing before it has disturbed: a "
                f"thought's embedding is made at the position before it, where all is as in the baseline; name a later "
                f'thought, or declare it a no-op control ("no_op": true)'
            )
        disturbed |= patch.disturbs


def refuse_other_runs(conditions: Sequence[Condition]) -> None:
    """Refuse patches that take a thought of another run, in a model whose runs differ in their number of thoughts."""
    for condition in conditions:
        if condition.takes_other_runs:
            raise ConditionError(
                f"condition {condition.name!r} feeds thoughts of another run, and this model decides itself how many a "
                f"run has, so that the other one may have no such thought; name a way that needs the run's own "
                f"thoughts alone: zero, noise or decoded"
            )


def with_baseline(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """Add the baseline where a patch needs the problem's undisturbed run and every condition disturbs something."""
    needed = any(patch.kind.needs_undisturbed_run for condition in conditions for patch in condition.patches)
    if not needed or any(condition.undisturbed for condition in conditions):
        return tuple(conditions)
    return (*conditions, BASELINE)
