"""What no condition can say of its thoughts: a number of them that is none, one fed twice, two donors a problem."""

from collections.abc import Sequence
from typing import Any

from ctlab import formatting
from ctlab.errors import ConditionError
from ctlab.inputs import shown
from ctlab.interventions.patch import Patch


def refuse_unfed(name: str, fed: Any, *, last: int | None, every: bool) -> None:
    """Refuse a number of thoughts that is none, and interventions on a thought that it leaves out.

    ``last`` is the highest k of a CTk that is named, ``every`` whether a word for all thoughts stands somewhere.
    """
    if fed is None:
        return
    where = f"condition {name!r}"
    if not isinstance(fed, int) or isinstance(fed, bool) or fed < 0:
        raise ConditionError(f"{where}: {not_a_number(fed)}")
    if last is not None and last >= fed:
        there = f"CT0 … CT{fed - 1}" if fed else "no thought"
        raise ConditionError(
            f"{where} names CT{last}, which it does not feed: with 'num_thoughts' {fed} there is {there}; name another "
            f"thought, or feed more"
        )
    if not fed and every:
        raise ConditionError(
            f"{where} speaks of its thoughts and feeds none ('num_thoughts' 0); leave that intervention out, or feed "
            f"more"
        )


def not_a_number(given: Any) -> str:
    """Say what a number of thoughts is."""
    return (
        f"'num_thoughts' must be a whole number from 0, of thoughts that are fed before the answer, not "
        f"{shown(given)}; leave it out to feed all"
    )


def refuse_patching_twice(name: str, patches: Sequence[Patch]) -> None:
    """Refuse a thought that two patches replace."""
    patched: set[str] = set()
    for patch in patches:
        if patched and (patch.thoughts == "all" or "all" in patched):
            raise ConditionError(f"condition {name!r} replaces all thoughts and some once more; a thought is fed once")
        thoughts = ["all"] if isinstance(patch.thoughts, str) else patch.thoughts
        if twice := patched.intersection(thoughts):
            raise ConditionError(f"condition {name!r} replaces {min(twice)} twice; a thought is fed once")
        patched.update(thoughts)


def refuse_several_donors(name: str, patches: Sequence[Patch]) -> None:
    """Refuse two donors a problem: what its answer is to be then follows from neither of them."""
    asked = {patch.matching: patch for patch in patches if patch.matching is not None}
    if len(asked) > 1:
        said = formatting.listed([_donor_words(patch) for patch in asked.values()])
        raise ConditionError(
            f"condition {name!r} takes thoughts of several donors a problem ({said}); a condition has one, so give its "
            f"patches one way, step and seed, and pairs found alike, or make conditions of them"
        )


def _donor_words(patch: Patch) -> str:
    found = f", {patch.pairs}" if patch.pairs else ""
    return f"{patch.by} at step {patch.step} (seed {patch.seed}{found})"
