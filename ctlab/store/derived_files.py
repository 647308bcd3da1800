"""Every derived value of a store with its envelope, for who tends a store: what it is, of which run, by which code."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ctlab.errors import StoreError
from ctlab.files import listed, read_whole
from ctlab.store.derived_records import FOLDER, DerivedRecords
from ctlab.store.envelope import Envelope
from ctlab.store.generation_store import GenerationStore

Codes = Mapping[str, str]
"""Digest or version of the code that makes each kind of derived value today, by kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedFile:
    """A derived value that is as it was written, and lies where it belongs."""

    path: Path
    """Its file."""
    envelope: Envelope
    """What it is."""

    @property
    def runs(self) -> frozenset[str]:
        """Digests of the run that it is about: as it was asked for, and as stores of before environments keep it."""
        run = self.envelope.key.run
        return frozenset({run.digest, run.unrecorded.digest})

    @property
    def problems(self) -> str:
        """Digest of the problem set that it is about, empty where it is about none."""
        return self.envelope.key.parts.get("problems", "")

    @property
    def is_of_answers(self) -> bool:
        """Whether it was made from answers that the store should hold: not of the model, and not of a recorded file."""
        return bool(self.envelope.inputs) and self.envelope.key.run.model != "recorded"

    def is_read(self, codes: Codes, sources: Collection[str]) -> bool:
        """Whether a run of today's code would read it; of a kind that is not known nobody can say no.

        ``sources`` are those that made the answers beside it (`Entry.source`): what they certified stays theirs.
        """
        key = self.envelope.key
        return key.code in (codes.get(key.kind, key.code), *sources)


def derived_files(store: GenerationStore, folder: Path) -> Iterator[tuple[Path, DerivedFile | StoreError]]:
    """Every derived value in a folder of runs; one that is damaged or in the wrong place comes as the error."""
    for path in listed(folder / FOLDER):
        if path.is_symlink() or not path.is_file() or path.suffix:
            continue  # still being written, or nothing of ours: the survey says what it is
        try:
            yield path, read_derived(store.derived, path, read_whole(path))
        except FileNotFoundError:
            continue
        except StoreError as error:
            yield path, error


def read_derived(records: DerivedRecords, path: Path, content: bytes) -> DerivedFile:
    """Read one derived value; StoreError where it is damaged or is not the one that belongs to its place."""
    envelope = Envelope.from_bytes(content)
    if records.path(envelope.key) != path:
        raise StoreError(f"is the {envelope.key.kind} of key {envelope.key.digest} and belongs elsewhere")
    return DerivedFile(path=path, envelope=envelope)
