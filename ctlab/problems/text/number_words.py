"""Whole numbers written in words: ``three``, ``twenty-five``, ``two hundred``, ``a dozen``, ``twice``."""

import re

_TEENS = "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_SMALL = f"one two three four five six seven eight nine ten {_TEENS}"
_LARGE = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: value for value, word in enumerate(_SMALL.split(), start=1)}
_TENS = {word: 10 * value for value, word in enumerate(_LARGE.split(), start=2)}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_FACTORS = {"twice": 2, "double": 2, "doubled": 2, "doubles": 2, "thrice": 3, "triple": 3, "tripled": 3, "triples": 3}
NUMBER_WORDS = frozenset((*_UNITS, *_TENS, *_SCALES, *(f"{scale}s" for scale in _SCALES)))
"""Words that whole numbers are made of."""
# "2 million" is read with its digits, elsewhere; "2 dozen" is not, because a dozen is a unit there.
_WITH_DIGITS = frozenset(("hundred", "thousand", "million", "billion"))
_JOINTS = frozenset((" ", "-", " and "))
_WORD = re.compile(r"[a-z]+")


def find_number_words(text: str) -> list[int]:
    """Read whole numbers in words; ``one`` alone is a pronoun more often than a number and is left out."""
    lowered = text.lower()
    runs: list[list[str]] = []
    end = -1
    for match in _WORD.finditer(lowered):
        if match[0] in NUMBER_WORDS:
            if runs and lowered[end : match.start()] in _JOINTS:
                runs[-1].append(match[0])
            elif match[0] in _WITH_DIGITS and lowered[max(0, match.start() - 2) : match.start() - 1].isdigit():
                continue  # "2 million" is a number in digits
            else:
                runs.append([match[0]])
            end = match.end()
    return [value for run in runs for value in read_run(run) if value > 1]


def find_factor_words(text: str) -> list[int]:
    """Read the factors that words state: ``twice`` is 2, ``triple`` is 3."""
    return [_FACTORS[word] for word in _WORD.findall(text.lower()) if word in _FACTORS]


def read_run(run: list[str]) -> list[int]:
    """Values of adjacent number words: ``two hundred fifty`` is one number, ``two three`` are two."""
    values: list[int] = []
    total = part = 0
    last = ""
    for word in run:
        name = word if word in _UNITS or word in _TENS else word.removesuffix("s")
        if name in _SCALES:
            scale = _SCALES[name]
            part = max(part, 1) * scale
            if scale >= 1000:
                total, part = total + part, 0
        else:
            value = _UNITS.get(name) or _TENS[name]
            joins = not last or last in _SCALES or (last in _TENS and value < 10)
            if not joins:
                values.append(total + part)
                total = part = 0
            part += value
        last = name
    values.append(total + part)
    return values
