"""Keys that cannot be forgotten: a digest of the source that decides a value.

What is quick to work out again (labels, chance rates, certificates, pictures) is kept under the digest of the modules
that work it out and of everything that these import within ctlab: a changed line is another key, and nobody has to
remember a version. What changes no result changes no key: comments, docstrings and layout (`ctlab.canonical_source`),
and the names of modules, because where one is imported the digest of what it holds stands instead.

Data files are not looked at: whoever reads one adds its digest to the key.
"""

import ast
import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from uuid import uuid4

from ctlab.canonical_source import Home, Written, canonical
from ctlab.digest_cache import kept_digest
from ctlab.errors import CtlabError

ROOT = Path(__file__).parent
"""Folder of ctlab's own source."""

_DIGITS = 16  # 64 bits, as in every key here
_LAZY = "exports"  # of ctlab/lazy.py


@cache
def source_digest(*modules: str, root: Path = ROOT) -> str:
    """Digest the source of modules and of all that they import within their package, as 16 hex digits.

    The same wherever the same source is: in a checkout or an installed wheel, under Python 3.11 to 3.13. A process
    keeps the first digest that it took, because its code does not follow an edited file either. The next process reads
    it where no file of the package has changed (`ctlab.digest_cache`).

    Parameters
    ----------
    *modules : str
        Full names. Packages are seen through to the modules in which their names are written, also where these are
        imported when they are used (``ctlab.lazy.exports``).
    root : Path, optional
        Folder of the package that they are in. Where it holds no source (a zip file, compiled files only) the result is
        the version of the package, ``"ctlab 0.1.0"``: such an installation is replaced, not edited.

    Raises
    ------
    CtlabError
        A module is not there, or imports something in a way that its source does not tell.
    """
    if not (root / "__init__.py").is_file():
        return _released(root)
    return kept_digest(root, modules, lambda: _taken(modules, root))


def _taken(modules: Sequence[str], root: Path) -> str:
    """Take the digest of modules and of all that they import."""
    package = _package(root)
    closure: dict[str, Written] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name not in closure:
            closure[name] = package.module(name).written
            waiting += closure[name].targets
    digests = {name: _sha256([written.form]) for name, written in closure.items()}
    # A round tells each module what stands behind its imports, one step further. After as many rounds as there are
    # modules there is nothing left to tell, not on a circle of imports either.
    for _ in closure:
        digests = {
            name: _sha256([digests[name], *(digests[target] for target in written.targets)])
            for name, written in closure.items()
        }
    return _sha256(digests[name] for name in modules)[:_DIGITS]


def _sha256(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


@cache
def _released(root: Path) -> str:
    """What stands for source that cannot be read; never the same for two versions of it."""
    try:
        name = f"{root.name} {version(root.name)}"
    except PackageNotFoundError:
        name = f"{root.name} of an unknown version, process {uuid4().hex}"
    logging.getLogger(__name__).warning(
        "%s holds no source: what is worked out from answers and measurements is kept for %s", root, name
    )
    return name


class _Package:
    """The modules of a package, read when they are asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._modules: dict[str, _Module] = {}

    def module(self, name: str) -> "_Module":
        if name not in self._modules:
            path = self._path(name)
            if path is None:
                raise CtlabError(f"there is no source of a module {name} in {self._root}; was it renamed?")
            self._modules[name] = _Module(name, path, self)
        return self._modules[name]

    def home(self, named: Home) -> Home | None:
        """Follow a name through the packages that hand it on; None where it is of another package."""
        if named.module.partition(".")[0] != self._root.name:
            return None
        if named.name is None:
            return named
        module = self.module(named.module)
        further = module.handed_on.get(named.name, named)
        if further != named:
            return self.home(further) or named
        inside = f"{named.module}.{named.name}"
        return Home(inside, None) if module.is_package and self._path(inside) is not None else named

    def _path(self, module: str) -> Path | None:
        place = self._root.joinpath(*module.split(".")[1:])
        return next((path for path in (place / "__init__.py", place.with_suffix(".py")) if path.is_file()), None)


@cache
def _package(root: Path) -> _Package:
    return _Package(root)


class _Module:
    """One module and what it imports."""

    def __init__(self, name: str, path: Path, package: _Package) -> None:
        self.is_package = path.name == "__init__.py"
        self._name, self._path, self._package = name, path, package

    @cached_property
    def written(self) -> Written:
        return canonical(self._tree(), self._name, self._package.home)

    @cached_property
    def handed_on(self) -> dict[str, Home]:
        """Names that a package imports, at once or lazily, for others to import them from it."""
        if not self.is_package:
            return {}
        body = self._tree().body
        lazy = {name: Home(f"{self._name}.{home}", name) for name, home in _lazy(body).items()}
        return lazy | {
            alias.asname or alias.name: Home(statement.module, alias.name)
            for statement in body
            if isinstance(statement, ast.ImportFrom) and statement.module is not None
            for alias in statement.names
        }

    def _tree(self) -> ast.Module:
        return ast.parse(self._path.read_bytes(), str(self._path))


def _run(statement: ast.stmt) -> Sequence[ast.stmt]:
    """Return what runs of a statement: of ``if not TYPE_CHECKING:`` what is in it, of any other itself."""
    hidden = isinstance(statement, ast.If) and ast.unparse(statement.test) == "not TYPE_CHECKING"
    return statement.body if isinstance(statement, ast.If) and hidden else [statement]


def _lazy(body: Sequence[ast.stmt]) -> Mapping[str, str]:
    """Read the table of ``__getattr__ = exports(__name__, table)``: name to module, empty without such a line."""
    values = {
        target.id: statement.value
        for statement in [inner for outer in body for inner in _run(outer)]
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    call = values.get("__getattr__")
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == _LAZY):
        return {}
    table = call.args[1]
    homes: Mapping[str, str] = ast.literal_eval(values[table.id] if isinstance(table, ast.Name) else table)
    return homes
