"""What each thought is fed under a condition: what the model made of it, or what the condition puts in its place."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ctlab.errors import ConditionError
from ctlab.generation.layout import Layout
from ctlab.interventions import BASELINE, Condition
from ctlab.interventions.replacement import DRAWING_ON_OTHERS, GIVING_BACK

UNDISTURBED = "undisturbed"
"""The problem's own thought of an undisturbed run: what both ``self`` and ``baseline`` feed."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Something that is fed in place of a thought; equal feeds of equal branches are one computation."""

    by: str
    """``zero``, ``mean``, ``noise``, ``resample``, ``decoded`` or ``undisturbed``."""
    seed: int
    """Which noise, or which other problems."""

    @property
    def draws_on_others(self) -> bool:
        """Whether it depends on the other problems of the set."""
        return self.by in DRAWING_ON_OTHERS


Feeds = tuple[Feed | None, ...]
"""What each thought is fed in order; None: what the model made of it."""


def feeds_of(condition: Condition, layout: Layout) -> Feeds:
    """Say what a condition feeds each thought, refusing thoughts that the model does not have."""
    feeds: list[Feed | None] = [None] * layout.thoughts
    for each in condition.replacements:
        for name in () if isinstance(each.thoughts, str) else each.thoughts:
            layout.positions(name)
        by = UNDISTURBED if each.by in GIVING_BACK else each.by
        for thought in filter(each.replaces, range(layout.thoughts)):
            feeds[thought] = Feed(by, each.seed)
    return tuple(feeds)


def idle_thoughts(feeds: Feeds, first_changed: int | None) -> tuple[int, ...]:
    """Thoughts that are given back although nothing before them is disturbed: each gets what it is fed anyway.

    ``first_changed`` is the first thought whose own row of attention edges, or one before it, is weakened; None where
    none is. A thought's embedding is made at the position before it, so that such a row changes the next thought first.
    """
    disturbed_from = len(feeds) if first_changed is None else first_changed + 1
    idle = []
    for thought, feed in enumerate(feeds):
        if feed is None:
            continue
        if feed.by != UNDISTURBED:
            disturbed_from = min(disturbed_from, thought + 1)
        elif thought < disturbed_from:
            idle.append(thought)
    return tuple(idle)


def refuse_idle(condition: Condition, feeds: Feeds, changed_rows: Sequence[bool], begin: int) -> None:
    """Refuse a condition that gives back a thought which nothing has disturbed.

    ``changed_rows`` says which of the tail's rows of edges the condition weakens, the question's own rows counted with
    the first; ``begin`` is the number of begin positions.
    """
    first = int(np.argmax(changed_rows)) - begin if any(changed_rows) else None
    if idle := idle_thoughts(feeds, None if first is None else max(first, -1)):
        raise ConditionError(
            f"condition {condition.name!r} gives CT{idle[0]} back, which nothing before it has disturbed: a thought's "
            f"embedding is made at the position before it, where all is as in the baseline; name a later thought, or "
            f'declare it a no-op control ("no_op": true)'
        )


def beside_undisturbed(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """Add the baseline where a condition gives thoughts back and none is without interventions."""
    gives = any(each.by in GIVING_BACK for condition in conditions for each in condition.replacements)
    if not gives or any(not condition.interventions for condition in conditions):
        return tuple(conditions)
    return (*conditions, BASELINE)
