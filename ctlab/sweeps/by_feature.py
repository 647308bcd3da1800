"""Features of the problems that a sweep is split by, as small numbers."""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from ctlab.errors import InputError
from ctlab.inputs import shown
from ctlab.records.own_functions import Function, OwnFeature, named_feature
from ctlab.statistics.moderators.feature import feature_groups
from ctlab.sweeps.outcomes import Feature

By = str | Function | OwnFeature
_MOST = 64
"""Levels of a feature; of one with more no level has the problems that an effect needs."""


def features_by(of: Any, asked: Any) -> dict[str, Feature]:
    """Return features of problems by name; ``asked`` is one or several, each as claims name a feature or a function.

    ``of`` holds `problems`, and `own` where a suite brings features of its own.

    Raises
    ------
    StatisticsError
        For a feature that the problems do not have.
    InputError
        For one with too many levels, and for one that is asked for twice.
    """
    several: Sequence[By] = asked if isinstance(asked, list | tuple) else [asked]
    found: dict[str, Feature] = {}
    for feature in several:
        if not isinstance(feature, str | OwnFeature) and not callable(feature):
            raise InputError(
                f"by is the name of a feature, such as 'n_operations', or a function; not {shown(feature)}"
            )
        name = named_feature(feature)
        if name in found:
            raise InputError(f"by names the feature {name!r} twice; once is enough")
        found[name] = _coded(name, feature_groups(of, feature))
    return found


def _coded(name: str, values: list[Hashable]) -> Feature:
    there = {value for value in values if value is not None}
    texts = any(isinstance(value, str) for value in there)
    levels = sorted(there, key=str) if texts else sorted(there)  # type: ignore[type-var]  # then all are numbers
    if len(levels) > _MOST:
        raise InputError(
            f"by: the feature {name!r} has {len(levels)} values, and a sweep is split by at most {_MOST}; put some "
            f"together, as in '{name} >= K', or by a function"
        )
    number = {value: code for code, value in enumerate(levels)}
    codes = np.array([-1 if value is None else number[value] for value in values], np.int16)
    return Feature(levels=tuple(map(_said, levels)), codes=codes)


def _said(value: Hashable) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
