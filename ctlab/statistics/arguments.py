"""What a public statistic is given: runs, a question and numbers, or a sentence that says which argument is none.

A notebook hands over what it has at hand: a condition's name, what `ctlab.generate` returned, a claim without its α.
Left to the first line that reads an attribute, it would be told that 'str' object has no attribute 'condition'.
"""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from ctlab.errors import StatisticsError
from ctlab.inputs import shown
from ctlab.kept_values import NotKeptError, kept
from ctlab.records.effect import Effect
from ctlab.statistics.pairing import AnsweredRun, Question

P = ParamSpec("P")
R = TypeVar("R")

Check = Callable[[str, str, Any], None]
"""Takes the statistic's name, the argument's name and its value; raises a StatisticsError."""


def checked_arguments(statistic: Callable[P, R]) -> Callable[P, R]:
    """Check the arguments of a statistic by what they are annotated with, before its first line.

    An `AnsweredRun`, a sequence of them, a `Question`, a mapping and a sequence are looked at; an argument that may be
    something else as well is the statistic's own to check. Too few arguments or too many are Python's to refuse.
    An effect follows from its arguments, and is read where it is kept for them (`ctlab.kept_values`).
    """
    signature = inspect.signature(statistic)
    checks = {name: check for name, each in signature.parameters.items() if (check := _check_of(each.annotation))}

    @wraps(statistic)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError:
            return statistic(*args, **kwargs)  # which says of which function one is missing
        for name, check in checks.items():
            if name in given:
                check(statistic.__name__, name, given[name])
        return cast(R, kept(statistic, given, lambda: statistic(*args, **kwargs), _form, Effect.from_json))

    return asked


def _form(effect: Any) -> Any:
    """Form in which an effect is kept, that of reports; what is no effect is not kept."""
    if type(effect) is not Effect:
        raise NotKeptError(type(effect).__name__)
    return effect.to_json()


def _check_of(annotation: Any) -> Check | None:
    """Return how an argument is checked, None for one that may be anything.

    An annotation that names numpy is a text, because numpy is not imported for it: all are read as they are written.
    """
    written = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    written = written.replace("collections.abc.", "")
    if annotation in (AnsweredRun, Question):
        return _run if annotation is AnsweredRun else _question
    if written.endswith("| None"):
        return None
    if written.startswith("Mapping["):
        return _mapping
    if written.startswith("Sequence["):
        return _runs if AnsweredRun.__name__ in written else check_values
    return None


def _run(statistic: str, name: str, value: Any) -> None:
    if hasattr(value, "ids") and hasattr(getattr(value, "condition", None), "name"):
        return
    raise StatisticsError(f"{statistic}: {name} is a run, not {_got(value)}; {_as_run(value)}")


def _runs(statistic: str, name: str, value: Any) -> None:
    if hasattr(value, "ids"):
        raise StatisticsError(f"{statistic}: {name} is a list of runs, not one run; write [RUN]")
    if isinstance(value, str | bytes | Mapping) or not hasattr(value, "__len__") or not hasattr(value, "__iter__"):
        raise StatisticsError(f"{statistic}: {name} is a list of runs, not {_got(value)}; {_as_run(value)}")
    for each in value:
        if not hasattr(each, "ids") or not hasattr(getattr(each, "condition", None), "name"):
            raise StatisticsError(f"{statistic}: {name} is a list of runs, and holds {_got(each)}; {_as_run(each)}")


def _as_run(value: Any) -> str:
    """Say how what was given becomes a run."""
    condition = getattr(value, "condition", None)
    if isinstance(condition, str):  # what ctlab.generate returned for one condition
        return f"of what ctlab.generate returned, write runs.labelled[{condition!r}]"
    if isinstance(value, str) and value.isidentifier():
        return f"write lab.run({value!r}), or run({value!r}) in a claim test"
    return 'write lab.run("CONDITION"), or run("CONDITION") in a claim test'


def _question(statistic: str, name: str, value: Any) -> None:
    missing = [field for field in ("direction", "margin", "alpha") if not hasattr(value, field)]
    if not missing:
        return
    if missing == ["alpha"]:
        raise StatisticsError(
            f"{statistic}: {_got(value)} has no alpha, which its family gives it; write lab.judge(CLAIM), or take the "
            "fixture `claim` in a test"
        )
    raise StatisticsError(
        f"{statistic}: {name} says direction, margin and alpha, and {_got(value)} has no {missing[0]}; hand over the "
        'fixture `claim`, or types.SimpleNamespace(direction="decrease", margin=0.0, alpha=0.05)'
    )


def check_values(statistic: str, name: str, value: Any) -> None:
    """Raise a StatisticsError for what is no list or array."""
    if isinstance(value, str | bytes | Mapping) or not hasattr(value, "__iter__") or not hasattr(value, "__len__"):
        raise StatisticsError(
            f"{statistic}: {name} is a list or an array with one entry a problem, not {_got(value)}; write "
            "measured values there, in the order of the problems"
        )


def _mapping(statistic: str, name: str, value: Any) -> None:
    if not isinstance(value, Mapping):
        raise StatisticsError(
            f"{statistic}: {name} is a table from names to numbers, such as {{'CT1': distances}}, not {_got(value)}"
        )
    for part, values in value.items():
        check_values(statistic, f"{name}[{part!r}]", values)


def _got(value: Any) -> str:
    """Name what was given: a record by its class and name, anything else as it is."""
    named = next((name for name in (getattr(value, "id", None), getattr(value, "name", None)) if name), None)
    return f"the {type(value).__name__} {named!r}" if isinstance(named, str) else shown(value)
