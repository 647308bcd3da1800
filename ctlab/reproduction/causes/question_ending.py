"""The question's ending and its blanks: some families are trained with a newline before the markers."""

import json
from functools import partial
from typing import TYPE_CHECKING

from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.changed_model import with_settings, with_text
from ctlab.reproduction.variant import Variant, everywhere

if TYPE_CHECKING:
    from ctlab.models import LatentReasoner

# None (CODI), a newline (Coconut's official code), and what people write instead of it by accident.
_ENDINGS = ("", "\n", " ", "\n\n")


def _look(case: Case) -> Looked:
    given = case.model.settings.question_suffix
    endings = [_ending(ending) for ending in _ENDINGS if ending != given]
    return Looked(variants=(*endings, *_blanks(case)))


def _ending(text: str) -> Variant:
    return Variant(
        change=f"question followed by {json.dumps(text)}" if text else "question followed by nothing",
        remedy=f'"question_suffix": {json.dumps(text)}',
        parts=everywhere(partial(with_settings, question_suffix=text)),
    )


def _blanks(case: Case) -> list[Variant]:
    """Ask questions as they are written, where the family tidies up the blanks of some."""
    from ctlab.models.families import FAMILIES

    settings = case.model.settings
    tidied = {FAMILIES[settings.family].prompt(asked.problem.question): asked.problem.question for asked in case.asked}
    if all(text == written for text, written in tidied.items()):
        return []
    suffix = settings.question_suffix
    asked_as = {text + suffix: written + suffix for text, written in tidied.items()}

    def as_written(model: "LatentReasoner") -> "LatentReasoner":
        return with_text(model, lambda text: asked_as.get(text, text))

    remedy = "a problem file whose questions are written as they were asked: the family tidies up double blanks"
    return [Variant(change="double blanks kept", remedy=remedy, parts=everywhere(as_written))]


QUESTION_ENDING = Cause(name="question-ending", title="newline before the markers", look=_look)
