"""Features of problems as numbers, from a name such as `n_operations`, `n_operations >= 3` or `log10 max_number`."""

import math
import re
from collections.abc import Sequence
from dataclasses import fields
from numbers import Real
from typing import Any

from ctlab.errors import StatisticsError
from ctlab.records.problem_features import Features

_FORM = re.compile(r"(?:(log10) )?([a-z_]+)(?: (>=) (\d+(?:\.\d+)?))?")


def feature_values(problems: Sequence[Any], feature: str) -> tuple[list[float | None], bool]:
    """Return each problem's value of a feature, and whether it says yes or no.

    Parameters
    ----------
    problems : sequence of Problem
        Problems with `features`.
    feature : str
        A field of `Features`; `NAME >= K` makes a yes or no of it, `log10 NAME` its decimal logarithm.

    Returns
    -------
    tuple
        The values (1 and 0 for yes and no; None where a problem has no value, or none whose logarithm exists), and
        whether they are yes and no.

    Raises
    ------
    StatisticsError
        For a form that is none of these, and an unknown feature.
    """
    logarithm, name, threshold = _parsed(feature)
    values = [_value(problem.features, name) for problem in problems]
    if threshold is not None:
        return [None if value is None else float(value >= float(threshold)) for value in values], True
    if logarithm:
        return [None if value is None or value <= 0 else math.log10(value) for value in values], False
    binary = all(isinstance(value, bool) for value in values if value is not None)
    return [None if value is None else float(value) for value in values], binary


def feature_name(feature: str) -> str:
    """Return the field of `ctlab.problems.Features` that a feature is read off.

    Raises
    ------
    StatisticsError
        When it is written in another form, or names no field.
    """
    _, name, _ = _parsed(feature)
    known = [field.name for field in fields(Features)]
    if name not in known:
        raise StatisticsError(f"Problems have no feature {name!r}; their features are {', '.join(known)}.")
    return name


def _parsed(feature: str) -> tuple[str | None, str, str | None]:
    """Return whether its logarithm is meant, the name of a field, and a threshold."""
    form = _FORM.fullmatch(feature)
    if form is None:
        raise StatisticsError(
            f"A feature reads 'NAME', 'NAME >= NUMBER' or 'log10 NAME', got {feature!r}; write it like that."
        )
    return form[1], form[2], form[4]


def _value(features: Any, name: str) -> Any:
    """Return one feature of one problem, None where it has none."""
    if not hasattr(features, name):
        raise StatisticsError(f"Problems have no feature {name!r}; see the fields of ctlab.problems.Features.")
    value = getattr(features, name)
    if value is not None and not (isinstance(value, Real) and math.isfinite(value)):
        raise StatisticsError(
            f"Feature {name!r} must be a finite number, got {value!r}; mend the problem it belongs to."
        )
    return value
