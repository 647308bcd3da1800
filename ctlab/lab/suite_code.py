"""Code of a suite that fails is said in one sentence, with its own file and line: nobody reads ctlab's to find it."""

import inspect
import re
import site
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from traceback import walk_tb
from types import FrameType

import ctlab
from ctlab.errors import CtlabError, RegistryError
from ctlab.records.own_functions import nearest

_NO_NAME = re.compile(r"cannot import name '(\w+)'")
_NO_ARGUMENT = re.compile(r"(?:(\w+)\.__init__|(\w+))\(\) got an unexpected keyword argument '(\w+)'")
_PATH_AT_END = re.compile(r" \([^()]*\.py\)$")
"""Where Python found the module that lacks a name: ctlab's own file, mostly, in which there is nothing to mend."""


@contextmanager
def suites_code(spared: tuple[type[BaseException], ...] = ()) -> Iterator[None]:
    """Turn whatever goes wrong in a suite's code into a RegistryError with file and line; ``spared`` is let through."""
    try:
        yield
    except spared:
        raise
    except (Exception, SystemExit) as error:
        where = place_of(error)
        raise RegistryError(f"{where}: {_said(error)}" if where else _said(error)) from error


def place_of(error: BaseException) -> str:
    """Return file and line of the last code of a suite's own that an error came through; empty where there was none."""
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_file():
        return place(error.filename, error.lineno)
    frame = _last_frame(error)
    return "" if frame is None else place(frame[0].f_code.co_filename, frame[1])


def place(file: str, line: int | None) -> str:
    """Name a line of a file for a sentence; a file below the working folder as it is opened from there."""
    path = Path(file)
    here = Path.cwd()
    shown = path.relative_to(here) if path.is_relative_to(here) else path
    return f"{shown}, line {line}" if line else str(shown)


def _last_frame(error: BaseException) -> tuple[FrameType, int] | None:
    frames = [(frame, line) for frame, line in walk_tb(error.__traceback__) if _is_suites(frame.f_code.co_filename)]
    return frames[-1] if frames else None


def _is_suites(file: str) -> bool:
    path = Path(file)
    return path.is_absolute() and not any(path.is_relative_to(folder) for folder in _others_folders())


@cache
def _others_folders() -> tuple[Path, ...]:
    """Where code lies that no suite's author wrote: ctlab's, Python's own, and what was installed."""
    installed = [sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    installed += [*site.getsitepackages(), site.getusersitepackages()]
    return (*(Path(folder) for folder in ctlab.__path__), *map(Path, installed))


def _said(error: BaseException) -> str:
    """Say what went wrong, in ctlab's words where they are, and which name was meant where one is unknown."""
    if isinstance(error, CtlabError):
        return str(error)
    if isinstance(error, SyntaxError):
        line = f" in `{error.text.strip()}`" if error.text and error.text.strip() else ""
        return f"{type(error).__name__}: {error.msg}{line}"
    if isinstance(error, SystemExit):
        return f"it ends Python by SystemExit ({error.code}); leave that out"
    text = " ".join(_PATH_AT_END.sub("", str(error)).split())
    if isinstance(error, AttributeError) and error.obj is not None and text == error.name:  # as enumerations say it
        text = f"{getattr(error.obj, '__name__', type(error.obj).__name__)} has no {error.name}"
    return f"{type(error).__name__}: {text}{_meant(error, text)}"


def _meant(error: BaseException, text: str) -> str:
    """Return the end of a sentence that proposes a known name for the one that is not; empty where none is near."""
    frame = _last_frame(error)
    names = {} if frame is None else {**frame[0].f_builtins, **frame[0].f_globals, **frame[0].f_locals}
    if isinstance(error, AttributeError) and isinstance(error.name, str):
        return nearest(error.name, [name for name in dir(error.obj) if not name.startswith("_")])
    if isinstance(error, NameError) and isinstance(error.name, str):
        return nearest(error.name, names)
    if isinstance(error, ImportError) and error.name in sys.modules and (found := _NO_NAME.match(text)):
        module = sys.modules[error.name]
        return nearest(found[1], getattr(module, "__all__", None) or dir(module))
    if isinstance(error, TypeError) and (found := _NO_ARGUMENT.search(text)):
        called = names.get(found[1] or found[2])
        return nearest(found[3], inspect.signature(called).parameters) if callable(called) else ""
    return ""
