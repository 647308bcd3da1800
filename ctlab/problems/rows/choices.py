"""Options of multiple choice in the ways that sets write them, and which one is right."""

from collections.abc import Sequence
from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.inputs import shown

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""Labels of options that have none."""


def choices_of(choices: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read labels and texts: a list of texts, of ``{label, text}``, or an object of two lists, as on the hub."""
    if isinstance(choices, dict) and "text" in choices:
        texts = choices["text"]
        labels = choices.get("label") or LETTERS[: len(texts)]
    elif isinstance(choices, list) and choices and all(isinstance(each, dict) and "text" in each for each in choices):
        texts = [each["text"] for each in choices]
        labels = [each.get("label", LETTERS[at % len(LETTERS)]) for at, each in enumerate(choices)]
    else:
        texts = choices
        labels = LETTERS[: len(choices)] if isinstance(choices, list | tuple) else ()
    good = isinstance(texts, list | tuple) and 2 <= len(texts) <= len(LETTERS) and len(labels) == len(texts)
    if not good or not all(isinstance(text, str | int) and str(text).strip() for text in texts):
        raise ProblemSetError(
            f"choices are 2 to {len(LETTERS)} texts, each with its label where there are labels, not {shown(choices)}"
        )
    return tuple(str(label).strip() for label in labels), tuple(str(text) for text in texts)


def right_option(answer: Any, labels: Sequence[str], options: Sequence[str]) -> str:
    """Text of the right option, which a set names by its label, its text, or its place from 0 (MMLU)."""
    if isinstance(answer, str) and answer.strip() in labels:
        return options[labels.index(answer.strip())]
    if isinstance(answer, str) and answer.strip() in options:
        return answer.strip()
    place = answer if isinstance(answer, int) and not isinstance(answer, bool) else None
    if place is None and isinstance(answer, str) and answer.strip().isascii() and answer.strip().isdigit():
        place = int(answer)
    if place is not None and 0 <= place < len(options):
        return options[place]
    raise ProblemSetError(
        f"the right option is one of the labels {', '.join(labels)}, the text of one, or its place from 0; "
        f"it is {shown(answer)}"
    )
