"""A sentence whose every number is a field of a named claim's row: who doubts one can look it up."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.claims.group_words import group_words
from ctlab.claims.roles.judged_cells import JudgedCell

FORMS: dict[str, Callable[[Any], str]] = {
    "percent": lambda value: formatting.percent(value, 0).removesuffix(" %"),
    "points": lambda value: formatting.points(abs(value), unit=False).lstrip("+"),
    "margin": lambda value: formatting.boundary(value).removeprefix("+").removesuffix(" points").removesuffix(".0"),
    "number": formatting.count,
    "count": lambda value: f"{value:g}",
    "place": group_words,
}
"""How a field's value is written, by the name of the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One number of a sentence."""

    text: str
    """As written."""
    claim: str
    """Id of the claim."""
    field: str
    """Path to the value in the claim's row, such as `effect.details.cells.3.estimate`."""
    form: str
    """How the value was written: a name in `FORMS`."""

    def to_json(self) -> dict[str, str]:
        """Return the number as JSON builtins."""
        return {"text": self.text, "claim": self.claim, "field": self.field, "form": self.form}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence with the claims behind it."""

    text: str
    """The sentence."""
    claims: tuple[str, ...] = ()
    """Ids of the claims that it says something of."""
    numbers: tuple[Quote, ...] = ()
    """Its numbers, in no order."""

    @property
    def words(self) -> int:
        """Number of words."""
        return len(self.text.split())

    def to_json(self) -> dict[str, Any]:
        """Return the sentence as JSON builtins."""
        return {
            "text": self.text,
            "claims": list(self.claims),
            "numbers": [number.to_json() for number in self.numbers],
        }


class Quotes:
    """Collects the numbers of one sentence while it is written."""

    def __init__(self) -> None:
        self._numbers: dict[Quote, None] = {}
        self._claims: dict[str, None] = {}

    def cell(self, cell: JudgedCell, name: str, form: str) -> str:
        """Write a number of a cell."""
        return self._written(cell.claim, f"effect.details.cells.{cell.index}.{name}", form)

    def margin(self, cell: JudgedCell) -> str:
        """Write the margin of a cell's claim."""
        return self._written(cell.claim, "margin", "margin")

    def span(self, cells: Sequence[JudgedCell], name: str, form: str) -> str:
        """Write the smallest and the largest size of a number over cells, or the one that there is."""
        ordered = sorted(cells, key=lambda cell: abs(cell.row[name]))
        ends = dict.fromkeys((self.cell(ordered[0], name, form), self.cell(ordered[-1], name, form)))
        return " to ".join(ends)

    def about(self, cells: Sequence[JudgedCell]) -> None:
        """Note cells of which something is said without a number."""
        self._claims |= dict.fromkeys(str(cell.claim["id"]) for cell in cells)

    def sentence(self, text: str) -> Sentence:
        """Return the sentence with what was noted."""
        return Sentence(text=text, claims=tuple(self._claims), numbers=tuple(self._numbers))

    def _written(self, claim: Mapping[str, Any], field: str, form: str) -> str:
        text = FORMS[form](value_at(claim, field))
        self._numbers[Quote(text=text, claim=str(claim["id"]), field=field, form=form)] = None
        self._claims[str(claim["id"])] = None
        return text


def value_at(row: Mapping[str, Any], field: str) -> Any:
    """Return what stands at a path in a claim's row."""
    value: Any = row
    for part in field.split("."):
        value = value[int(part)] if part.isdecimal() else value[part]
    return value


def unquoted(sentence: Sentence) -> list[str]:
    """Return the numbers of a sentence that are no field of a claim; names of thoughts (`CT3`, `j + 1`) are none."""
    text = re.sub(rf"\bCT\d++|\bj [+{formatting.MINUS}] \d++", "", sentence.text)
    known = {number for quote in sentence.numbers for number in _NUMBER.findall(quote.text)}
    return [number for number in _NUMBER.findall(text) if number not in known]


_NUMBER = re.compile(r"\d++(?:[.,]\d++)*+")
