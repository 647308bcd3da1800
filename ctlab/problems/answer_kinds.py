"""What the reference answer of each answer kind that is no number has to be; held when a problem is made."""

import re
from collections.abc import Callable, Mapping, Sequence

from ctlab.inputs import shown
from ctlab.problems.phrases import phrase, spelled

TRUTHS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "yes", "correct", "right", "yeah", "yep"), True),
    **dict.fromkeys(("false", "no", "incorrect", "wrong", "untrue", "nope"), False),
}
"""Words that say yes or no."""
_SHORT_TRUTHS = {"t": True, "y": True, "f": False, "n": False}

_LETTER = re.compile(r"\s*+[(\[]?([A-Za-z])[)\]]?[.:)]?\s*+\Z")
# "and" alone joins the last two: "a, b and c"; an item that holds it ("salt and pepper") is split in answer and
# reference alike.
_BETWEEN = re.compile(r"\s*+(?:[,;\n]|\band\b|&)\s*+", re.IGNORECASE)
_THEN = re.compile(r"\s*+(?:[,;\n]|\b(?:and\s++)?then\b|\band\b|&|->|=>|→|>)\s*+", re.IGNORECASE)


def a_kind(kind: str) -> str:
    """Name an answer of a kind with its article: a number, an entity."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def letter(index: int) -> str:
    """Return the letter of an option, counted from 0; beyond Z there is none, and the number from 1 stands for it."""
    return chr(ord("A") + index) if index < 26 else str(index + 1)


def chosen(text: str, options: Sequence[str]) -> str | None:
    """Return the letter of the option that a short text is, by its text or its letter; None where it is none.

    Without options every single letter is one.
    """
    texts = [phrase(option) for option in options]
    if texts.count(meant := phrase(text)) == 1:
        return letter(texts.index(meant))
    found = _LETTER.match(spelled(text))
    if found is None:
        return None
    name = found[1].upper()
    return name if not options or ord(name) - ord("A") < len(options) else None


def truth(text: str) -> bool | None:
    """Return what a single word such as True, no or F says; None for any other text."""
    return {**TRUTHS, **_SHORT_TRUTHS}.get(phrase(text))


def items(text: str, *, ordered: bool = False) -> tuple[str, ...]:
    """Split a text into its items, as they are compared: at commas, semicolons, line ends and "and".

    Of a sequence (``ordered``) arrows and "then" stand between two items as well.
    """
    inside = spelled(text).strip().strip("[]{}()")
    parts = (phrase(part) for part in (_THEN if ordered else _BETWEEN).split(inside))
    return tuple(part for part in parts if part)


def complaint(kind: str, gold: str, options: Sequence[str], aliases: Sequence[str]) -> str:
    """Say what is wrong with the reference answer of a problem, or its options or aliases; empty where nothing is."""
    for name, texts in (("options", options), ("aliases", aliases)):
        odd = next((text for text in texts if not isinstance(text, str) or not text.strip()), None)
        if odd is not None:
            return f"{name} are texts, and {shown(odd)} is none"
    # An alias of a choice is another text of the right option, whatever it is.
    for text in (gold,) if kind == "choice" else (gold, *aliases):
        if why := _CHECKS[kind](text, options):
            return why
    return ""


def _choice(text: str, options: Sequence[str]) -> str:
    if chosen(text, options) is not None:
        return ""
    there = ", ".join(f"{letter(at)} {shown(option)}" for at, option in enumerate(options[:8]))
    return f"{shown(text)} is neither the letter nor the text of one option" + (f" ({there})" if there else "")


def _boolean(text: str, options: Sequence[str]) -> str:
    return "" if truth(text) is not None else f"a boolean is true or false, or yes or no, not {shown(text)}"


def _entity(text: str, options: Sequence[str]) -> str:
    return "" if phrase(text) else f"{shown(text)} holds no word to compare an answer with"


def _set(text: str, options: Sequence[str]) -> str:
    return "" if items(text) else f"{shown(text)} holds no item; write them with commas between"


_CHECKS: Mapping[str, Callable[[str, Sequence[str]], str]] = {
    "choice": _choice,
    "boolean": _boolean,
    "entity": _entity,
    "set": _set,
    "sequence": _set,
}
