"""Measures that are kept (`ctlab.kept_values`): their values as JSON, arrays bit for bit."""

import base64
import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from ctlab.kept_values import NotKeptError, kept
from ctlab.statistics.cells.cell import Measured, Place

P = ParamSpec("P")
R = TypeVar("R")


def kept_value(measure: Callable[P, R]) -> Callable[P, R]:
    """Have a measure's values kept where somebody keeps any: arrays, numbers, texts, cells, and what holds them."""
    signature = inspect.signature(measure)

    @wraps(measure)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            given = signature.bind(*args, **kwargs)
        except TypeError:
            return measure(*args, **kwargs)  # which says of which function one is missing
        given.apply_defaults()
        return cast(R, kept(measure, given.arguments, lambda: measure(*args, **kwargs), form_of, value_of))

    return asked


def form_of(value: Any) -> Any:
    """Return a value's form: what JSON has no word for is an object with one name, which says what it is."""
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) is float:
        return {"float": value.hex()}
    if type(value) is list:
        return [form_of(each) for each in value]
    if type(value) is tuple:
        return {"tuple": [form_of(each) for each in value]}
    if isinstance(value, Mapping):
        return {"table": [[form_of(key), form_of(each)] for key, each in value.items()]}
    if type(value) is Measured:
        place = {"thought": value.place.thought, "place": value.place.place, "value": form_of(value.place.value)}
        return {"cell": {"place": place, "values": form_of(value.values), "more": form_of(value.more)}}
    if getattr(value, "ndim", 0) and value.dtype.kind in "biuf":  # an array; NumPy's scalars have no axis
        return {"array": [value.dtype.str, list(value.shape), base64.b64encode(value.tobytes()).decode()]}
    raise NotKeptError(type(value).__name__)


def value_of(form: Any) -> Any:
    """Return the value of a form."""
    if isinstance(form, list):
        return [value_of(each) for each in form]
    if not isinstance(form, dict):
        return form
    ((kind, content),) = form.items()
    match kind:
        case "float":
            return float.fromhex(content)
        case "tuple":
            return tuple(value_of(each) for each in content)
        case "table":
            return {value_of(key): value_of(each) for key, each in content}
        case "cell":
            place = Place(**{name: value_of(each) for name, each in content["place"].items()})
            return Measured(place=place, values=value_of(content["values"]), more=value_of(content["more"]))
        case "array":
            import numpy as np

            dtype, shape, packed = content
            return np.frombuffer(base64.b64decode(packed), dtype=np.dtype(dtype)).reshape(shape).copy()
    raise ValueError(f"a kept value is no {kind!r}")
