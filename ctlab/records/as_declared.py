"""Whether what a person writes as data (a claim, a control, a family) holds what its fields declare.

Dataclasses do not look, and a text in place of a tuple would be read letter by letter, after hours of generating. What
is wrong is said where it was written, by a RegistryError that names the thing, the rule, the value and the next step.
"""

import math
from dataclasses import dataclass, is_dataclass
from enum import StrEnum
from typing import Any, TypeVar

from ctlab import formatting
from ctlab.errors import RegistryError
from ctlab.inputs import shown
from ctlab.records.own_functions import nearest

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class AsDeclared:
    """One record while it is constructed, and what it is called in a sentence."""

    record: Any
    """The record."""
    name: str
    """As ``Claim 'ct0-lowers-accuracy'``."""

    def refuse(self, rule: str, advice: str) -> RegistryError:
        """Return the error that says a rule and a next step."""
        return RegistryError(f"{self.name}: {rule}; {advice}.")

    def text(self, field: str, example: str, *, empty: bool = True) -> None:
        """Refuse what is no text, and an empty one where a name is needed."""
        value = getattr(self.record, field)
        if not isinstance(value, str):
            written = _name_of(value) or f"it in quotes, such as {example!r}"
            raise self.refuse(f"{field} is a text, got {_shown(value)}", f"write {written}")
        if not empty and not value.strip():
            raise self.refuse(f"{field} is empty", f"write one, such as {example!r}")

    def named(self, field: str, names: type[E]) -> None:
        """Replace the text of a closed set of names by its member, or say which is meant and which there are."""
        value = getattr(self.record, field)
        known = [str(name) for name in names]
        if not isinstance(value, str) or value not in known:
            near = nearest(value, known) if isinstance(value, str) else ""
            raise RegistryError(
                f"{self.name}: there is no {field} {_shown(value)}{near}{' There' if near else '; there'} are "
                f"{', '.join(known)}."
            )
        object.__setattr__(self.record, field, names(value))

    def tuple_of(self, field: str, kind: type, noun: str) -> None:
        """Refuse what is no tuple, and an item of another type in one; a tuple of texts holds none that is empty."""
        value = getattr(self.record, field)
        if not isinstance(value, tuple):
            raise self.refuse(f"{field} is a tuple of {noun}, got {_shown(value)}", _as_tuple(value, kind))
        for item in value:
            if not isinstance(item, kind) or item == "":
                named = _name_of(item) if kind is str else ""
                raise self.refuse(
                    f"{field} is a tuple of {noun}, and holds {_shown(item)}",
                    f"write {named}" if named else f"put {noun} into it and nothing else",
                )

    def each_once(self, field: str) -> None:
        """Refuse a tuple that holds something twice."""
        value = getattr(self.record, field)
        for place, item in enumerate(value):
            if item in value[:place]:
                raise self.refuse(f"{field} names {_shown(item)} twice", "leave one out")

    def number(self, field: str, *, proportion: bool = False) -> None:
        """Refuse what is no finite number from 0; a proportion of 1 or more was meant in points."""
        value = getattr(self.record, field)
        example = "write 0.02 for 2 points" if proportion else "write one"
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0.0:
            raise self.refuse(f"{field} must be a number of at least 0, got {_shown(value)}", example)
        if proportion and value >= 1.0:
            raise self.refuse(
                f"{field} is a proportion of problems, and {value:g} would be "
                f"{formatting.in_hundredths(value):g} points",
                f"for {value:g} points write {value / 100:g}" if value < 100.0 else example,
            )


def _as_tuple(value: Any, kind: type) -> str:
    """Say how what was given is written as a tuple."""
    if value is None:
        return "write () for none"
    if isinstance(value, kind):
        return f"write ({repr(value) if kind is str else kind.__name__.upper()},), with a comma"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return f"write {shown(tuple(value))}"
    return "write it in round brackets, (FIRST, SECOND)"


def _name_of(value: Any) -> str:
    """Name of a claim, a condition, a control or a family that was given itself, in quotes; empty for anything else."""
    if isinstance(value, type | StrEnum) or not is_dataclass(value):
        return ""
    names = (getattr(value, field, None) for field in ("name", "id", "condition"))
    return next((repr(name) for name in names if isinstance(name, str)), "")


def _shown(value: Any) -> str:
    """Show a value; of a record its class and name, because all its fields would be a page."""
    name = _name_of(value)
    return f"the {type(value).__name__.lower()} {name}" if name else shown(value)
