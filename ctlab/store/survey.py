"""Every file under a store and what it is, told by its place alone: nothing is opened, no link is followed."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ctlab.errors import NoStoreError, StoreError
from ctlab.files import TEMPORARY
from ctlab.store.known_subjects import KNOWN
from ctlab.store.looks import LOOKS
from ctlab.store.manifest import SCHEMA

GROUP = re.compile(r"[0-9a-f]{16}\Z")
"""Name of a folder in which runs of one model and decoding lie: the digest of that part of their keys."""
_SHARD = re.compile(r"[0-9a-f]{32}\.parquet\Z")
_ENTRY = re.compile(r"[0-9a-f]{32}\.json\Z")
_DERIVED = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}-[0-9a-f]{16}-[0-9a-f]{16}\Z")
_USE = re.compile(r"[0-9a-f]{16}\Z")
_OTHER_VERSION = re.compile(r"v\d+\Z")
MEMORY = "file-digests.json"
STATES = "states"
_NOTES = frozenset({LOOKS, MEMORY, KNOWN})
LOCKS = ("lock", "measuring.lock", "certifying.lock", "sharing.lock")
"""Files that whoever generates, measures or certifies holds while doing so."""


class Part(StrEnum):
    """What a file of the store is for."""

    ANSWERS = "answers"
    """Shards, which hold what a model said, and their entries."""
    DERIVED = "derived"
    """Labels, chance rates, certificates, measurements: made again where they are gone."""
    FIRST_FORM = "first form"
    """Derived values as they were kept before they had envelopes; nothing reads them."""
    STATES = "states"
    """Raw hidden states of runs with ``--ctlab-keep-states``."""
    SET_ASIDE = "set aside"
    """Answers that were found damaged and have been made again."""
    TEMPORARY = "temporary"
    """Left half written by a run that was killed."""
    NOTES = "notes"
    """Looks, names and days of use, remembered digests of model files, locks."""
    OTHER = "other version"
    """Of a version of the store that this ctlab neither reads nor touches."""
    UNKNOWN = "unknown"
    """Nothing that ctlab wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFile:
    """One file of a store."""

    path: Path
    """Where it lies."""
    place: str
    """Where it lies in the store, with ``/`` between the parts."""
    part: Part
    """What it is for."""
    size: int
    """Bytes."""
    changed: float
    """When its content or its place last changed, in seconds since 1970: a file that is moved keeps the first alone."""

    @property
    def group(self) -> str:
        """Name of the folder of runs that it belongs to; empty for a file of the store as a whole."""
        parts = self.place.split("/")
        return parts[1] if len(parts) > 2 and parts[0] == f"v{SCHEMA}" else ""

    @property
    def is_shard(self) -> bool:
        """Whether it holds answers; an entry says which."""
        return self.part == Part.ANSWERS and self.path.suffix == ".parquet"


def survey(root: Path, below: Path | None = None) -> Iterator[StoreFile]:
    """Yield every file under a store, or below one of its folders, in the order of their places.

    StoreError where there is no store or a folder of it cannot be listed.
    """
    check_there(root)
    yield from _walk(below or root, root)


def check_there(root: Path) -> None:
    """Refuse a folder that does not exist: a typing error must not look like a store that is empty."""
    if not root.is_dir():
        if root.is_file():
            raise NoStoreError(f"{root} is a file, and a store is a folder; an export comes in by: ctlab store import")
        raise NoStoreError(f"there is no store at {root}; name its folder with --ctlab-store DIR")


def _walk(folder: Path, root: Path) -> Iterator[StoreFile]:
    try:
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except FileNotFoundError:
        return  # removed by another process since its parent was listed
    except OSError as error:
        raise StoreError(f"cannot list {folder}: {error.strerror or error}; check its permissions") from error
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), root)
            continue
        try:
            state = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        path = Path(entry.path)
        place = path.relative_to(root).as_posix()
        part = part_of(place) if stat.S_ISREG(state.st_mode) else Part.UNKNOWN
        changed = max(state.st_mtime, state.st_ctime)
        yield StoreFile(path=path, place=place, part=part, size=state.st_size, changed=changed)


def part_of(place: str) -> Part:
    """Say what a file is for by its place in the store, with ``/`` between the parts."""
    match place.split("/"):
        case [*_, name] if name.endswith(TEMPORARY):
            return Part.TEMPORARY
        case [name] if name in {*_NOTES, *LOCKS}:
            return Part.NOTES
        case [folder, digest, _] if folder == STATES and GROUP.match(digest):
            return Part.STATES
        case ["jobs", name, _] if _USE.match(name):
            return Part.NOTES
        case [version, group, *rest] if version == f"v{SCHEMA}" and GROUP.match(group):
            return _part_in_group(rest)
        case [version, *_] if _OTHER_VERSION.match(version) and version != f"v{SCHEMA}":
            return Part.OTHER
    return Part.UNKNOWN


def _part_in_group(rest: list[str]) -> Part:
    match rest:
        case [name] if _SHARD.match(name) or _ENTRY.match(name):
            return Part.ANSWERS
        case [name] if name in LOCKS:
            return Part.NOTES
        case ["derived", name] if _DERIVED.match(name):
            return Part.DERIVED
        case ["records", _]:
            return Part.FIRST_FORM
        case ["uses", name] if _USE.match(name):
            return Part.NOTES
        case ["jobs", name] if _USE.match(name):
            return Part.TEMPORARY
        case ["set-aside", _]:
            return Part.SET_ASIDE
    return Part.UNKNOWN
