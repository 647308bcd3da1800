"""Where problems come from: the embedded set, known sets by name, JSONL files, and the caller's own list."""

import os
from collections.abc import Sequence
from pathlib import Path

from ctlab.errors import ProblemSetError
from ctlab.problems.problem import Problem, ProblemSet
from ctlab.problems.sources.jsonl import problems_of_rows, read_jsonl

KNOWN_SETS = ("gsm8k", "gsm8k-platinum", "gsm-hard", "multi-arith", "svamp")
"""Sets that are read through ``datasets`` from the hub, or from a local folder."""


def load_problems(source: str | os.PathLike[str] | Sequence[Problem], *, split: str = "test") -> ProblemSet:
    """Load a problem set: ``tiny``, a known set's name, a JSONL file, a data set's folder, or a list of problems.

    A known set is looked for in the folder named by ``CTLAB_DATA`` first, then on the hub.
    """
    if not isinstance(source, str | os.PathLike):
        return source if isinstance(source, ProblemSet) else ProblemSet("given", source)
    name = os.fspath(source)
    if name == "tiny":
        return _tiny(split)
    if name in KNOWN_SETS:
        from ctlab.problems.sources.datasets_hub import load_known

        return load_known(name, split)
    path = Path(name or "unnamed").expanduser()
    if path.is_file():
        return ProblemSet(_name_of(path), problems_of_rows(read_jsonl(path), path.name))
    if path.is_dir():
        from ctlab.problems.sources.datasets_hub import load_folder

        return load_folder(path, split)
    if name.endswith((".jsonl", ".json")) or os.sep in name or ".." in name:
        raise ProblemSetError(f"problem file {name!r} does not exist")
    known = ", ".join(("tiny", *KNOWN_SETS))
    raise ProblemSetError(f"unknown problem set {name!r}: known are {known}, a JSONL file, or a data set's folder")


def _name_of(path: Path) -> str:
    """Name a file's set: ``gsm8k/test`` says more than ``test``."""
    return f"{path.resolve().parent.name}/{path.stem}" if path.stem in ("test", "train", "validation") else path.stem


def _tiny(split: str) -> ProblemSet:
    from ctlab.problems.tiny.embedded_set import rows

    if split != "test":
        raise ProblemSetError(f"the embedded problems ship the split 'test', not {split!r}; training draws its own")
    return ProblemSet("tiny", problems_of_rows(enumerate(rows(), start=1), "tiny"))
