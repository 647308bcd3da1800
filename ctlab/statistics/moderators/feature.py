"""Features of problems as numbers, from a name such as `n_operations`, `difficulty >= 3` or `log10 max_number`."""

import math
import re
from collections.abc import Hashable, Sequence
from dataclasses import fields
from typing import Any

from ctlab.errors import StatisticsError
from ctlab.inputs import shown
from ctlab.records.own_functions import checked_value, named_feature, nearest, own_feature
from ctlab.records.problem_features import Features
from ctlab.statistics.pairing import FeatureLike, own_of

_NUMBER = r"-?\d+(?:\.\d+)?"
_FORM = re.compile(rf"(?:(log10) )?([A-Za-z_][A-Za-z0-9_]*)(?: >= ({_NUMBER})| == (\S.*))?")
MEASURED = tuple(field.name for field in fields(Features) if field.name != "tokens_counted_by")
"""Features that ctlab measures on every problem."""
MOST_GROUPS = 10
"""Texts that a feature which is adjusted for may have: of a number with more, neighbours are put together; texts have
none (`feature_cells.MOST_VALUES`)."""


def feature_values(of: Any, feature: FeatureLike) -> tuple[list[float | None], bool]:
    """Return each problem's value of a feature, and whether it says yes or no.

    Parameters
    ----------
    of : Run or sequence of Problem
        Problems with `features` and `fields`; of a run its problems, with the features that its suite brings itself.
    feature : str or function
        A field of `Features`, a feature of the suite's own, or a column of the problem's own row (`Problem.fields`), in
        this order; or a function of a problem. `NAME >= K` and `NAME == VALUE` make a yes or no of it, `log10 NAME` its
        decimal logarithm. A column of texts that are all numbers (CSV) holds numbers.

    Returns
    -------
    tuple
        The values (1 and 0 for yes and no; None where a problem has no value, or none whose logarithm exists), and
        whether they are yes and no.

    Raises
    ------
    StatisticsError
        For a form that is none of these, an unknown feature, texts that are compared with nothing, and as the function
        of an own feature fails.
    """
    if not isinstance(feature, str):
        asked = own_feature(feature)
        return _numbers([asked.of(problem) for problem in _problems(of)], asked.name)
    logarithm, name, threshold, wanted = _parsed(feature)
    values = _values(of, name)
    if wanted is not None:
        return [None if value is None else float(_is(value, wanted)) for value in values], True
    numbers, binary = _numbers(values, name)
    if threshold is not None:
        return [None if value is None else float(value >= float(threshold)) for value in numbers], True
    if logarithm:
        return [None if value is None or value <= 0 else math.log10(value) for value in numbers], False
    return numbers, binary


def feature_groups(of: Any, feature: FeatureLike) -> list[Hashable]:
    """Return each problem's value of a feature as what groups are made by: numbers as `feature_values`, texts as is."""
    if isinstance(feature, str) and _parsed(feature)[1] == feature:
        values = _values(of, feature)
        if any(isinstance(value, str) for value in values):
            return [None if value is None else str(value) for value in values]
    return list(feature_values(of, feature)[0])


def feature_codes(of: Any, feature: FeatureLike) -> list[float | None]:
    """Return the same as numbers, for a feature that is adjusted for: texts by their place in the alphabet."""
    groups = feature_groups(of, feature)
    if not any(isinstance(value, str) for value in groups):
        return feature_values(of, feature)[0]
    texts = sorted({str(value) for value in groups if value is not None})
    if len(texts) > MOST_GROUPS:
        raise StatisticsError(
            f"Feature {named_feature(feature)!r} has {len(texts)} texts, and at most {MOST_GROUPS} can be adjusted "
            "for; bring a function that puts some of them together (the hook pytest_ctlab_features, Lab(features=…))."
        )
    return [None if value is None else float(texts.index(str(value))) for value in groups]


def feature_name(feature: str) -> str:
    """Return the name of the feature that a text is about; empty when it is written in another form."""
    form = _FORM.fullmatch(feature)
    return form[2] if form else ""


def check_form(feature: str) -> None:
    """Raise StatisticsError where a feature is written in another form than those that `feature_values` reads."""
    _parsed(feature)


def _parsed(feature: str) -> tuple[str | None, str, str | None, str | None]:
    """Return whether its logarithm is meant, the name, a threshold, and a value that is compared with."""
    form = _FORM.fullmatch(feature)
    if form is None:
        raise StatisticsError(
            f"A feature reads 'NAME', 'NAME >= NUMBER', 'NAME == VALUE' or 'log10 NAME', got {feature!r}; write it "
            "like that."
        )
    return form[1], form[2], form[3], form[4]


def _problems(of: Any) -> Sequence[Any]:
    problems: Sequence[Any] = getattr(of, "problems", of)
    # A problem may be anything with features: claims are asked of what has no answers yet, too.
    if not isinstance(problems, Sequence) or any(not hasattr(each, "features") for each in problems):
        raise StatisticsError(f"A feature is read off problems or a run, not {shown(of)}; hand over lab.problems.")
    return problems


def _values(of: Any, name: str) -> list[float | bool | str | None]:
    """Return each problem's value: of what ctlab measures first, then of the suite's own, then of the row's columns."""
    problems, own = _problems(of), own_of(of)
    what = f"Feature {name!r}"
    if all(hasattr(problem.features, name) for problem in problems):
        return [checked_value(what, getattr(problem.features, name), problem) for problem in problems]
    if name in own.features:
        return [own.features[name].of(problem) for problem in problems]
    if any(name in getattr(problem, "fields", ()) for problem in problems):
        return _column([checked_value(what, problem.fields.get(name), problem) for problem in problems])
    columns = dict.fromkeys(column for problem in problems for column in getattr(problem, "fields", ()))
    known = [*MEASURED, *own.features, *columns]
    near = nearest(name, known)
    raise StatisticsError(
        f"Problems have no feature {name!r}{near}{' Their' if near else '; their'} features are {', '.join(known)}."
    )


def _column(values: list[float | bool | str | None]) -> list[float | bool | str | None]:
    """Return a column's values, as numbers where all of its texts are; an empty text is no value."""
    values = [None if isinstance(value, str) and not value.strip() else value for value in values]
    texts = [value for value in values if isinstance(value, str)]
    if not texts or not all(re.fullmatch(rf"\s*{_NUMBER}\s*", text) for text in texts):
        return values
    return [float(value) if isinstance(value, str) else value for value in values]


def _numbers(values: Sequence[float | bool | str | None], name: str) -> tuple[list[float | None], bool]:
    text = next((value for value in values if isinstance(value, str)), None)
    if text is not None:
        raise StatisticsError(
            f"Feature {name!r} is a text such as {text[:40]!r}, which is no number; compare it with one of its values, "
            f"'{name} == {text[:40]}'."
        )
    binary = all(isinstance(value, bool) for value in values if value is not None)
    return [None if value is None else float(value) for value in values], binary


def _is(value: float | bool | str, wanted: str) -> bool:
    """Whether a value is the one that is written: a text, a number, true or false."""
    if isinstance(value, bool):
        return str(value).lower() == wanted.lower()
    if isinstance(value, str):
        return value == wanted
    return re.fullmatch(_NUMBER, wanted) is not None and float(wanted) == value
