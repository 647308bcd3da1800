"""A module's source in one form, whatever its layout, its Python and the names of the modules that it imports.

Written are syntax trees: comments, layout, quotes, needless parentheses and trailing commas are in none. ``ast.dump``
would not do, because it writes one tree differently under Python 3.11 to 3.13.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple, TypeGuard

from ctlab.errors import CtlabError

# ctx is implied by where a node stands, kind is the u of u"…", and ast.parse leaves the other two empty.
_SILENT = {"ctx", "kind", "type_comment", "type_ignores"}


class Home(NamedTuple):
    """Where an imported name is written."""

    module: str
    """Full name of the module."""
    name: str | None
    """Name there; None: it is the module itself."""


class Written(NamedTuple):
    """A module in its one form."""

    form: str
    """The text; modules of the same package are not named in it."""
    targets: tuple[str, ...]
    """These modules, in an order that does not depend on their names."""


def canonical(tree: ast.Module, module: str, find: Callable[[Home], Home | None]) -> Written:
    """Write the tree of ``module``.

    Parameters
    ----------
    tree : ast.Module
        What ``ast.parse`` made of the source.
    module : str
        Full name, for error messages.
    find : callable
        Given what an import statement names, says where that is written; None where it is of another package.

    Raises
    ------
    CtlabError
        The module imports something in a way that its source does not tell.
    """
    return _Writer(module, find).written(tree)


class _Writer:
    """Writes classes of nodes, those fields that hold something, and constants in ASCII."""

    def __init__(self, module: str, find: Callable[[Home], Home | None]) -> None:
        self._module, self._find = module, find
        self._parts: list[str] = []
        self._targets: list[str] = []
        self._modules: dict[str, list[str]] = {}
        """Modules that each name is bound to, somewhere in the source."""
        self._used: dict[str, int] = {}
        """Number of each such name, in the order of first use."""

    def written(self, tree: ast.Module) -> Written:
        self._block(tree.body)
        names = [*self._used, *sorted(self._modules.keys() - self._used.keys())]
        targets = [*self._targets, *(module for name in names for module in self._modules[name])]
        return Written("\n".join(self._parts), tuple(targets))

    def _block(self, statements: Sequence[ast.stmt]) -> None:
        """Write statements, imports first and sorted, without docstrings and what only type checkers read."""
        self._imports(pair for statement in statements for pair in self._imported(statement))
        for statement in statements:
            if _for_type_checkers(statement):
                self._block(statement.orelse)
            elif not isinstance(statement, ast.Import | ast.ImportFrom) and not _is_docstring(statement):
                self._node(statement)

    def _imported(self, statement: ast.stmt) -> Iterator[tuple[str, Home]]:
        """Yield what an import statement binds, and to what."""
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                if alias.asname is None and self._find(Home(alias.name, None)):
                    raise CtlabError(f"{self._module}: write `from … import …` instead of `import {alias.name}`")
                yield alias.asname or alias.name, Home(alias.name, None)
        elif isinstance(statement, ast.ImportFrom):
            if statement.module is None or statement.level or statement.names[0].name == "*":
                raise CtlabError(f"{self._module}: import single names, from the full name of a module")
            for alias in statement.names:
                if alias.name != "TYPE_CHECKING":
                    yield alias.asname or alias.name, Home(statement.module, alias.name)

    def _imports(self, bindings: Iterable[tuple[str, Home]]) -> None:
        lines: list[tuple[str, list[str]]] = []
        for bound, named in bindings:
            if named in (Home("importlib", None), Home("importlib", "import_module")):
                raise self._refused("importlib")
            home = self._find(named)
            if home is None:
                lines.append((f"{bound} is {named.module} {named.name}", []))
            elif home.name is None:
                self._modules.setdefault(bound, []).append(home.module)
            else:
                lines.append((f"{bound} is our {home.name}", [home.module]))
        for text, targets in sorted(lines):
            self._parts.append(text)
            self._targets += targets

    def _refused(self, what: str) -> CtlabError:
        return CtlabError(
            f"{self._module} uses {what}: its source does not tell what that imports, so no digest can be taken of it"
        )

    def _node(self, node: ast.AST) -> None:
        if isinstance(node, ast.Constant):
            # Not repr: which characters it escapes is a matter of each Python's Unicode tables.
            self._parts.append(f"{type(node.value).__name__} {node.value!a}")
        elif isinstance(node, ast.Name):
            self._parts.append(self._name(node.id))
        else:
            self._parts.append(f"{type(node).__name__}(")
            for field, value in _filled(node):
                self._parts.append(field)
                self._value(value)
            self._parts.append(")")

    def _value(self, value: object) -> None:
        if isinstance(value, ast.AST):
            self._node(value)
        elif not isinstance(value, list):
            self._parts.append(ascii(value))
        elif isinstance(value[0], ast.stmt):
            self._block(value)
        else:
            for entry in value:
                self._value(entry)
            self._parts.append("]")

    def _name(self, name: str) -> str:
        if name == "__import__":
            raise self._refused("__import__")
        # How a name that stands for a module is spelled does not enter: it is the module's own name, most of the time.
        return f"module {self._used.setdefault(name, len(self._used))}" if name in self._modules else name


def _filled(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """Yield the fields that hold something: what a later Python adds empty (type_params) leaves no trace then."""
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(node, ast.JoinedStr):
            value = _joined(value)
        if field not in _SILENT and value is not None and value != []:
            yield field, value


def _joined(values: Any) -> list[ast.expr]:
    """Join the texts of an f-string that stand side by side: Python 3.12 puts empty ones between them."""
    joined: list[ast.expr] = []
    for is_text, group in groupby(values, key=lambda value: isinstance(value, ast.Constant)):
        if not is_text:
            joined += group
        elif text := "".join(part.value for part in group):
            joined.append(ast.Constant(text))
    return joined


def _for_type_checkers(statement: ast.stmt) -> TypeGuard[ast.If]:
    return (
        isinstance(statement, ast.If) and isinstance(statement.test, ast.Name) and statement.test.id == "TYPE_CHECKING"
    )


def _is_docstring(statement: ast.stmt) -> bool:
    """Whether a statement is nothing but a constant: the docstring of a module, function, class or field."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
