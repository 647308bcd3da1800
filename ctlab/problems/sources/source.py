"""What a source of problems is: what it recognises, and the problem set that it makes of it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from ctlab.problems.problem import ProblemSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(ABC):
    """One place or one file format that problems are read from."""

    described: str
    """What can be given for it, for errors."""

    @abstractmethod
    def recognises(self, name: str) -> bool:
        """Whether a name or path is one of this source's."""

    @abstractmethod
    def read(self, name: str, split: str) -> ProblemSet:
        """Read what was recognised; ProblemSetError says what is wrong with it. Files have no splits."""


def set_name(path: Path) -> str:
    """Name a file's set: ``gsm8k/test`` says more than ``test``."""
    return f"{path.resolve().parent.name}/{path.stem}" if path.stem in ("test", "train", "validation") else path.stem
