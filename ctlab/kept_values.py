"""Values that follow from their arguments alone, kept: who asks again with the same arguments reads what came of it.

A statistic and a measure are pure functions. Where somebody keeps values (`keeping`), the arguments are digested by
what they hold, never by what they are called, and the value is looked up under function and digest. Nobody keeps any in
a notebook: there everything is worked out, and nothing of this module is noticed.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
_OURS = __name__.partition(".")[0]
"""Package whose classes are taken apart: of their methods the keeper has a digest, of nobody else's."""
_NUMBERS = "biufcUSmM"
"""Kinds of NumPy's types of which an array's bytes say everything: no objects, and no records, which have names."""


class NotKeptError(Exception):
    """A value that no digest or no form stands for, such as a function: what depends on it is worked out each time."""


class Keeper(Protocol):
    """Who keeps values, and knows by what larger things that are handed out are told apart."""

    def content(self, value: Any) -> str | None:
        """Digest of everything that a value holds; None for one that `digest` is to take apart itself."""

    def read(self, function: str, arguments: str, read: Callable[[Any], T]) -> T | None:
        """Return what ``read`` makes of the form that is kept for a function's arguments; None where there is none."""

    def write(self, function: str, arguments: str, form: Any) -> None:
        """Keep a form."""


_keeper: ContextVar[Keeper | None] = ContextVar("keeper", default=None)


@contextmanager
def keeping(keeper: Keeper) -> Iterator[None]:
    """Have what is worked out inside kept by a keeper."""
    before = _keeper.set(keeper)
    try:
        yield
    finally:
        _keeper.reset(before)


def kept(
    function: Callable[..., T],
    arguments: Mapping[str, Any],
    work_out: Callable[[], T],
    write: Callable[[T], Any],
    read: Callable[[Any], T],
) -> T:
    """Return the value of a function: as it is kept, or worked out and kept.

    Either way it is what ``read`` makes of the form that ``write`` gives it, so that a value that is read and one that
    was just worked out are the same. What the function asks of other functions that keep theirs is part of its own.

    Parameters
    ----------
    function : callable
        Whose value it is; it must follow from the arguments.
    arguments : mapping of str to Any
        All of its arguments, by name.
    work_out : callable
        Works the value out.
    write, read : callable
        To a form of JSON's builtins, and back; `NotKeptError` from ``write`` leaves the value as it is.
    """
    keeper = _keeper.get()
    if keeper is None:
        return work_out()
    name = f"{function.__module__}.{function.__qualname__}"
    try:
        asked = digest(arguments, keeper)
    except NotKeptError:
        return work_out()
    if (known := keeper.read(name, asked, read)) is not None:
        return known
    within = _keeper.set(None)
    try:
        value = work_out()
    finally:
        _keeper.reset(within)
    try:
        form = write(value)
    except NotKeptError:
        return value
    keeper.write(name, asked, form)
    return read(form)


def digest(value: Any, keeper: Keeper) -> str:
    """Digest what a value holds, 64 hex digits; `NotKeptError` for what cannot be told apart by what it holds."""
    told = hashlib.sha256()
    for part in _parts(value, keeper):
        told.update(part)
    return told.hexdigest()


def _parts(value: Any, keeper: Keeper) -> Iterator[bytes]:
    """Yield a value's parts, each behind its type and its length: no two values have the same."""
    known, ours = type(value), type(value).__module__.partition(".")[0] == _OURS
    kind = f"{known.__module__}.{known.__qualname__}"
    if value is None or known in (bool, int, float, str, bytes):
        yield _told(kind, repr(value).encode("utf-8", "surrogatepass"))
    elif (content := keeper.content(value)) is not None:
        yield _told(kind, content.encode())
    elif callable(value):
        raise NotKeptError(kind)  # what it returns, its fields do not say
    elif ours and isinstance(value, Enum):
        yield _told(kind, value.name.encode())
    elif known in (dict, MappingProxyType) or (ours and isinstance(value, Mapping)):
        yield _told("mapping", str(len(value)).encode())
        for key, each in value.items():
            yield from _parts(key, keeper)
            yield from _parts(each, keeper)
    elif known in (list, tuple):
        yield _told(kind, str(len(value)).encode())
        for each in value:
            yield from _parts(each, keeper)
    elif known in (set, frozenset):  # not a mapping's keys: these have an order
        yield _told("set", "".join(sorted(digest(each, keeper) for each in value)).encode())
    elif known.__module__ == "numpy" and hasattr(value, "tobytes") and value.dtype.kind in _NUMBERS:
        yield _told(f"{kind} {value.dtype.str} {value.shape}", value.tobytes())
    elif ours and is_dataclass(value):
        names = [each.name for each in fields(value)]
        yield _told(kind, str(len(names)).encode())
        for name in names:
            yield _told("field", name.encode())
            yield from _parts(getattr(value, name), keeper)
    else:
        raise NotKeptError(kind)


def _told(kind: str, content: bytes) -> bytes:
    return f"{kind}:{len(content)}:".encode() + content
