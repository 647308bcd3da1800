"""What a format of results is: the files that it recognises, and the rows that it makes of them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ctlab.records.result_row import Results
from ctlab.results.result_file import ResultFile

ROLES = ("id", "question", "answer", "gold", "score", "repeat", "error")
"""What a column can be: the keys of a column map."""

ALL_ROLES = frozenset(ROLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How a file is read where it can be read in several ways."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Column of each role (`ROLES`) that is not to be guessed; an empty name says that no column has the role."""
    filter: str | None = None
    """The tool's filter whose rows are taken; None takes the format's own choice."""
    answers_wanted: bool = False
    """Whether a column that may be the model's answer or the reference is the answer: the references are elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFormat(ABC):
    """One way in which results are kept in files."""

    name: str
    """Short name, such as ``lm-eval``."""
    described: str
    """What such a file holds, for errors."""
    keys: tuple[str, ...] = ()
    """Keys that its objects have, by which the nearest format of an unknown file is found."""
    maps: frozenset[str] = frozenset()
    """Roles whose column can be chosen."""
    filters: bool = False
    """Whether its rows stand under filters, of which one is taken."""

    @abstractmethod
    def recognises(self, file: ResultFile) -> bool:
        """Whether a file is in this format; RecordedError only where it is unfit for any."""

    @abstractmethod
    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read a file that was recognised; RecordedError names the first row that cannot be read."""

    def parts(self, file: ResultFile) -> tuple[Path, ...]:
        """Every file that decides what `read` returns: whoever remembers a result by its file needs them all."""
        return (file.path,)
