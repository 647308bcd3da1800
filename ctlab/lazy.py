"""Public names that are imported when they are first used, so that reading a claim costs no torch and no SciPy."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from ctlab.deprecated import moved


def exports(package: str, homes: Mapping[str, str], before: Callable[[], None] | None = None) -> Callable[[str], Any]:
    """Return a package's ``__getattr__``; old names of the package are looked up in `ctlab.deprecated`.

    Parameters
    ----------
    package : str
        Name of the package.
    homes : mapping of str to str
        Module of each public name, relative to the package.
    before : callable, optional
        Called before a module is imported: what must be set up before torch is.
    """

    def __getattr__(name: str) -> Any:
        if name not in homes:
            return moved(package, name)
        if before is not None:
            before()
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return __getattr__
