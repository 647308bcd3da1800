"""Ways of thinking that one and the same weights have, and what a condition may say in each of them."""

from collections.abc import Sequence
from typing import Any

from ctlab.errors import ConditionError
from ctlab.inputs import shown
from ctlab.interventions.edges import Intervention
from ctlab.interventions.patch import Patch
from ctlab.interventions.steps_patch import StepsPatch

THINKING = ("latent", "explicit", "none")
"""``latent``: in vectors, between begin and end. ``explicit``: the model writes its steps after the question, then the
answer. ``none``: the answer marker stands right after the question, and the answer is asked for."""
LATENT = THINKING[0]
_KEYS = ("question", "question-control")
_READERS = ("later", "answer")


def refuse_unthinkable(
    name: str,
    way: Any,
    num_thoughts: int | None,
    on_edges: Sequence[Intervention],
    patches: Sequence[Patch],
    steps_patches: Sequence[StepsPatch],
) -> None:
    """Refuse what is no way of thinking, and what speaks of thoughts where none is fed, or of steps where none is."""
    where = f"condition {name!r}"
    if way not in THINKING:
        raise ConditionError(
            f"{where}: 'thinking' is one of {', '.join(THINKING)}, not {shown(way)}; leave it out for {LATENT}"
        )
    if steps_patches and way != "explicit":
        raise ConditionError(
            f"{where} replaces written steps, and they are written where 'thinking' is \"explicit\" alone; it is "
            f'"{way}"'
        )
    if way == LATENT:
        return
    if num_thoughts is not None:
        raise ConditionError(
            f"{where} says how many thoughts are fed ('num_thoughts'), and with 'thinking' \"{way}\" none is: neither "
            f"begin nor thoughts nor end stand there; leave one of the two out"
        )
    if patches:
        raise ConditionError(
            f"{where} replaces thoughts, and with 'thinking' \"{way}\" none is fed; written steps are replaced by "
            f'{{"steps": "all", "by": "resample"}}'
        )
    for edges in on_edges:
        for named, words in ((edges.keys, _KEYS), (edges.readers, _READERS)):
            if named not in words:
                raise ConditionError(
                    f"{where} names {shown(named if isinstance(named, str) else list(named))}, and with 'thinking' "
                    f'"{way}" there is the question and what is written after it: keys are {" or ".join(_KEYS)}, '
                    f"readers {' or '.join(_READERS)}"
                )
    if len(steps_patches) > 1:
        raise ConditionError(f"{where} replaces its written steps twice; they are written once")
