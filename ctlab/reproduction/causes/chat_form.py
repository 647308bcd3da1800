"""A chat template that the model was trained with, or asked with by whoever measured the reference.

The templates are written here: one that a checkpoint brings is code, and no code of a checkpoint is run. No setting
asks in one: what stands behind a question is its suffix, and what stands before it is written into the problems.
"""

import json
from functools import partial

from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.changed_model import with_text
from ctlab.reproduction.variant import Variant, everywhere

_FORMS = (
    (
        "Llama 3",
        "<|start_header_id|>user<|end_header_id|>\n\n",
        "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
    ),
    ("ChatML", "<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n"),
    ("Phi", "<|user|>\n", "<|end|>\n<|assistant|>\n"),
    ("Mistral, Llama 2", "[INST] ", " [/INST]"),
    ("question and answer", "Question: ", "\nAnswer:"),
)
"""Name, what stands before a question, what after it: as the models' cards on the hub give them."""


def _look(case: Case) -> Looked:
    suffix = case.model.settings.question_suffix
    return Looked(variants=tuple(_variant(*form, suffix) for form in _FORMS))


def _variant(name: str, before: str, after: str, suffix: str) -> Variant:
    # The suffix, because families strip a question of the blanks and newlines that a form may end with.
    return Variant(
        change=f"asked in the form of {name}",
        remedy=f'"question_suffix": {json.dumps(suffix + after)}, and a problem file whose questions begin with '
        f"{json.dumps(before)}: ctlab problems SET --write FILE, put it before each, --problems FILE",
        parts=everywhere(lambda model: with_text(model, partial(framed, before, after))),
    )


def framed(before: str, after: str, text: str) -> str:
    """Put a question between what stands before and after it."""
    return f"{before}{text}{after}"


CHAT_FORM = Cause(name="chat-template", title="chat template", look=_look)
