"""What a source of problems is: what it recognises, and the rows that it holds."""

import codecs
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ctlab.problems.problem import ProblemSet
from ctlab.problems.rows.read_rows import problems_of_rows
from ctlab.problems.rows.row_form import BadRow, Row
from ctlab.problems.rows.row_ids import check_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of one file or data set, numbered as a person finds them there."""

    name: str
    """What the set is called."""
    origin: str
    """What errors call the file."""
    rows: Iterable[tuple[int, Row | BadRow]]
    """Rows with their numbers, from 1; a file's are read as they are asked for, once."""
    unit: str = "line"
    """What is numbered: lines of a text, or rows."""
    notes: tuple[str, ...] = ()
    """What a reader should know of how the file was read."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Columns that its user named, ours to the file's."""
    id_column: str | None = None
    """Column that names each row; None for the one with a usual name, empty where none does."""

    def problem_set(self) -> ProblemSet:
        """Make problems of the rows; ProblemSetError says what is wrong with which row."""
        problems = problems_of_rows(self.rows, self.origin, self.unit)
        check_ids(problems, self.id_column, self.origin, self.unit)
        return ProblemSet(self.name, [problem for _, problem in problems])


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(ABC):
    """One place or one file format that problems are read from."""

    described: str
    """What can be given for it, for errors."""

    @abstractmethod
    def recognises(self, name: str) -> bool:
        """Whether a name or path is one of this source's."""

    @abstractmethod
    def table(self, name: str, split: str) -> Table:
        """Read the rows of what was recognised; ProblemSetError says what is wrong with it. Files have no splits."""


def set_name(path: Path) -> str:
    """Name a file's set: ``gsm8k/test`` says more than ``test``."""
    return f"{path.resolve().parent.name}/{path.stem}" if path.stem in ("test", "train", "validation") else path.stem


def file_begins(path: Path, length: int = 1024) -> bytes:
    """Return the first bytes of a file without its byte order mark and blanks; none where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(length).removeprefix(codecs.BOM_UTF8).lstrip()
    except OSError:
        return b""
