"""The manifest: one small entry a shard, written after the shard, so that what has an entry is complete.

An entry a shard instead of one growing file: publishing a batch costs the same after ten batches and after ten
thousand, and a run that is killed cannot harm what is already there. An entry has a checksum of itself: one that is
damaged is said, and never taken for the entry of other answers.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ctlab.errors import StoreError
from ctlab.files import TEMPORARY, listed, read_whole, sha256
from ctlab.records.generation import RunKey
from ctlab.records.provenance import UNRECORDED, Provenance
from ctlab.records.row_audit import RowAudit

SCHEMA = 1
"""Version of the form of shards; part of the store's paths, so that versions never read each other's files."""
_SUFFIX = ".json"
_FORM = 2
"""Version of the form of entries. The first had neither a checksum nor a provenance; it is read, held to its shard, and
written anew when its folder is next written to."""
_WRITING_S = 60.0  # a file is renamed, and a shard has its entry, within seconds of being written
_FIRST_FORM = {"sha256", "keys", "problem_ids"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one shard holds."""

    sha256: str
    """Checksum of the shard's bytes; its first 32 digits are the shard's file name."""
    keys: tuple[RunKey, ...]
    """The runs in the shard, in the order of its row groups."""
    problem_ids: tuple[str, ...]
    """The problems in the shard, the same for every run in it."""
    made: Provenance = UNRECORDED
    """With which versions and on which device."""
    checked: bool = True
    """Whether it was read with a checksum of itself; entries of the first form have none."""
    source: str = ""
    """Digest of the source that made and certified the answers; empty where that was not noted."""
    audits: Mapping[str, RowAudit] = field(default_factory=dict)
    """Digest of a run to what was found of its rows when the shard was made; none where nobody looked."""

    @property
    def name(self) -> str:
        """Name of the shard without suffix."""
        return self.sha256[:32]

    @property
    def digests(self) -> tuple[str, ...]:
        """Digests of the runs, in order."""
        return tuple(map(_digest, self.keys))

    def to_bytes(self) -> bytes:
        """Content of the entry's file."""
        return _written(self.to_json())

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        audits = {digest: audit.to_json() for digest, audit in self.audits.items()}
        form = {
            "form": _FORM,
            "sha256": self.sha256,
            "keys": [key.to_json() for key in self.keys],
            "problem_ids": list(self.problem_ids),
            "made": self.made.to_json(),
        }
        form |= ({"source": self.source} if self.source else {}) | ({"audits": audits} if audits else {})
        return {**form, "check": sha256(_written(form))}

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "Entry":
        """Read the JSON form, of today or the first; ValueError where its checksum does not match."""
        first = form.keys() == _FIRST_FORM
        if not first:
            rest = {name: value for name, value in form.items() if name != "check"}
            if form["check"] != sha256(_written(rest)) or form["form"] != _FORM:
                raise ValueError("its checksum does not match")
        return cls(
            sha256=form["sha256"],
            keys=tuple(RunKey.from_json(key) for key in form["keys"]),
            problem_ids=tuple(form["problem_ids"]),
            made=UNRECORDED if first else Provenance.from_json(form["made"]),
            checked=not first,
            source=form.get("source", ""),
            audits={digest: RowAudit.from_json(audit) for digest, audit in form.get("audits", {}).items()},
        )


def entry_path(folder: Path, name: str) -> Path:
    """Where the entry of a shard lies."""
    return folder / f"{name}{_SUFFIX}"


def shard_path(folder: Path, name: str) -> Path:
    """Where a shard lies."""
    return folder / f"{name}.parquet"


def read_entries(folder: Path) -> Iterator[tuple[str, Entry | StoreError]]:
    """Every entry by the name of its shard, in a fixed order; an entry that is damaged comes as the error.

    Raises
    ------
    UnreadableError
        The system does not let an entry, or the folder, be read.
    """
    for path in listed(folder, _SUFFIX):
        if (entry := read_entry(path)) is not None:
            yield path.stem, entry


def read_entry(path: Path) -> Entry | StoreError | None:
    """Read one entry; the error where it is damaged, None where another process has set it aside since it was listed.

    UnreadableError where the system does not let it be read.
    """
    try:
        entry = Entry.from_json(json.loads(read_whole(path)))
        return entry if entry.name == path.stem else StoreError(f"{path} describes another shard")
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return StoreError(f"{path} is damaged and cannot be read as the entry of a shard: {error!r}")


def sweep(folder: Path, now: float) -> None:
    """Delete what a killed run left half written; only the holder of the lock may, since ``now`` (`Held.moments`).

    What is young stays: where locks hold on one machine only (NFS mounted with ``nolock`` or ``local_lock``), or were
    lost, somebody may be writing it.
    """
    left = [*listed(folder, TEMPORARY)]
    left += [path for path in listed(folder, ".parquet") if not entry_path(folder, path.stem).exists()]
    for path in left:
        with suppress(FileNotFoundError):
            if now - path.stat().st_mtime > _WRITING_S:
                path.unlink()


@lru_cache(maxsize=1 << 16)
def _digest(key: RunKey) -> str:
    """Digest of a run, worked out once a process: every look at a folder asks each entry for those of all its runs."""
    return key.digest


def _written(form: Mapping[str, Any]) -> bytes:
    return json.dumps(form, separators=(",", ":")).encode()
