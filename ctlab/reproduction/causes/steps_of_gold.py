"""Thoughts counted by the gold solution: as the curriculum study evaluates, a problem gets as many as it has steps.

bmarti44/research-pipeline, ``exp_utils.prepare_input``: min(6, number of gold steps).
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab.reproduction.asked import Asked
from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.changed_model import with_settings
from ctlab.reproduction.variant import Variant

if TYPE_CHECKING:
    from ctlab.models import LatentReasoner


def _look(case: Case) -> Looked:
    if not case.model.num_thoughts:
        return Looked(note="the model has no thoughts to count")
    if any(asked.steps is None for asked in case.asked):
        return Looked(note="not every problem has a worked solution whose steps can be counted")
    if case.model.settings.hidden:
        return Looked(note="the model hides thoughts by name, which fewer thoughts would not have")
    return Looked(
        variants=(
            Variant(
                change="as many thoughts as the gold solution has steps",
                remedy="the reference counted thoughts by the gold solution, which tells the model its length: compare "
                "with a number that did not",
                parts=_by_steps,
            ),
        )
    )


def _by_steps(model: "LatentReasoner", asked: Sequence[Asked]) -> "list[tuple[LatentReasoner, list[int]]]":
    groups: dict[int, list[int]] = defaultdict(list)
    for place, each in enumerate(asked):
        groups[max(1, min(model.num_thoughts, each.steps or 0))].append(place)
    return [(with_settings(model, num_latent=steps), places) for steps, places in groups.items()]


STEPS_OF_GOLD = Cause(name="thoughts-by-gold-steps", title="thoughts counted by the gold solution", look=_look)
