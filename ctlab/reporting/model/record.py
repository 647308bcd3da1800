"""What every record of a report has in common, and the few types that its fields are made of.

Importing this costs pydantic, about a tenth of a second: only what reads, renders or compares a report imports it.
"""

import math
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, PlainValidator, Strict, WithJsonSchema
from pydantic_core import PydanticCustomError

T = TypeVar("T")
Form = dict[str, JsonValue]
"""An object of JSON with free names."""


class Record(BaseModel):
    """One object of a report's JSON: what it must hold is checked when it is read, what it holds beside that is kept.

    Strict, so that no text passes for a number and no 1 for a true; open, so that a report with fields of a later
    version, or of somebody's own, is still read and written whole.
    """

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="allow",
        allow_inf_nan=False,
        populate_by_name=True,
        # Built when it is first read, with what it holds: a record of which a run has none costs nothing.
        defer_build=True,
    )
    __pydantic_extra__: Form = Field(init=False)

    def to_json(self) -> Form:
        """JSON form in builtins: the fields that were given, each under the name that it has in the file."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

    def filled(self: "R", **values: object) -> "R":
        """Return a copy with ``values`` in which every field counts as given, so that its JSON form has them all."""
        return self.model_copy(update={name: getattr(self, name) for name in type(self).model_fields} | values)


R = TypeVar("R", bound=Record)


def _nothing(value: object) -> object:
    return None if value == {} else value


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("float_type", "must be a number")
    if not math.isfinite(value):
        raise PydanticCustomError("finite_number", "must be finite")
    return value


Many = Annotated[tuple[T, ...], Strict(False)]
"""A list of JSON."""
OneOf = Annotated[T, Strict(False)]
"""One word of a closed list, an enum of text."""
Maybe = Annotated[T | None, BeforeValidator(_nothing)]
"""A part that a report may lack; an empty object says the same as null."""
Interval = Annotated[tuple[float, float], Strict(False)]
"""Lower and upper end."""
Number = Annotated[int | float, PlainValidator(_number), WithJsonSchema({"type": "number"})]
"""A number that stays whole in the file where it was."""
Count = Annotated[int, Field(ge=0)]
"""How many."""
Probability = Annotated[float, Field(ge=0.0, le=1.0)]
"""A probability or a p-value."""
Level = Annotated[float, Field(gt=0.0, lt=1.0)]
"""A confidence level, or an α."""
_SLACK = 1e-6
"""How far an estimate may lie outside of its interval: what the search for the interval's ends and rounding leave."""


def check_inside(estimate: float, low: float | None, high: float | None) -> None:
    """Raise unless an estimate lies in its interval; an end that is not known bounds nothing."""
    if (low is not None and estimate < low - _SLACK) or (high is not None and estimate > high + _SLACK):
        raise ValueError(f"must have its estimate in its interval, got {estimate:g} and {low} to {high}")


BASELINE = "baseline"
"""Name of the condition in which nothing is disturbed."""
