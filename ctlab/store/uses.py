"""Who reads which runs, by name, and on which day last: what people call a digest, and what tells old from needed.

A small file for each folder of runs and each problem set, ``uses/<digest of the problems>``, written by the run that
reads the answers, at most once a day and whenever a name is new. It decides nothing about a verdict: where it cannot be
written (a store that is read-only) nothing is lost but a date, and where it is damaged it is written anew.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ctlab.errors import StoreError
from ctlab.files import replacing, sha256

FOLDER = "uses"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunUse:
    """Who read one run, and when last."""

    names: tuple[str, ...]
    """Names of its condition, the latest first: two conditions that do the same are one run."""
    day: str
    """When it was last read, in UTC, ISO 8601."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Runs of one model and decoding over one problem set, as the run that read them called them."""

    model: str
    """Digest of the model; ``recorded`` for recorded answers."""
    model_name: str
    """Its name, for people."""
    decoding: Mapping[str, Any]
    """The decoding settings by name; empty for recorded answers."""
    problems: str
    """Digest of the problem set, a limit included."""
    problems_name: str
    """Its name, for people."""
    ids: tuple[str, ...]
    """Its problems: what a whole run answers."""
    runs: Mapping[str, RunUse] = field(default_factory=dict)
    """What was read, by digest of the run whatever its environment (`RunKey.unrecorded`)."""

    def read_on(self, day: str, conditions: Iterable[tuple[str, str]]) -> "Use":
        """Return the use with runs read on a day; ``conditions`` are names, each with the digest of its run."""
        runs = dict(self.runs)
        for name, digest in conditions:
            before = runs.get(digest, RunUse(names=(), day=""))
            names = before.names if name in before.names else (name, *before.names)
            runs[digest] = RunUse(names=names, day=max(day, before.day))
        return replace(self, runs=runs)

    def to_bytes(self) -> bytes:
        """Content of its file: the checksum of the body, a line break, the body."""
        form = {
            "model": self.model,
            "model_name": self.model_name,
            "decoding": dict(self.decoding),
            "problems": self.problems,
            "problems_name": self.problems_name,
            "ids": list(self.ids),
            "runs": {digest: {"names": list(run.names), "day": run.day} for digest, run in sorted(self.runs.items())},
        }
        body = json.dumps(form, separators=(",", ":")).encode()
        return sha256(body).encode() + b"\n" + body

    @classmethod
    def from_bytes(cls, content: bytes) -> "Use":
        """Read the content of a file; StoreError where it is damaged."""
        head, _, body = content.partition(b"\n")
        if head != sha256(body).encode():
            raise StoreError("its checksum does not match")
        try:
            form = json.loads(body)
            runs = {
                digest: RunUse(names=tuple(run["names"]), day=run["day"]) for digest, run in form.pop("runs").items()
            }
            return cls(**{**form, "ids": tuple(form["ids"]), "runs": runs})
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise StoreError(f"it is no note of use: {error!r}") from error


def today() -> str:
    """The day, in UTC, ISO 8601."""
    return datetime.now(UTC).date().isoformat()


def note_use(folder: Path, use: Use, conditions: Iterable[tuple[str, str]], day: str = "") -> None:
    """Note that runs in a folder were read; ``conditions`` are names of conditions, each with its run's digest.

    Two processes that note different runs at the same moment may lose one of them until the next run: it costs a lock
    to prevent, and a reader of stored answers waits for no lock.
    """
    path = folder / FOLDER / use.problems
    with suppress(OSError):
        before = _read(path)
        known = replace(use, runs=before.runs) if isinstance(before, Use) else use
        after = known.read_on(day or today(), conditions)
        if after != before and folder.is_dir():  # where nothing is kept yet there is nothing to name
            with replacing(path) as file:
                file.write(after.to_bytes())


def read_uses(folder: Path) -> Iterator[tuple[Path, Use | StoreError]]:
    """Every note of use in a folder of runs, by its file; one that cannot be read comes as the error."""
    for path in sorted((folder / FOLDER).glob("*")):
        if path.suffix or path.is_symlink():
            continue  # still being written
        try:
            yield path, _read(path) or StoreError("it is gone")
        except OSError as error:
            yield path, StoreError(f"cannot read it: {error.strerror or error}")


def last_used(uses: Sequence[Use], run: str) -> str:
    """Return the day on which a run was last read, empty where none is noted."""
    return max((use.runs[run].day for use in uses if run in use.runs), default="")


def _read(path: Path) -> Use | StoreError | None:
    """Return a note, None where there is none, the error where it is damaged; an `OSError` comes as it is."""
    try:
        return Use.from_bytes(path.read_bytes())
    except FileNotFoundError:
        return None
    except StoreError as error:
        return error
