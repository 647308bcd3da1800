"""Whole numbers written in words: ``three``, ``twenty-five``, ``two hundred``, ``a dozen``, ``twice``."""

import re
from fractions import Fraction

_TEENS = "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_SMALL = f"one two three four five six seven eight nine ten {_TEENS}"
_LARGE = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: value for value, word in enumerate(_SMALL.split(), start=1)}
_TENS = {word: 10 * value for value, word in enumerate(_LARGE.split(), start=2)}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_FACTORS = {"twice": 2, "double": 2, "doubled": 2, "doubles": 2, "thrice": 3, "triple": 3, "tripled": 3, "triples": 3}
_ANY = "|".join(sorted((*_UNITS, *_TENS, *_SCALES), key=len, reverse=True))
_RUN = re.compile(rf"\b(?:{_ANY})(?:(?:[ -]| and )(?:{_ANY}))*+(?:s\b|\b)", re.IGNORECASE)
_FACTOR = re.compile(rf"\b(?:{'|'.join(_FACTORS)})\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z]+")


def find_number_words(text: str) -> list[Fraction]:
    """Read whole numbers in words; ``one`` alone is a pronoun more often than a number and is left out."""
    found: list[Fraction] = []
    for run in _RUN.finditer(text):
        found += (Fraction(value) for value in _read_run(run[0].lower()) if value > 1)
    return found


def find_factor_words(text: str) -> list[Fraction]:
    """Read the factors that words state: ``twice`` is 2, ``triple`` is 3."""
    return [Fraction(_FACTORS[match[0].lower()]) for match in _FACTOR.finditer(text)]


def _read_run(run: str) -> list[int]:
    """Values of a run of number words: ``two hundred fifty`` is one number, ``two three`` are two."""
    values: list[int] = []
    total = part = 0
    last = ""
    for word in _WORD.findall(run):
        name = word if word in _SCALES or word in _UNITS or word in _TENS else word.removesuffix("s")
        if name in _SCALES:
            scale = _SCALES[name]
            part = max(part, 1) * scale
            if scale >= 1000:
                total, part = total + part, 0
        elif name in _UNITS or name in _TENS:
            value = _UNITS.get(name) or _TENS[name]
            joins = not last or last in _SCALES or (last in _TENS and name in _UNITS and value < 10)
            if not joins:
                values.append(total + part)
                total = part = 0
            part += value
        else:
            continue
        last = name
    values.append(total + part)
    return values
