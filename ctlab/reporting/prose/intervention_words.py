"""What a condition hides from whom, where, and what it patches, as sentences."""

import json
from collections.abc import Sequence

from ctlab import formatting
from ctlab.interventions import Intervention, Patch
from ctlab.interventions.steps_patch import StepsPatch
from ctlab.interventions.thinking import LATENT
from ctlab.reporting.model.condition_row import ConditionRow
from ctlab.reporting.prose.patch_words import patch_sentence

CONTROL_KEY = "one question token"
"""What the keys ``question-control`` stand for, in sentences and as a column."""
_KEYS = {
    "thoughts": "every thought",
    "question": "the question",
    "question-control": f"{CONTROL_KEY} (without a digit, the same for every condition)",
}
_READERS = {
    "later": ("every later position",),
    "thoughts": ("the thoughts",),
    "answer": ("the end marker", "the answer"),
}


_THINKING = {
    "explicit": "The model writes its steps after the question, and no thought is fed.",
    "none": "The answer marker stands right after the question: no thought is fed and no step asked for.",
}


def disturbed(condition: ConditionRow) -> str:
    """Say what a condition hides and patches; or that nobody knows it."""
    if condition.unknown:
        return "Not known: recorded under a name that no condition has."
    if not condition.known:
        return "Recorded answers; what was hidden is not on record."
    fed = condition.num_thoughts
    does = [
        *([f"Answered by {condition.answered_by or condition.model}."] if condition.model else []),
        *([early_answer(fed)] if fed is not None else []),
        *([_THINKING[condition.thinking]] if condition.thinking in _THINKING else []),
        *([sentence(condition.interventions, condition.thinking)] if condition.interventions else []),
    ]
    return " ".join(does) or sentence(condition.interventions)


def early_answer(fed: int) -> str:
    """Say after how many thoughts the answer starts."""
    if fed == 0:
        return "The answer starts without a thought."
    thoughts = "CT0" if fed == 1 else f"CT0 … CT{fed - 1}"
    return f"The answer starts after {formatting.counted(fed, 'thought')}, {thoughts}."


def sentence(interventions: Sequence[Intervention | Patch | StepsPatch], thinking: str = LATENT) -> str:
    """Say what is hidden from whom, and where, and what is patched; readers of the same keys in one sentence."""
    if not interventions:
        return "Nothing is hidden."
    grouped: dict[str, list[Intervention]] = {}
    patches = []
    for intervention in interventions:
        if isinstance(intervention, Patch):
            patches.append(patch_sentence(intervention))
            continue
        if isinstance(intervention, StepsPatch):
            drawn = f" (drawn with seed {intervention.seed})" if intervention.seed else ""
            patches.append(f"The steps that the model writes for another problem stand in place of its own{drawn}.")
            continue
        same = {name: value for name, value in intervention.to_json().items() if name != "readers"}
        grouped.setdefault(json.dumps(same, sort_keys=True), []).append(intervention)
    return " ".join([*(_one_sentence(group, thinking) for group in grouped.values()), *patches])


def _one_sentence(group: Sequence[Intervention], thinking: str) -> str:
    first = group[0]
    keys = _KEYS[first.keys] if isinstance(first.keys, str) else formatting.listed(first.keys)
    readers = formatting.listed([name for intervention in group for name in _readers(intervention, thinking)])
    several = not isinstance(first.keys, str) and len(first.keys) > 1
    text = f"{keys} {'are' if several else 'is'} hidden from {readers}"
    if first.keep:
        text = f"the weight of {keys} for {readers} is multiplied by {first.keep:g}"
    if first.self_:
        own = "themselves" if several else "itself"
        text += f", for {own} too" if first.keep else f" and from {own}"
    layer = "layer" if first.steps is None else "core layer"
    places = (("step", first.steps), (layer, first.layers), ("head", first.heads))
    if where := [_numbered(noun, indices) for noun, indices in places if indices is not None]:
        text += f", in {formatting.listed(where)} only"
    return text[0].upper() + text[1:] + "."


def _readers(intervention: Intervention, thinking: str) -> Sequence[str]:
    readers = intervention.readers
    if readers == "answer" and thinking != LATENT:
        return ("all that is written",)  # no end marker stands there
    return _READERS[readers] if isinstance(readers, str) else readers


def _numbered(noun: str, indices: Sequence[int]) -> str:
    """Name layers or heads as the pictures do, which count them from 1; data, and who writes it, count from 0."""
    plural = len(indices) != 1
    named = formatting.listed([str(index + 1) for index in indices])
    written = formatting.listed([str(index) for index in indices])
    return f"{noun}{'s' * plural} {named} ({'indices' if plural else 'index'} {written})"
