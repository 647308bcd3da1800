"""The module that holds a suite's families of claims: where it is, what it holds, and what is wrong with it."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from ctlab import formatting
from ctlab.claims import Family
from ctlab.errors import RegistryError
from ctlab.inputs import read_text, shown
from ctlab.lab.suite_code import suites_code

DEFAULT = "hypotheses.registry"
"""Module that is looked for where no ini option names one; a suite that has none has no claims."""
_MOST_FILES = 500  # of a folder and those in it, looked through for a module that could be meant: milliseconds
_HOLDS_FAMILIES = re.compile(r"^FAMILIES\b.*=", re.MULTILINE)
_LONGEST = 1 << 20  # bytes; a longer file is data, and no module of claims


def find_module(name: str, root: Path) -> Path | None:
    """Return the file of a registry's module, None where there is none; ``root`` is the folder of the ini file."""
    try:
        spec = find_spec(name)
    except (Exception, SystemExit):  # the package around it fails to import: said, with its line, when this one is
        spec = None
    if spec is not None and spec.origin is not None and Path(spec.origin).is_file():
        return Path(spec.origin)
    file = root / Path(*name.split(".")).with_suffix(".py") if name else root
    return file if file.is_file() else None


def load_families(name: str, path: Path) -> Sequence[Family]:
    """Import a registry's module and return its families; RegistryError with file and line where it fails."""
    try:
        with suites_code(spared=(ModuleNotFoundError,)):
            module = import_module(name)
    except ModuleNotFoundError as error:
        if error.name in (name, name.partition(".")[0]):
            raise RegistryError(f"{path} cannot be imported as {name}; add `pythonpath = .` to the ini file") from None
        with suites_code():
            raise
    families = getattr(module, "FAMILIES", None)
    if isinstance(families, list | tuple) and families and all(isinstance(family, Family) for family in families):
        return families
    raise RegistryError(f"{name} must hold FAMILIES, a tuple of ctlab.claims.Family; it has {_held(families)}")


def why_no_module(name: str, root: Path) -> str:
    """Say that there is no module of the name that the ini option gives, or is taken for it; and which could be meant.

    For where `find_module` finds none.
    """
    could_be = sorted(_with_families(root))
    if name == DEFAULT:
        first = could_be[0] if could_be else "claims.registry"
        holds = "" if could_be else ", and hold FAMILIES in claims/registry.py"
        return (
            f"nothing says where the claims are: there is no {DEFAULT}, and no ini option ctlab_registry; write "
            f"`ctlab_registry = {first}` below [pytest] into pytest.ini in {root}{holds}"
        )
    folder = root / Path(*name.split("."))
    if name.endswith(".py") or "/" in name:
        what = "is a path, and a module's name is wanted"
    elif folder.is_dir():
        what = "is a folder, and the module in it that holds FAMILIES is wanted"
    else:
        what = f"names a module that is not there (looked for in {root} and on sys.path)"
    near = get_close_matches(name.removesuffix(".py").replace("/", "."), could_be, n=1, cutoff=0.5) or could_be[:1]
    meant = f"did you mean {near[0]}?" if near else "write one that holds FAMILIES."
    return f"ini option ctlab_registry = {name or 'nothing'} {what}; {meant}"


def _held(families: object) -> str:
    """Say what stands in place of a tuple of families."""
    if isinstance(families, Family):
        return f"the family {families.name!r} itself: write (FAMILY,), with a comma"
    if families is None:
        return "none: name it FAMILIES"
    if isinstance(families, list | tuple) and not families:
        return "an empty one: put a family into it"
    if isinstance(families, list | tuple):
        strange = [family for family in families if not isinstance(family, Family)]
        kinds = dict.fromkeys(type(item).__name__ for item in strange)
        return f"a {formatting.listed([*kinds])} in it: put the claims into a Family"
    return shown(families)


def _with_families(root: Path) -> Iterator[str]:
    """Names of modules in a folder, or one below it, whose text holds families."""
    for file in islice((*sorted(root.glob("*.py")), *sorted(root.glob("*/*.py"))), _MOST_FILES):
        try:
            text = "" if file.stat().st_size > _LONGEST else read_text(file, error=RegistryError)
        except (OSError, RegistryError):  # whatever it is, Python could not import it either
            continue
        if _HOLDS_FAMILIES.search(text):
            yield ".".join(file.relative_to(root).with_suffix("").parts)
