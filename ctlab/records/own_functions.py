"""Outcomes and features that a suite brings itself: named functions, asked of every problem and never trusted blindly.

An own outcome says of a problem and what was answered whether something is so ("CONTAINS_UNIT", "LONG_ANSWER"); an
own feature says of a problem how much of something it has ("difficulty"). Both are asked anew each time, so that no
value is older than its function; one that says something else the second time is found out by counts that differ.
"""

import inspect
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from ctlab.errors import StatisticsError

OUTCOME_NAME = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
"""Names of outcomes, ctlab's and own ones: ``CONTAINS_UNIT``."""
FEATURE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""Names of features, ctlab's and own ones."""
RESERVED = frozenset({"EVERY"})
"""What a claim names in place of an outcome."""
Function = Callable[..., Any]
_SHOWN = 60  # characters of a question: enough to find it by


@dataclass(frozen=True, slots=True)
class ByNumber:
    """Marks an own outcome that a wrong number has, as ctlab's error labels: what it has by chance is taken off."""

    function: Function
    """Takes a problem and the number (`ctlab.problems.Number`) that was answered; returns True or False."""


@dataclass(frozen=True, slots=True)
class OwnOutcome:
    """One outcome of a suite's own, decided by the text of an answer."""

    name: str
    """As claims name it."""
    function: Function | ByNumber
    """Takes a problem and the text of an answer, and the answer's `Classification` where it needs a third argument;
    returns True or False. Or `ByNumber`: then it is asked of answers that are labelled by their wrong number, and no
    other has it."""
    _needs_label: bool = field(init=False, repr=False, compare=False)

    @property
    def by_number(self) -> bool:
        """Whether the number decides, so that a wrong one can have it by chance."""
        return isinstance(self.function, ByNumber)

    def __post_init__(self) -> None:
        """Refuse a name that is none, and what cannot be called like that."""
        if not OUTCOME_NAME.fullmatch(self.name) or self.name in RESERVED:
            raise StatisticsError(f"an own outcome is named in capitals, such as CONTAINS_UNIT, not {self.name!r}")
        object.__setattr__(self, "_needs_label", False)
        if isinstance(self.function, ByNumber):
            _check_takes(self.function.function, f"own outcome {self.name}", ("problem", "number"))
            return
        takes = _check_takes(self.function, f"own outcome {self.name}", ("problem", "text"), ("classification",))
        object.__setattr__(self, "_needs_label", takes == 3)

    def __str__(self) -> str:
        """Its name, as claims write it."""
        return self.name

    def of(self, problem: Any, text: str, classification: Any) -> bool:
        """Ask whether one answer has it."""
        if isinstance(self.function, ByNumber):
            number = classification.wrong_number
            return number is not None and self.of_number(problem, number)
        more = (classification,) if self._needs_label else ()
        return self._checked(_asked(f"own outcome {self.name}", self.function, problem, text, *more), problem)

    def of_number(self, problem: Any, number: Any) -> bool:
        """Ask whether a wrong number would have it as an answer to a problem; of `ByNumber` only."""
        assert isinstance(self.function, ByNumber)
        return self._checked(_asked(f"own outcome {self.name}", self.function.function, problem, number), problem)

    def _checked(self, value: Any, problem: Any) -> bool:
        if not isinstance(value, bool):
            raise StatisticsError(
                f"own outcome {self.name} returned {_shown(value)} for {_which(problem)}; return True or False"
            )
        return value


@dataclass(frozen=True, slots=True)
class OwnFeature:
    """One feature of problems of a suite's own."""

    name: str
    """As claims name it."""
    function: Function
    """Takes a problem; returns a finite number, True or False, the name of a group, or None where it has none."""

    def __post_init__(self) -> None:
        """Refuse a name that is none, and what cannot be called like that."""
        if not FEATURE_NAME.fullmatch(self.name):
            raise StatisticsError(f"an own feature is named by letters, digits and _, not {self.name!r}")
        _check_takes(self.function, f"own feature {self.name}", ("problem",))

    def __str__(self) -> str:
        """Its name, as claims write it."""
        return self.name

    def of(self, problem: Any) -> float | bool | str | None:
        """Ask one problem's value."""
        what = f"own feature {self.name}"
        return checked_value(what, _asked(what, self.function, problem), problem)


