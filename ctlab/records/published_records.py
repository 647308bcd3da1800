"""Records that a study published: which files these are by what they hold, and where they lie in somebody's folder."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ctlab import formatting
from ctlab.errors import RecordedError
from ctlab.field_docs import documented
from ctlab.inputs import read_bytes, read_json, shown

_SHOWN = 12  # digits of a digest in a sentence


@documented
@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """One file of a study, known by its digest and not by where it lies."""

    paths: tuple[str, ...]
    """Where it may lie below the folder of records: the first that is there is read."""
    sha256: str
    """Digest of the whole file; of its list ``scores`` alone where one is named."""
    scores: str = ""
    """Name of a list of right and wrong, where the file holds several and no answers; empty for a file of answers."""

    @property
    def options(self) -> dict[str, str]:
        """How the file is read, as `--ctlab-recorded` has it behind the question mark."""
        return {"filter": self.scores, "only": "scores"} if self.scores else {}

    def digest(self, path: Path) -> str:
        """Digest a file as `sha256` was taken; of a list, as JSON of 0 and 1, whatever the file writes around it."""
        if not self.scores:
            return hashlib.sha256(read_bytes(path, error=RecordedError)).hexdigest()
        lists = read_json(path, error=RecordedError, advice="fetch it again")
        if not isinstance(lists, dict) or not isinstance(found := lists.get(self.scores), list):
            raise RecordedError(f"{path} holds no list {self.scores!r} of right and wrong; fetch it again")
        return hashlib.sha256(json.dumps([int(each in (1, True)) for each in found]).encode()).hexdigest()


@documented
@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedSet:
    """One problem set of a study, and who answered it."""

    problems: PublishedFile
    """The problems."""
    answers: Mapping[str, PublishedFile]
    """Recorded answers by the name of their condition."""


@documented
@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRecords:
    """What a study published, and where anybody can fetch it."""

    repository: str
    """Address of the public repository."""
    commit: str
    """Commit that the digests are of."""
    folder: str
    """Folder of it that holds the files."""
    sets: Mapping[str, PublishedSet]
    """Problem sets by name."""
    limits: tuple[str, ...] = ()
    """What these records do not allow to conclude, a sentence each: flagged beside every verdict."""

    @property
    def where(self) -> str:
        """Say what to fetch."""
        return f"fetch {self.folder} of {self.repository} at commit {self.commit}"

    @property
    def absent(self) -> str:
        """Say that nobody said where the records lie, and what to do."""
        return (
            f"judged from published records, which are not here: {self.where}, and say where it lies, "
            f"--ctlab-records=DIR"
        )

    def named(self, name: str) -> PublishedSet:
        """Return a problem set by its name; RecordedError says which there are."""
        if name not in self.sets:
            raise RecordedError(
                f"{shown(name)} is no problem set of these records; there are {formatting.listed([*self.sets])}: "
                f"--ctlab-problems={next(iter(self.sets))}"
            )
        return self.sets[name]

    def found(self, file: PublishedFile, folder: Path) -> Path:
        """Return where a file lies; RecordedError where it is not there, or is not the one that was published."""
        path = next((path for each in file.paths if (path := folder / each).is_file()), None)
        if path is None:
            looked = formatting.listed(list(file.paths), "or")
            raise RecordedError(f"the records in {folder} have no {looked}; {self.where}")
        if (digest := file.digest(path)) != file.sha256:
            what = f"the list {file.scores} of {path}" if file.scores else path
            raise RecordedError(
                f"{what} is not what was published: its sha256 begins with {digest[:_SHOWN]}, and that of commit "
                f"{self.commit[:_SHOWN]} with {file.sha256[:_SHOWN]}; {self.where}"
            )
        return path
