"""Reading JSON into records, and what is wrong with it as one sentence that names the place."""

import json
from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from ctlab import formatting
from ctlab.errors import InputError
from ctlab.reporting.model.record import Record

T = TypeVar("T")

_LONGEST = 60
"""Characters of a wrong value that a sentence shows: enough to find it, short enough for one line of a terminal."""

_MUST = {
    "missing": "is missing",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "finite_number": "must be a finite number",
    "greater_than": "must be above {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be below {lt:g}",
    "less_than_equal": "must be at most {le:g}",
    "too_short": "must hold at least {min_length}",
    "too_long": "must hold at most {max_length}",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
}
"""What pydantic's kinds of error say, in the words of a report; the rest is said in pydantic's own."""


def read(form: type[T], value: object, file: str) -> T:
    """Read a value of JSON as a record, or as a list of records.

    Parameters
    ----------
    form : type
        What it must be: a record, or ``tuple[SomeRecord, ...]``.
    value
        What JSON holds.
    file : str
        Name of the file, for the error.

    Raises
    ------
    InputError
        When a field is missing or wrong: one sentence with its path, such as
        ``report.json: claims[3].effect.low must be a number, got 'x'.``
    """
    try:
        return _validator(form)(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InputError(f"{file}: {_sentence(first, value)}.") from None


def _validator(form: type[T]) -> Callable[[object], T]:
    """What checks a form. A record checks itself: within an adapter pydantic forgets that free JSON must be finite."""
    if isinstance(form, type) and issubclass(form, Record):
        return form.model_validate
    return TypeAdapter(form, config=ConfigDict(allow_inf_nan=False)).validate_python


def _sentence(error: ErrorDetails, whole: object) -> str:
    """The first wrong field: its path, what it must be, what it is."""
    words = error.get("ctx", {})
    path = _path(error["loc"], whole, missing=error["type"] == "missing") or "the file"
    if error["type"] == "value_error":
        return f"{path} {words['error']}"
    must = _MUST.get(error["type"], error["msg"]).format(**words)
    return f"{path} {must}" if error["type"] == "missing" else f"{path} {must}, got {shown(error['input'])}"


def _path(places: tuple[str | int, ...], whole: object, *, missing: bool) -> str:
    """Path of a field as people write it: claims[3].effect.low."""
    path = ""
    here: object = whole
    for number, place in enumerate(places):
        last = missing and number + 1 == len(places)
        if isinstance(here, Mapping) and (place in here or last):
            path += _name(str(place), first=not path)
            here = here.get(place)
        elif isinstance(here, list | tuple) and isinstance(place, int):
            path += f"[{place}]"
            here = here[place] if place < len(here) else None
        # Anything else names one of several forms that pydantic tried, and no field.
    return path


def _name(place: str, *, first: bool) -> str:
    if not place.isidentifier():
        return f"[{json.dumps(place)}]"
    return place if first else f".{place}"


def shown(value: object) -> str:
    """A wrong value in a few words."""
    if isinstance(value, Mapping):
        return f"an object with {formatting.counted(len(value), 'field')}"
    if isinstance(value, list | tuple):
        return f"a list of {formatting.count(len(value))}"
    if isinstance(value, str):
        text = repr(value)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…'"
    return json.dumps(value)
