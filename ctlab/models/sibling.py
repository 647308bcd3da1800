"""The explicit sibling of a latent reasoner: the same weights, asked to write their steps, or to answer at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from ctlab.errors import ConditionError, InputError
from ctlab.interventions.thinking import LATENT, THINKING
from ctlab.models.families import FAMILIES
from ctlab.models.reasoner import LatentReasoner
from ctlab.models.ways_of_thinking import refusal
from ctlab.records.generation import Decoding


class _Thinks(Protocol):
    @property
    def thinking(self) -> str: ...


Thinking = TypeVar("Thinking", bound=_Thinks)


def by_thinking(conditions: Iterable[Thinking]) -> Mapping[str, Sequence[Thinking]]:
    """Conditions by their way of thinking, in the order of `THINKING`; ways that none has are left out."""
    conditions = tuple(conditions)
    ways = {way: tuple(each for each in conditions if each.thinking == way) for way in THINKING}
    return {way: those for way, those in ways.items() if those}


def sibling(model: LatentReasoner, thinking: str) -> LatentReasoner:
    """Ask the same weights to think otherwise; ConditionError where their training says nothing of it.

    ``explicit``: ``question | before | what is written``; ``none``: ``question | before | between | marker | answer``,
    of which the marker is the first thing that is written, for the model. No begin, no thought, no end.
    """
    if thinking == model.thinking:
        return model
    if thinking == LATENT or model.thinking != LATENT:
        raise InputError(
            f"a model that is asked to think {model.thinking!r} cannot be asked to think {thinking!r}; "
            f"ask the loaded one"
        )
    if reason := refusal(model.settings, thinking):
        raise ConditionError(f"'thinking' \"{thinking}\" is not for {model.name}: {reason}")
    settings = model.settings
    writes = FAMILIES[settings.family].writes
    if isinstance(writes, str):
        raise RuntimeError(f"family {settings.family} has not refused, and {writes}")
    task = writes.task(settings, model.tokenizer, eos=model.eos_token_id)
    before = task.before if thinking == "explicit" else task.before + task.between
    return replace(model, thinking=thinking, task=task, begin_ids=before, end_ids=())


def decoding_of_sibling(model: LatentReasoner, decoding: Decoding) -> Decoding:
    """Make room for the steps of a model that writes them, beside the answer tokens that were asked for."""
    if model.task is None:
        return decoding
    if decoding.padding != "exact":
        raise InputError(
            f"'thinking' \"{model.thinking}\" and padding {decoding.padding!r} do not go together: no official "
            f"evaluation has the model write its steps, so that nothing was published of how it pads; take exact "
            f"padding"
        )
    steps = model.task.steps if model.thinking == "explicit" else 0
    return replace(decoding, max_new_tokens=decoding.max_new_tokens + steps)
