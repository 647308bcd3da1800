"""Values are kept by what their arguments hold: whatever decides a value and changes has it worked out anew."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import pytest

from ctlab.kept_values import Keeper, NotKeptError, digest, keeping, kept


class Memory(Keeper):
    """Keeps in a dict."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Any] = {}

    def content(self, value: Any) -> str | None:
        return "a large one" if isinstance(value, str) and value == "LARGE" else None

    def read(self, function: str, arguments: str, read: Callable[[Any], Any]) -> Any:
        form = self.kept.get((function, arguments))
        return None if form is None else read(form)

    def write(self, function: str, arguments: str, form: Any) -> None:
        self.kept[function, arguments] = form


class Kind(Enum):
    __module__ = "ctlab.made_up"  # whose methods the key has a digest of
    ONE = 1
    TWO = 2


class OtherKind(Enum):
    __module__ = "ctlab.made_up"
    ONE = 1


@dataclass(frozen=True)
class Pair:
    __module__ = "ctlab.made_up"
    left: Any
    right: Any


@dataclass(frozen=True)
class OtherPair:
    __module__ = "ctlab.made_up"
    left: Any
    right: Any


class Asked(Pair):
    """Says more than its fields do."""

    __module__ = "ctlab.made_up"

    def __call__(self) -> Any:
        return self.left


@dataclass(frozen=True)
class Theirs:
    """A record of a suite's, whose methods nobody digests."""

    left: Any


class TheirKind(Enum):
    ONE = 1


def double(x: int, **more: Any) -> int:
    """Stands for a statistic."""
    return 2 * x


def triple(x: int, **more: Any) -> int:
    return 3 * x


def asked(memory: Memory, function: Callable[..., int] = double, **arguments: Any) -> tuple[int, bool]:
    """Value of a function, and whether it was worked out."""
    worked: list[int] = []

    def work_out() -> int:
        worked.append(1)
        return function(**arguments)

    with keeping(memory):
        return kept(function, arguments, work_out, lambda value: {"is": value}, lambda form: form["is"]), bool(worked)


def test_same_arguments_are_read():
    memory = Memory()
    assert [asked(memory, x=4), asked(memory, x=4)] == [(8, True), (8, False)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 2),
        (1, True),
        (1, 1.0),
        (0.1, 0.1 + 1e-17 + 2e-17),
        (1.0, np.float64(1.0)),
        ("1", 1),
        ("a", b"a"),
        ((1, 2), [1, 2]),
        ([1, 2], [2, 1]),
        ([[1], 2], [[1, 2]]),
        (["ab", "c"], ["a", "bc"]),
        ({"a": 1}, {"a": 2}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (frozenset({1, 2}), frozenset({1, 3})),
        (0.0, -0.0),
        (np.array([0.0]), np.array([-0.0])),
        (np.array([1.0, 2.0]), np.array([1.0, 2.0]).view(np.int64)),
        (np.array(["a", "bc"]), np.array(["ab", "c"])),
        (Kind.ONE, Kind.TWO),
        (Kind.ONE, OtherKind.ONE),
        (Pair(1, 2), Pair(2, 1)),
        (Pair(1, 2), OtherPair(1, 2)),
        (np.array([1.0, 2.0]), np.array([1.0, 2.0], dtype=np.float32)),
        (np.array([1.0, 2.0]), np.array([[1.0, 2.0]])),
        (np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-15])),
        (None, 0),
        ("LARGE", "large"),
    ],
)
def test_whatever_differs_is_worked_out_anew(one, other):
    if isinstance(one, float) and one == other and type(one) is type(other):
        other = np.nextafter(one, 1.0).item()
    memory = Memory()
    found = [asked(memory, x=1, value=value)[1] for value in (one, other, one, other)]
    assert found == [True, True, False, False]


def test_name_of_an_argument_and_function_count():
    memory = Memory()
    assert [asked(memory, x=1, a=2)[1], asked(memory, x=1, b=2)[1]] == [True, True]
    assert [asked(memory, triple, x=1, a=2), asked(memory, triple, x=1, a=2)] == [(3, True), (3, False)]


NOT_KEPT = [
    len,
    object(),
    [lambda: 1],
    Pair(1, print),
    {"a": object()},
    np.array([object()]),
    Asked(1, 2),
    Theirs(1),
    TheirKind.ONE,
    (number for number in (1, 2)),
    # Digested by what they hold, these would be taken for others.
    {"a": 1, "b": 2}.keys(),
    {"a": 1, "b": 2}.items(),
    Counter("a"),
    defaultdict(int, {"a": 1}),
    np.ma.masked_array([1.0, 2.0], mask=[False, True]),
    np.zeros(2, dtype=[("a", "i4"), ("b", "i4")]),
]


# The text of a value can hold a place in memory, which differs between processes.
@pytest.mark.parametrize("value", NOT_KEPT, ids=[f"{n}-{type(value).__name__}" for n, value in enumerate(NOT_KEPT)])
def test_what_cannot_be_told_apart_is_worked_out_each_time(value):
    memory = Memory()
    assert [asked(memory, x=1, value=value)[1] for _ in range(2)] == [True, True]
    assert not memory.kept
    with pytest.raises(NotKeptError):
        digest(value, memory)


def test_an_error_is_no_value_and_is_raised_each_time():
    memory = Memory()

    def fails(x: int) -> int:
        raise ValueError(x)

    for _ in range(2):
        with pytest.raises(ValueError, match="1"), keeping(memory):
            kept(fails, {"x": 1}, lambda: fails(1), lambda value: value, lambda form: form)
    assert not memory.kept


def test_functions_that_a_value_asks_keep_nothing_of_their_own():
    memory = Memory()

    def outer(x: int) -> int:
        return kept(double, {"x": x}, lambda: double(x), lambda value: value, lambda form: form) + 1

    with keeping(memory):
        kept(outer, {"x": 1}, lambda: outer(1), lambda value: value, lambda form: form)
        assert [name.rpartition(".")[2] for name, _ in memory.kept] == ["outer"]
        # What comes after is kept again.
        kept(double, {"x": 1}, lambda: double(1), lambda value: value, lambda form: form)
    assert len(memory.kept) == 2


def test_first_value_is_what_later_ones_are_read_as():
    with keeping(Memory()):
        found = [kept(double, {"x": 1}, lambda: (1, 2), list, lambda form: form) for _ in range(2)]
    assert found == [[1, 2], [1, 2]]


def test_what_has_no_form_is_left_as_it_is():
    def write(value: int) -> Any:
        raise NotKeptError("int")

    memory = Memory()
    with keeping(memory):
        assert kept(double, {"x": 1}, lambda: double(1), write, lambda form: form) == 2
    assert not memory.kept


def test_nobody_keeps_outside():
    memory = Memory()
    asked(memory, x=1)
    worked: list[int] = []
    assert kept(double, {"x": 1}, lambda: worked.append(1) or 5, lambda value: value, lambda form: form) == 5
    assert worked == [1]
