"""Records that were read from a file hold what they declare.

Dataclasses do not look, and a date in place of a text would come out only where dates are sorted.
"""

import math
from collections.abc import Mapping
from dataclasses import fields
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from ctlab.inputs import shown


def check_types(record: Any) -> None:
    """Raise ValueError where a field of a dataclass does not hold what it declares; numbers must be finite."""
    hints = get_type_hints(type(record))
    for field in fields(record):
        value = getattr(record, field.name)
        if not fits(value, hints[field.name]):
            raise ValueError(f"{field.name} cannot be {shown(value)}")


def fits(value: Any, hint: Any) -> bool:
    """Whether a value is of a declared type: plain, or a union, tuple, list, frozenset or mapping of plain ones."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(fits(value, option) for option in inside)
    if origin is tuple and inside[-1] is not ...:
        return isinstance(value, tuple) and len(value) == len(inside) and all(map(fits, value, inside))
    if origin in (tuple, frozenset, list):
        return isinstance(value, origin) and all(fits(item, inside[0]) for item in value)
    if origin is Mapping:
        return isinstance(value, Mapping) and all(fits(key, inside[0]) and fits(value[key], inside[1]) for key in value)
    if hint is Any:
        return is_plain(value)
    if hint in (int, float):
        kinds = int if hint is int else int | float
        return isinstance(value, kinds) and not isinstance(value, bool) and math.isfinite(value)
    return isinstance(value, hint)


def is_plain(value: Any) -> bool:
    """Whether a value is a text, a truth value, a finite number, or a list or table of such."""
    if isinstance(value, list | tuple):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_plain(item) for key, item in value.items())
    return isinstance(value, str) or (isinstance(value, bool | int | float) and math.isfinite(value))
