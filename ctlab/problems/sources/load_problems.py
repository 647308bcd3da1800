"""The one door to problems: a name, a path, or the caller's own list becomes a problem set."""

import os
from collections.abc import Sequence
from pathlib import Path

from ctlab.errors import ProblemSetError
from ctlab.problems.problem import Problem, ProblemSet
from ctlab.problems.sources import SOURCES


def load_problems(source: str | os.PathLike[str] | Sequence[Problem], *, split: str = "test") -> ProblemSet:
    """Load a problem set: ``tiny``, a known set's name, the path of a file or folder, or a list of problems.

    A known set is looked for in the folder named by ``CTLAB_DATA`` first, then on the hub.
    """
    if not isinstance(source, str | os.PathLike):
        return source if isinstance(source, ProblemSet) else ProblemSet("given", source)
    name = os.fspath(source)
    for known in SOURCES:
        if known.recognises(name):
            return known.read(name, split)
    *described, last = (known.described for known in SOURCES)
    choices = f"{', '.join(described)}, or {last}"
    if name and Path(name).expanduser().is_file():
        raise ProblemSetError(f"problem file {name!r} is in no known format: known are {choices}")
    if name.endswith((".jsonl", ".json")) or os.sep in name or ".." in name:
        raise ProblemSetError(f"problem file {name!r} does not exist")
    raise ProblemSetError(f"unknown problem set {name!r}: known are {choices}")
