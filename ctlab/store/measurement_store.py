"""MeasurementStore: what probes saw of whole runs, kept beside the generations and measured once by any process."""

from collections.abc import Callable, Mapping, Sequence

from ctlab.errors import InputError, ReadOnlyStoreError
from ctlab.records.generation import RunKey
from ctlab.records.measurement import VERSION, Measurement
from ctlab.store import derived_records as records
from ctlab.store.generation_store import GenerationStore
from ctlab.store.locks import locked

Produce = Callable[[tuple[str, ...]], Mapping[str, Measurement]]
"""Measures conditions, given by name."""


class MeasurementStore:
    """Measurements of whole runs of one problem set, in the folders of a `GenerationStore`.

    A measurement is looked up by model, condition and decoding settings (RunKey), by the problem set and by the version
    of the probes: means over heads are means over all of its problems.
    """

    def __init__(self, store: GenerationStore, problems_digest: str, say: Callable[[str], None]) -> None:
        self._store = store
        self._name = f"measurement-{problems_digest}"
        self._say = say

    def missing(self, keys: Mapping[str, RunKey]) -> tuple[str, ...]:
        """Name the conditions that ``collect`` would have measured."""
        return tuple(n for n, key in keys.items() if not records.has(self._store.folder(key), key, self._name, VERSION))

    def collect(self, keys: Mapping[str, RunKey], produce: Produce) -> dict[str, Measurement]:
        """Return each condition's measurement, measuring in one pass only what is not there."""
        stored = self._read(keys)
        if len(stored) < len(keys):
            self._refuse_where_read_only([name for name in keys if name not in stored])
            folders = sorted({self._store.folder(key) for key in keys.values()})
            with locked(folders, "measuring.lock", "measuring", self._say):
                stored = self._read(keys)  # another process may have measured while this one waited
                if missing := tuple(name for name in keys if name not in stored):
                    measured = produce(missing)
                    for name in missing:
                        stored[name] = measured[name]
                        body = measured[name].to_bytes()
                        records.write_bytes(self._store.folder(keys[name]), keys[name], self._name, VERSION, body)
        return {name: stored[name] for name in keys}

    def _refuse_where_read_only(self, missing: Sequence[str]) -> None:
        if self._store.read_only:
            raise ReadOnlyStoreError(
                f"{self._store.root} can only be read, and what was measured under {', '.join(missing)} is missing "
                f"there or damaged; copy it, make the copy writable (chmod -R u+w) and give it with --ctlab-store"
            )

    def _read(self, keys: Mapping[str, RunKey]) -> dict[str, Measurement]:
        stored = {}
        for name, key in keys.items():
            body = records.read_bytes(self._store.folder(key), key, self._name, VERSION, self._say)
            if body is not None:
                try:
                    stored[name] = Measurement.from_bytes(body).called(name)
                except InputError as error:
                    self._say(f"the measurement of {name} is set aside: {error}")
        return stored
