"""Conditions as a person hands them over: one or several, as objects or in their JSON form."""

from collections.abc import Iterable, Mapping
from typing import Any

from ctlab.errors import ConditionError
from ctlab.inputs import shown
from ctlab.interventions.condition import BASELINE, Condition

_EXAMPLE = '{"name": "ct0_blocked", "interventions": [{"keys": ["CT0"], "readers": "later"}]}'


def given_condition(given: Any) -> Condition:
    """Return one condition: an object, its JSON form, or the name ``baseline``; ConditionError says what it is else."""
    if isinstance(given, Condition):
        return given
    if isinstance(given, Mapping):
        return Condition.from_json(given)
    if given == BASELINE.name:
        return BASELINE
    what = f"the name {given!r}" if isinstance(given, str) else shown(given)
    raise ConditionError(
        f"a condition is a ctlab.Condition or its JSON form, such as {_EXAMPLE}, and not {what}"
        + ("; names are known to a ctlab.Lab" if isinstance(given, str) else "")
    )


def given_conditions(given: Any) -> tuple[Condition, ...]:
    """Return conditions: one of them alone, or any iterable."""
    if isinstance(given, Condition | Mapping | str) or not isinstance(given, Iterable):
        return (given_condition(given),)
    return tuple(map(given_condition, given))
