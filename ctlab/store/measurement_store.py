"""MeasurementStore: what was measured of whole runs, kept beside the generations and measured once by any process."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Protocol, Self, TypeVar

from ctlab.errors import ReadOnlyStoreError
from ctlab.records.derived_key import DerivedKey
from ctlab.records.provenance import UNRECORDED, Provenance
from ctlab.store.generation_store import GenerationStore
from ctlab.store.locks import locked


class Measured(Protocol):
    """What is measured of one condition: attention and hidden states, or how probable given answers are."""

    def called(self, condition: str) -> Self:
        """Return it under another condition's name."""

    def to_bytes(self) -> bytes:
        """Return all of it."""


Kept = TypeVar("Kept", bound=Measured)


class MeasurementStore(Generic[Kept]):
    """Measurements of whole runs of one problem set, in the folders of a `GenerationStore`.

    A measurement is looked up by its run, by the problem set and by the version of the probes: means over heads are
    means over all of its problems. It is made of the model, under watch, and not from stored answers. ``read`` turns
    what ``to_bytes`` returned into a measurement again.
    """

    def __init__(
        self,
        store: GenerationStore,
        say: Callable[[str], None],
        read: Callable[[bytes], Kept],
        made: Callable[[], Provenance] = lambda: UNRECORDED,
    ) -> None:
        self._store = store
        self._say = say
        self._from_bytes = read
        self._made = made

    def missing(self, keys: Mapping[str, DerivedKey]) -> tuple[str, ...]:
        """Name the conditions that ``collect`` would have measured."""
        return tuple(name for name, key in keys.items() if not self._store.derived.has(key))

    def collect(
        self, keys: Mapping[str, DerivedKey], produce: Callable[[tuple[str, ...]], Mapping[str, Kept]]
    ) -> dict[str, Kept]:
        """Return each condition's measurement; those that are not there ``produce`` measures in one pass, by name."""
        stored = self._read(keys)
        if len(stored) < len(keys):
            self._refuse_where_read_only([name for name in keys if name not in stored])
            folders = sorted({self._store.folder(key.run) for key in keys.values()})
            with locked(folders, "measuring.lock", "measuring", self._say):
                stored = self._read(keys)  # another process may have measured while this one waited
                if missing := tuple(name for name in keys if name not in stored):
                    measured = produce(missing)
                    for name in missing:
                        stored[name] = measured[name]
                        self._store.derived.write(keys[name], "", measured[name].to_bytes(), self._made())
        return {name: stored[name] for name in keys}

    def _refuse_where_read_only(self, missing: Sequence[str]) -> None:
        if self._store.read_only:
            raise ReadOnlyStoreError(
                f"{self._store.root} can only be read, and what was measured under {', '.join(missing)} is missing "
                f"there or damaged; copy it, make the copy writable (chmod -R u+w) and give it with --ctlab-store"
            )

    def _read(self, keys: Mapping[str, DerivedKey]) -> dict[str, Kept]:
        stored = {}
        for name, key in keys.items():
            measurement = self._store.derived.read(key, "", self._from_bytes)
            if measurement is not None:
                stored[name] = measurement.called(name)
        return stored
