"""What each thought is fed under a condition: what the model made of it, or what the condition puts in its place."""

from collections.abc import Sequence
from dataclasses import dataclass

from ctlab.engine.layout import Layout
from ctlab.errors import ConditionError
from ctlab.interventions import BASELINE, Condition
from ctlab.interventions.patches import DRAWING_ON_OTHERS, GIVING_BACK

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


def refuse_idle(condition: Condition, feeds: Feeds, weakened_before: Sequence[bool]) -> None:
    """Refuse a condition that gives back a thought which nothing has disturbed: it gets what it is fed anyway.

    ``weakened_before`` says of each thought whether an edge of any position before it is weakened; at the last of these
    its embedding is made.
    """
    disturbed = False
    for thought, (feed, weakened) in enumerate(zip(feeds, weakened_before, strict=True)):
        disturbed |= weakened
        if feed is not None and feed.by == UNDISTURBED and not disturbed:
            raise ConditionError(
                f"condition {condition.name!r} gives CT{thought} back, which nothing before it has disturbed: a "
                f"thought's embedding is made at the position before it, where all is as in the baseline; name a later "
                f'thought, or declare it a no-op control ("no_op": true)'
            )
        disturbed |= feed is not None and feed.by != UNDISTURBED


def beside_undisturbed(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """Add the baseline where a condition gives thoughts back and none is without interventions."""
    gives = any(each.by in GIVING_BACK for condition in conditions for each in condition.replacements)
    if not gives or any(not condition.interventions for condition in conditions):
        return tuple(conditions)
    return (*conditions, BASELINE)
