"""What ``help(Claim)`` shows of a dataclass: every field with its meaning, unit and default, as it stands below it.

Python forgets the text below a field. It is read from the class's source when somebody asks, so that it is written once
and importing costs nothing; where there is no source to read, the class's own sentence is shown alone.
"""

import ast
import inspect
import textwrap
from dataclasses import MISSING, Field, fields
from enum import Enum
from itertools import pairwise
from typing import Any, TypeVar

C = TypeVar("C", bound=type)


def documented(cls: C) -> C:
    """Let a dataclass's docstring list its fields."""
    cls.__doc__ = _FieldDocs(cls.__doc__ or "")  # type: ignore[assignment]  # a descriptor, which gives a text
    return cls


class _FieldDocs:
    """A docstring that is put together when it is read."""

    def __init__(self, first: str) -> None:
        self._first = first
        self._whole = ""

    def __get__(self, instance: object, owner: Any) -> str:
        if not self._whole:
            self._whole = _with_fields(owner, inspect.cleandoc(self._first))
        return self._whole


def field_texts(cls: type) -> dict[str, str]:
    """Return the text below each field of a class, by name; nothing where its source cannot be read."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    except (OSError, TypeError, SyntaxError):
        return {}
    (body,) = (node.body for node in tree.body if isinstance(node, ast.ClassDef))
    texts: dict[str, str] = {}
    for field, below in pairwise(body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                texts[name] = " ".join(text.split())
    return texts


def _with_fields(cls: Any, first: str) -> str:
    texts = field_texts(cls)
    rows = [
        f"{field.name} : {_type(field)}{_default(field)}\n{_indented(texts[field.name])}"
        for field in fields(cls)
        if field.name in texts
    ]
    return "\n".join([first, "", "Fields", "------", *rows]) if rows else first


def _indented(text: str) -> str:
    return textwrap.indent(textwrap.fill(text, 92), "    ")


def _type(field: "Field[Any]") -> str:
    return field.type if isinstance(field.type, str) else inspect.formatannotation(field.type)


def _default(field: "Field[Any]") -> str:
    if field.default is MISSING:
        return "" if field.default_factory is MISSING else f", default {field.default_factory()!r}"
    default = field.default
    return (
        f", default {type(default).__name__}.{default.name}" if isinstance(default, Enum) else f", default {default!r}"
    )
