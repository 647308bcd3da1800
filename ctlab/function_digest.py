"""Digest of a function that somebody else wrote: of its source, and of what it reads beside its arguments.

A claim about an own outcome rests on that outcome's function, so its digest has to move when what the function says
moves: its body, a constant or pattern that it names, a helper that it calls, in whatever file of the suite. Comments,
docstrings, layout and the function's own name do not count (`ctlab.canonical_source`). Of installed libraries, the
standard library and ctlab the name counts, not the source: they are the same as what the statistics rest on.
"""

import ast
import dataclasses
import enum
import functools
import hashlib
import inspect
import re
import sysconfig
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FunctionType, MethodDescriptorType, MethodType, ModuleType
from typing import Any

from ctlab.canonical_source import canonical
from ctlab.errors import CtlabError
from ctlab.source_digest import ROOT

_DIGITS = 16  # 64 bits, as in every key here
_PLAIN = (type(None), bool, int, float, complex, str, bytes, Fraction, Decimal, range)
_INSTALLED = tuple(Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib", "purelib", "platlib"))


def function_digest(function: object) -> str:
    """Digest a function by its source and by everything that this names, as 16 hex digits.

    Raises
    ------
    CtlabError
        Its source cannot be read (typed at a prompt, compiled), or it reads something that has no form of its own, such
        as an open file or a loaded model.
    """
    return hashlib.sha256("\n".join(_Reader().form(function)).encode()).hexdigest()[:_DIGITS]


class _Reader:
    """Writes a value, and what it stands on, as lines; source that was met before is written by its number."""

    def __init__(self) -> None:
        self._met: dict[int, int] = {}
        self._around: list[int] = []
        """Ids of what is being written: a list can hold itself."""

    def form(self, value: object) -> Iterator[str]:
        """Write a value."""
        if isinstance(value, enum.Enum):
            yield f"{type(value).__name__}.{value.name}"
        elif type(value) in _PLAIN:
            yield f"{type(value).__name__} {value!a}"
        elif isinstance(value, FunctionType | type | ModuleType):
            if id(value) in self._met:
                yield f"met {self._met[id(value)]}"
            else:
                self._met[id(value)] = len(self._met)
                yield from self._written(value)
        elif id(value) in self._around:
            yield f"what is {len(self._around) - self._around.index(id(value))} around it"
        else:
            # Not by number: whether two equal constants are one object is a matter of each Python's compiler.
            self._around.append(id(value))
            yield from self._composed(value)
            self._around.pop()

    def _composed(self, value: object) -> Iterator[str]:
        if isinstance(value, re.Pattern):
            yield f"pattern {value.pattern!a} {int(value.flags)}"
        elif isinstance(value, tuple | list):
            yield from self._many(type(value).__name__, value)
        elif isinstance(value, set | frozenset):
            yield "set"  # without an order of its own
            yield from sorted("\n".join(_Reader().form(item)) for item in value)
        elif isinstance(value, Mapping):
            yield from self._many("mapping", [part for pair in value.items() for part in pair])
        elif isinstance(value, functools.partial):
            yield from self._many("partial", [value.func, value.args, value.keywords])
        elif isinstance(value, MethodType):
            yield from self._many("method", [value.__self__, value.__func__])
        elif isinstance(value, MethodDescriptorType):  # str.lower
            yield f"method {value.__qualname__}"
        elif isinstance(value, BuiltinFunctionType):
            owner = value.__self__
            yield from self._many(f"builtin {value.__name__}", [] if isinstance(owner, ModuleType) else [owner])
        elif inspect.isfunction(wrapped := getattr(value, "__wrapped__", None)):  # functools.cache
            yield from self.form(wrapped)
        elif dataclasses.is_dataclass(value):
            names = [field.name for field in dataclasses.fields(value)]
            yield from self._many("record", [type(value), *(getattr(value, name) for name in names)])
        else:
            raise CtlabError(
                f"it reads {_name_of(value)}, which has no form that a digest could be taken of; use a constant, a "
                "pattern or a function in its place"
            )

    def _many(self, what: str, values: Any) -> Iterator[str]:
        yield f"{what} of {len(values)}"
        for value in values:
            yield from self.form(value)

    def _written(self, value: "FunctionType | type | ModuleType") -> Iterator[str]:
        """Write what has source: ours by that and by what it names, an installed library's by name."""
        if _is_installed(value):
            yield f"{value.__module__ if hasattr(value, '__module__') else ''} {_name_of(value)}"
            if isinstance(value, FunctionType):  # a library's decorator holds what it decorates
                yield from self._many("around", list(_around(value).values()))
            return
        tree = ast.Module(_source(value), [])
        _refuse_hidden_imports(tree, value)
        yield canonical(_Absolute().visit(tree), _name_of(value), lambda home: None).form
        if isinstance(value, FunctionType):
            yield from self._many("defaults", [value.__defaults__, value.__kwdefaults__])
        names = _names_of(value)
        for name in sorted({each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}):
            if name in names and names[name] is not value:
                yield f"{name} is"
                yield from self.form(names[name])


class _Absolute(ast.NodeTransformer):
    """Writes ``from .units import KM`` as an import of ``.units``: `canonical` takes full names only."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.ImportFrom:
        """Move the dots into the name."""
        return ast.ImportFrom("." * node.level + (node.module or ""), node.names, 0)


def _refuse_hidden_imports(tree: ast.Module, value: Any) -> None:
    """Refuse what a function imports from the suite when it is called: nobody knows here what that will be."""
    if isinstance(value, ModuleType):
        return
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""] if not node.level else ["."]
        for name in names:
            if name == "." or not _is_installed_name(name):
                raise CtlabError(f"{_name_of(value)} imports inside its body; import at the top of its file")


def _names_of(value: "FunctionType | type | ModuleType") -> Mapping[str, Any]:
    """What the names in a source stand for: those of its module, and for a function those of the calls around it."""
    if isinstance(value, ModuleType):
        return {name: held for name, held in vars(value).items() if isinstance(held, ModuleType | FunctionType | type)}
    if isinstance(value, FunctionType):
        there = set(_global_names(value.__code__))
        return {name: held for name, held in value.__globals__.items() if name in there} | _around(value)
    module = inspect.getmodule(value)
    return {} if module is None else vars(module)


def _around(function: FunctionType) -> dict[str, Any]:
    """Variables of the calls in which a function was made, that have a value."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return {name: cell.cell_contents for name, cell in cells if _is_filled(cell)}


def _is_filled(cell: Any) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:  # of a variable that has no value yet
        return False
    return True


def _global_names(code: CodeType) -> Iterator[str]:
    """Names that are looked up outside a function, by it and by what is written inside it."""
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _global_names(inner)


def _source(value: "FunctionType | type | ModuleType") -> list[ast.stmt]:
    """Return the syntax tree of a function, class or module; the name of a function or class is left out of it."""
    try:
        lines, start = inspect.findsource(value)
        tree = ast.parse("".join(lines))
    except (OSError, TypeError, SyntaxError):
        raise CtlabError(f"the source of {_name_of(value)} cannot be read; write it in a file of the suite") from None
    if isinstance(value, ModuleType):
        return tree.body
    line, name = start + 1, value.__name__
    if isinstance(value, FunctionType):
        line, name = value.__code__.co_firstlineno, value.__code__.co_name
    if name == "<lambda>":
        return [_lambda(tree, line)]
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name != name:
            continue
        if line in (node.lineno, *(decorator.lineno for decorator in node.decorator_list)):
            node.name = "_"
            return [node]
    raise CtlabError(f"{name} is not where its code says it was written; run again, its file may have been edited")


def _lambda(tree: ast.Module, line: int) -> ast.stmt:
    same = {ast.unparse(node): node for node in ast.walk(tree) if isinstance(node, ast.Lambda) and node.lineno == line}
    if len(same) != 1:
        raise CtlabError(f"there are {len(same)} lambdas in line {line} of its file; write functions with `def`")
    return ast.Expr(next(iter(same.values())))


def _is_installed(value: "FunctionType | type | ModuleType") -> bool:
    """Whether something is of the standard library, an installed package or ctlab, and not of somebody's suite."""
    if isinstance(value, FunctionType):
        return _is_installed_file(value.__code__.co_filename)
    module = value if isinstance(value, ModuleType) else inspect.getmodule(value)
    if module is None:
        return False
    file = getattr(module, "__file__", None)
    # Without a file: built in, but for what is typed at a prompt or in a notebook.
    return module.__name__ != "__main__" if file is None else _is_installed_file(file)


def _is_installed_name(module: str) -> bool:
    try:
        spec = find_spec(module.partition(".")[0])
    except (ImportError, ValueError):
        return False
    if spec is None:
        return False
    return spec.origin in (None, "built-in", "frozen") or _is_installed_file(str(spec.origin))


def _is_installed_file(file: str) -> bool:
    path = Path(file).resolve()
    return ROOT in path.parents or any(folder in path.parents for folder in _INSTALLED)


def _name_of(value: object) -> str:
    """Name a value for a sentence."""
    name = getattr(value, "__qualname__", getattr(value, "__name__", ""))
    return str(name) if name and isinstance(value, FunctionType | type | ModuleType) else f"a {type(value).__name__}"