@dataclass(frozen=True, slots=True)
class Own:
    """Everything that a suite brings itself, by name."""

    outcomes: Mapping[str, OwnOutcome] = field(default_factory=dict)
    """Own outcomes."""
    features: Mapping[str, OwnFeature] = field(default_factory=dict)
    """Own features."""


NOTHING_OWN = Own()
"""What a suite without own functions brings."""


def named_outcome(outcome: Any) -> str:
    """Return the name of an outcome that was handed over: as a name, or as a function, in capitals."""
    return str(outcome) if isinstance(outcome, str | OwnOutcome) else own_outcome(outcome).name


def own_outcome(given: "Function | ByNumber | OwnOutcome") -> OwnOutcome:
    """Return an own outcome for a function; it is named as the function is, in capitals."""
    if isinstance(given, OwnOutcome):
        return given
    function = given.function if isinstance(given, ByNumber) else given
    if not callable(function):
        raise StatisticsError(f"There is no outcome {given!r}; give its name, or a function of a problem and a text.")
    name = getattr(function, "__name__", "").strip("_").upper()
    return OwnOutcome(name if OUTCOME_NAME.fullmatch(name) else "OWN_OUTCOME", given)


def named_feature(feature: Any) -> str:
    """Return the name of a feature that was handed over: as a name, or as a function."""
    return str(feature) if isinstance(feature, str | OwnFeature) else own_feature(feature).name


def own_feature(given: "Function | OwnFeature") -> OwnFeature:
    """Return an own feature for a function; it is named as the function is."""
    if isinstance(given, OwnFeature):
        return given
    name = getattr(given, "__name__", "")
    return OwnFeature(name if FEATURE_NAME.fullmatch(name) else "own_feature", given)


def checked_value(what: str, value: Any, problem: Any) -> float | bool | str | None:
    """Return a feature's value as a Python number, truth value, text or None; StatisticsError for anything else."""
    value = _plain(value)
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float) and _is_finite(value):
        return value
    raise StatisticsError(
        f"{what} must be a finite number, True or False, a text or None, got {_shown(value)} for {_which(problem)}"
    )


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond a float
        return False


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that proposes a known name; empty where none is near."""
    by_capitals = {each.upper(): each for each in known}
    found = get_close_matches(name.upper(), by_capitals, n=1)
    return f"; did you mean {by_capitals[found[0]]!r}?" if found else ""


def check_names(names: Sequence[str], known: Iterable[str], what: str) -> None:
    """Raise where a suite gives a name of ctlab's to something of its own."""
    taken = set(known)
    for name in names:
        if name in taken:
            raise StatisticsError(f"{name!r} is {what} of ctlab already; give your own another name")


def _check_takes(function: Function, what: str, given: tuple[str, ...], more: tuple[str, ...] = ()) -> int:
    """Return how many arguments a function is called with: those of `more` only where it cannot do without."""
    if not callable(function):
        raise StatisticsError(f"{what} must be a function, not {_shown(function)}")
    for count in range(len(given), len(given) + len(more) + 1):
        if _can_be_called(function, count):
            return count
    expected = f"({', '.join(given)})" + (f" or ({', '.join(given + more)})" if more else "")
    raise StatisticsError(f"{what} is called with {expected}, which its function does not take")


def _can_be_called(function: Function, count: int) -> bool:
    """Whether a function can be called with so many positional arguments."""
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # compiled, and says nothing of its arguments
        return True
    return True


def _asked(what: str, function: Function, problem: Any, *more: Any) -> Any:
    try:
        return _plain(function(problem, *more))
    except Exception as error:
        said = " ".join(str(error).split())
        raise StatisticsError(f"{what} failed for {_which(problem)}: {type(error).__name__}: {said}") from error


def _plain(value: Any) -> Any:
    """Turn a NumPy scalar into Python's own."""
    return value.item() if hasattr(value, "dtype") and getattr(value, "ndim", None) == 0 else value


def _which(problem: Any) -> str:
    question = " ".join(str(getattr(problem, "question", "")).split())
    start = question if len(question) <= _SHOWN else question[: _SHOWN - 3] + "..."
    return f"problem {getattr(problem, 'id', '?')} ({start!r})"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
