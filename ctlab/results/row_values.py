"""Values of somebody's columns: as the text that they are, as a score, as a place."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from ctlab.errors import RecordedError
from ctlab.inputs import shown

RIGHT = ("true", "correct", "right", "yes", "pass", "passed")
WRONG = ("false", "incorrect", "wrong", "no", "fail", "failed")
NO_FAILURE = ("", "false", "0", "0.0", "none", "null", "nan", "n/a", "na", "no", "no error", "ok", "-", "[]", "{}")
"""What stands in a column of errors where nothing went wrong."""


def text_of(value: Any) -> str:
    """Write a value as text: a list of one is what it holds, what has a structure is JSON, None and NaN are nothing.

    NaN is what pandas makes of an empty cell, in JSON too; a text "nan" stays one.
    """
    if isinstance(value, str):
        return value
    if is_absent(value):
        return ""
    if isinstance(value, list | tuple) and len(value) == 1:
        return text_of(value[0])
    if isinstance(value, list | tuple | Mapping):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def is_absent(value: Any) -> bool:
    """Whether there is no value: None, or NaN."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def golds_of(value: Any) -> str | tuple[str, ...] | None:
    """Read a reference answer, or several of which each is right; None where there is none."""
    if isinstance(value, list | tuple):
        texts = tuple(text_of(each) for each in value if each is not None)
        return None if not texts else texts[0] if len(texts) == 1 else texts
    return None if is_absent(value) else text_of(value)


_FINAL = re.compile(r"(?s)\A.*(?:####|(?i:the answer is):?+)")  # backtracks once over the text: linear


def final_part(gold: str) -> str:
    """Return what a reference answer comes to: of a worked solution what stands behind its last marker."""
    found = _FINAL.match(gold)
    bare = gold[found.end() :].strip().removesuffix(".") if found else gold.strip()
    return bare.removesuffix(".0")


def score_of(value: Any, where: str) -> float | None:
    """Read a score: a truth value, a number or a word for right and wrong; None where there is none."""
    if is_absent(value) or (isinstance(value, str) and not value.strip()):
        return None
    word = text_of(value).strip().casefold()
    if word in RIGHT or word in WRONG:
        return float(word in RIGHT)
    try:
        number = float(word)
    except ValueError:
        number = math.inf
    if math.isinf(number):
        raise RecordedError(
            f"{where}: a score is true, false or a number, not {shown(value)}; name its column with FILE?score=COLUMN"
        )
    return None if math.isnan(number) else number


def failure_of(value: Any) -> str:
    """Read what an error column says; empty where it says that nothing went wrong."""
    text = text_of(value).strip()
    return "" if text.casefold() in NO_FAILURE else text


def is_bare(failure: str) -> bool:
    """Whether a failure is a number or a truth value: it may as well say how far off an answer was, or that it is."""
    try:
        float(failure)
    except ValueError:
        return failure.casefold() in (*RIGHT, *WRONG)
    return True


def place_of(value: Any) -> int | None:
    """Read a whole number, written as one or as its text; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    text = text_of(value).strip()
    digits = text[1:] if text.startswith("-") else text
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else None
