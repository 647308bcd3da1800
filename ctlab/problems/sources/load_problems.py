"""The one door to problems: a name, a path, or the caller's own list becomes a problem set."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from ctlab.errors import ProblemSetError
from ctlab.inputs import shown
from ctlab.mistaken_files import LOOKED_AT, told_by_entries, told_by_start
from ctlab.problems.problem import Problem, ProblemSet
from ctlab.problems.sources import SOURCES
from ctlab.problems.sources.file_formats import SUFFIXES
from ctlab.problems.sources.locator import Locator
from ctlab.problems.sources.source import Table, file_begins
from ctlab.records.own_functions import nearest

_ZIP = b"PK\x03\x04"


def load_problems(source: str | os.PathLike[str] | Sequence[Problem], *, split: str = "test") -> ProblemSet:
    """Load a problem set: ``tiny``, a known set's name, the path of a file or folder, an id on the hub, or a list.

    A known set is looked for in the folder named by ``CTLAB_DATA`` first, then on the hub. Behind a question mark
    stand a split and columns: ``mine.csv?question=prompt&gold=label``.
    """
    if not isinstance(source, str | os.PathLike):
        return source if isinstance(source, ProblemSet) else ProblemSet("given", _given(source))
    return read_table(os.fspath(source), split=split).problem_set()


def _given(source: Any) -> list[Problem]:
    """Return the caller's own problems, in whatever they are held; ProblemSetError names what is none."""
    if isinstance(source, Problem):
        return [source]
    if not isinstance(source, Iterable) or isinstance(source, Mapping):
        raise ProblemSetError(
            f"problems are a set's name (tiny, gsm8k), the path of a file, or a list of ctlab.Problem, not "
            f"{type(source).__name__}"
        )
    problems = list(source)
    for place, problem in enumerate(problems, start=1):
        if not isinstance(problem, Problem):
            raise ProblemSetError(
                f"item {place} of the problems is {shown(problem)}, which has no reference answer to be held to; write "
                f'ctlab.Problem(question="…", gold=…), or Problem.from_json for a row in its JSON form'
            )
    return problems


def read_table(name: str, *, split: str = "test") -> Table:
    """Read the rows of a set by its name or path, with their numbers; no row is looked at yet."""
    asked = Locator.parse(name)
    place, split = asked.place, asked.split or split
    if told := _mistaken(place):
        raise ProblemSetError(f"problem file {place!r} is {told}")
    for known in SOURCES:
        if known.recognises(place):
            return asked.named(known.table(place, split))
    *described, last = (known.described for known in SOURCES)
    choices = f"{', '.join(described)}, or {last}"
    if place and Path(place).expanduser().is_file():
        begins = file_begins(Path(place).expanduser(), 40).decode("utf-8", "replace")
        holds = f"; it begins with {shown(begins)}" if begins else "; it is empty"
        raise ProblemSetError(f"problem file {place!r} is in no known format: known are {choices}{holds}")
    if place.endswith(SUFFIXES) or os.sep in place or ".." in place:
        raise ProblemSetError(f"problem file {place!r} does not exist{_beside(place) or '; give one that does'}")
    near = _beside(place) if "." in place else ""  # a suffix that was mistyped
    raise ProblemSetError(f"unknown problem set {place!r}{near or f': known are {choices}'}")


def _mistaken(place: str) -> str:
    """Say what a file is that holds no problems, whatever its name; empty for any other, and for what is no file."""
    path = Path(place).expanduser()
    if not place or not path.is_file():
        return ""
    start = file_begins(path, LOOKED_AT)
    if not start.startswith(_ZIP):
        return told_by_start(start)
    try:
        with ZipFile(path) as archive:
            names = archive.namelist()
    except (BadZipFile, OSError, ValueError):
        names = []
    return told_by_entries(names) or "packed with zip; unpack it and give the file that comes out"


def _beside(place: str) -> str:
    """End a sentence about a file that is not there: which one beside its place may have been meant."""
    path = Path(place).expanduser()
    try:
        names = sorted(file.name for file in path.parent.iterdir() if file.is_file())
    except OSError:  # the folder is not there, or may not be read
        return f"; nor does its folder {str(path.parent)!r}" if not path.parent.exists() else ""
    return nearest(path.name, names)
