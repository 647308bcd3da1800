"""Conditions that most studies ask for first, by the names that they have there: each thought hidden, and controls."""

from collections.abc import Mapping
from typing import Any

from ctlab.errors import ConditionError
from ctlab.inputs import shown
from ctlab.interventions.condition import BASELINE, Condition
from ctlab.interventions.edges import Intervention
from ctlab.records.measurement import thought_names

_THOUGHTS = 6  # of the published checkpoints, for a model that does not say


def usual_conditions(model: int | Mapping[str, Any]) -> dict[str, Condition]:
    """Return them by name, for a model of so many thoughts, or for one with a card: what a suite's hook is given.

    ``baseline``; ``ct0_blocked`` … hide one thought from every later position, ``ct0_from_answer`` … from the answer
    alone, ``ct0_from_thoughts`` … from later thoughts alone; ``thoughts_blocked`` hides all from the answer. Controls:
    ``no_op`` changes nothing, ``question_control_later``, ``…_answer`` and ``…_thoughts`` hide one harmless token of
    the question from the readers that a thought is hidden from.
    """
    num_thoughts = _thoughts_of(model, "usual_conditions")
    names = thought_names(num_thoughts)
    found = [BASELINE]
    for k, thought in enumerate(names):
        found.append(_hide(f"ct{k}_blocked", (thought,), "later"))
        found.append(_hide(f"ct{k}_from_answer", (thought,), "answer"))
        if k + 1 < num_thoughts:  # the last one has no later thought to be hidden from
            found.append(_hide(f"ct{k}_from_thoughts", (thought,), "thoughts"))
    if names:
        found.append(_hide("thoughts_blocked", "thoughts", "answer"))
        found.append(
            Condition(name="no_op", interventions=(Intervention(keys=("CT0",), readers="later", keep=1.0),), no_op=True)
        )
    found += _controls(names)
    return {condition.name: condition for condition in found}


def early_answers(model: int | Mapping[str, Any]) -> dict[str, Condition]:
    """Return the answers after 0, 1, … thoughts by name, for a model of so many, or for one with a card.

    ``after_0`` is answered without a thought, ``after_1`` after CT0 alone, and so on; after all thoughts answers
    ``baseline``, which is the last one. In one pass every thought is computed once for all of them.
    """
    fed = range(_thoughts_of(model, "early_answers"))
    found = [*(Condition(name=f"after_{k}", num_thoughts=k) for k in fed), BASELINE]
    return {condition.name: condition for condition in found}


def _thoughts_of(model: int | Mapping[str, Any], who: str) -> int:
    num_thoughts = model.get("num_thoughts", _THOUGHTS) if isinstance(model, Mapping) else model
    if isinstance(num_thoughts, bool) or not isinstance(num_thoughts, int) or num_thoughts < 0:
        raise ConditionError(
            f"{who} takes a number of thoughts, or a model's card as hooks are given it; not {shown(model)}"
        )
    return num_thoughts


def _controls(names: tuple[str, ...]) -> list[Condition]:
    """One token of the question, hidden from the readers that CT0 can be hidden from."""
    token, after = "question-control", names[1:]
    later = [Intervention(keys=token, readers="answer")]
    if after:
        later.insert(0, Intervention(keys=token, readers=after))
    found = [
        Condition(name="question_control_later", interventions=tuple(later)),
        _hide("question_control_answer", token, "answer"),
    ]
    return [*found, _hide("question_control_thoughts", token, names)] if names else found


def _hide(name: str, keys: tuple[str, ...] | str, readers: tuple[str, ...] | str) -> Condition:
    return Condition(name=name, interventions=(Intervention(keys=keys, readers=readers),))
