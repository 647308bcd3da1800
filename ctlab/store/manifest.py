"""The manifest: one small entry a shard, written after the shard, so that what has an entry is complete.

An entry a shard instead of one growing file: publishing a batch costs the same after ten batches and after ten
thousand, and a run that is killed cannot harm what is already there.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ctlab.errors import StoreError
from ctlab.records.generation import RunKey
from ctlab.records.row_audit import RowAudit

SCHEMA = 1
"""Version of the form on disk; part of the store's paths, so that versions never read each other's files."""
_SUFFIX = ".json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one shard holds."""

    sha256: str
    """Checksum of the shard's bytes; its first 32 digits are the shard's file name."""
    keys: tuple[RunKey, ...]
    """The runs in the shard, in the order of its row groups."""
    problem_ids: tuple[str, ...]
    """The problems in the shard, the same for every run in it."""
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
        return tuple(key.digest for key in self.keys)

    def to_bytes(self) -> bytes:
        """Content of the entry's file."""
        return json.dumps(self.to_json(), separators=(",", ":")).encode()

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        keys = [key.to_json() for key in self.keys]
        form = {"sha256": self.sha256, "keys": keys, "problem_ids": list(self.problem_ids)}
        audits = {digest: audit.to_json() for digest, audit in self.audits.items()}
        return form | ({"source": self.source} if self.source else {}) | ({"audits": audits} if audits else {})

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "Entry":
        """Read the JSON form."""
        return cls(
            sha256=form["sha256"],
            keys=tuple(RunKey.from_json(key) for key in form["keys"]),
            problem_ids=tuple(form["problem_ids"]),
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
    """Every entry by the name of its shard, in a fixed order; an entry that cannot be read comes as the error."""
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        try:
            entry = Entry.from_json(json.loads(path.read_bytes()))
            yield path.stem, entry if entry.name == path.stem else StoreError(f"{path} describes another shard")
        except FileNotFoundError:
            continue  # another process has set it aside since the folder was listed
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            yield path.stem, StoreError(f"{path} cannot be read as the entry of a shard: {error!r}")
        except OSError as error:
            raise StoreError(f"cannot read {path}: {error.strerror or error}; check the store's permissions") from error
