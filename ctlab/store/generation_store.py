"""GenerationStore: reads what is there, has the rest generated, publishes each finished batch at once.

Files first, entry last; look without the lock, lock, look again. A generation is looked up by everything that decides
it: model, condition, decoding settings and the engine's version (RunKey), and problem id. How generations are made is
the caller's: the store is handed a function and never imports torch.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from ctlab.errors import StoreError
from ctlab.files import TEMPORARY, check_writable, publish, set_aside, sha256
from ctlab.records.generation import Generation, RunKey
from ctlab.store import derived_records as records
from ctlab.store.locks import locked
from ctlab.store.manifest import SCHEMA, Entry, entry_path, read_entries, shard_path
from ctlab.store.shards import decode, encode

Missing = Mapping[str, tuple[str, ...]]
"""Condition name → ids of the problems that have no generation yet."""
Batch = Mapping[str, Sequence[Generation]]
"""Condition name → finished generations."""
_Rows = dict[str, dict[str, Generation]]  # run digest → problem id → generation


class GenerationStore:
    """Generations on disk under ``root``; ``say`` is told what a person should know (damage, waiting)."""

    def __init__(self, root: Path, say: Callable[[str], None] | None = None) -> None:
        self.root = Path(root)
        self._say = say or logging.getLogger("ctlab.store").warning

    def check_writable(self) -> None:
        """Refuse a folder that cannot be written to."""
        check_writable(self.root)

    def collect(
        self,
        keys: Mapping[str, RunKey],
        problem_ids: Sequence[str],
        produce: Callable[[Missing], Iterator[Batch]],
    ) -> dict[str, tuple[Generation, ...]]:
        """Return each condition's generations in the order of ``problem_ids``, generating only what is not there."""
        _refuse_duplicates(problem_ids)
        rows = self._load(keys, problem_ids)
        if _missing(keys, problem_ids, rows):
            with self.alone(keys):
                # What was missing may have come while this process waited. Only here is what is damaged set aside:
                # without the lock it could be what another process has just put in its place.
                rows = self._load(keys, problem_ids, mend=True)
                if missing := _missing(keys, problem_ids, rows):
                    self._fill(keys, missing, produce, rows)
        runs = {digest: tuple(map(answers.__getitem__, problem_ids)) for digest, answers in rows.items()}
        return {name: runs[key.digest] for name, key in keys.items()}

    def missing(self, keys: Mapping[str, RunKey], problem_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Say what ``collect`` would have generated, by the entries alone (shards are not opened)."""
        rows: dict[str, dict[str, Any]] = {key.digest: {} for key in keys.values()}
        for folder in self._folders(keys):
            for _, entry in read_entries(folder):
                if isinstance(entry, Entry) and shard_path(folder, entry.name).is_file():
                    for digest in rows.keys() & set(entry.digests):
                        rows[digest].update(dict.fromkeys(entry.problem_ids))
        return _missing(keys, problem_ids, rows)

    def answered(self, model: str, conditions: Collection[str], problem_ids: Collection[str]) -> set[str]:
        """Return the problems that a model answered under any of these conditions, whatever engine and decoding."""
        wanted, found = set(problem_ids), set[str]()
        for folder in sorted((self.root / f"v{SCHEMA}").glob("*")):
            for _, entry in read_entries(folder):
                # A damaged entry may be of any run: it is no proof that there are no answers, and none that there are.
                if isinstance(entry, Entry) and any(k.model == model and k.condition in conditions for k in entry.keys):
                    found |= wanted.intersection(entry.problem_ids)
        return found

    def complete(self, keys: Mapping[str, RunKey], problem_ids: Sequence[str]) -> bool:
        """Whether nothing would have to be generated."""
        return not self.missing(keys, problem_ids)

    def read(self, keys: Mapping[str, RunKey], problem_ids: Sequence[str]) -> dict[str, tuple[Generation, ...]]:
        """Return stored generations without ever generating; StoreError when some are missing or damaged."""

        def refuse(missing: Missing) -> Iterator[Batch]:
            name, ids = next(iter(missing.items()))
            raise StoreError(
                f"{self.root} lacks {len(ids)} of {len(problem_ids)} generations of condition {name!r}; "
                f"run the claims (pytest hypotheses/) to generate them"
            )

        return self.collect(keys, problem_ids, refuse)

    def read_record(self, key: RunKey, name: str, version: str) -> Any:
        """Return a small JSON value stored beside a run's generations, None when there is none."""
        return records.read_record(self.folder(key), key, name, version, self._say)

    def write_record(self, key: RunKey, name: str, version: str, value: Any) -> None:
        """Store a small JSON value beside a run's generations."""
        records.write_record(self.folder(key), key, name, version, value)

    def folder(self, key: RunKey) -> Path:
        """Folder of a run: what one pass can generate together (same model, same decoding) shares shards and lock."""
        return self.root / f"v{SCHEMA}" / replace(key, condition="").digest

    def _folders(self, keys: Mapping[str, RunKey]) -> list[Path]:
        return sorted({self.folder(key) for key in keys.values()})

    def _load(self, keys: Mapping[str, RunKey], problem_ids: Sequence[str], *, mend: bool = False) -> _Rows:
        rows: _Rows = {key.digest: {} for key in keys.values()}
        wanted = set(problem_ids)
        for folder in self._folders(keys):
            for name, entry in read_entries(folder):
                try:
                    if isinstance(entry, StoreError):
                        raise entry
                    if wanted.isdisjoint(entry.problem_ids) or rows.keys().isdisjoint(entry.digests):
                        continue
                    for digest, generations in _read_shard(folder, entry, rows.keys()).items():
                        rows[digest].update(_by_id(generations))
                except StoreError as error:
                    if mend:
                        self._set_aside(folder, name, error)
        return rows

    def _set_aside(self, folder: Path, name: str, error: StoreError) -> None:
        aside = folder / "set-aside"
        for path in (entry_path(folder, name), shard_path(folder, name)):
            set_aside(path, aside)
        self._say(f"{error}; set aside in {aside}, its answers are generated again")

    def _fill(
        self,
        keys: Mapping[str, RunKey],
        missing: Missing,
        produce: Callable[[Missing], Iterator[Batch]],
        rows: _Rows,
    ) -> None:
        wanted = {name: set(ids) for name, ids in missing.items()}
        batches = produce(missing)
        try:
            for batch in batches:
                _tick_off(batch, wanted)
                self._publish({keys[name]: generations for name, generations in batch.items()})
                for name, generations in batch.items():
                    rows[keys[name].digest].update(_by_id(generations))
        finally:
            # An engine's processes end when its generator is closed, and one that broke off half-way is not by itself.
            if close := getattr(batches, "close", None):
                close()
        for name, left in wanted.items():
            if left:
                raise StoreError(f"condition {name!r}: {len(left)} generations never came, first {min(left)!r}")

    def _publish(self, runs: Mapping[RunKey, Sequence[Generation]]) -> None:
        # A shard holds the same problems for each of its runs, so that they are listed once.
        groups: dict[tuple[str, ...], dict[RunKey, Sequence[Generation]]] = {}
        for key, generations in runs.items():
            if generations:
                groups.setdefault(_ids(generations), {})[key] = generations
        for ids, group in groups.items():
            content = encode({key.digest: generations for key, generations in group.items()})
            entry = Entry(sha256=sha256(content), keys=tuple(group), problem_ids=ids)
            folder = self.folder(entry.keys[0])
            # The entry last: what has one is complete.
            publish(shard_path(folder, entry.name), content)
            publish(entry_path(folder, entry.name), entry.to_bytes())

    @contextmanager
    def alone(self, keys: Mapping[str, RunKey]) -> Iterator[None]:
        """Keep other processes from making what belongs to these runs; look again inside what they made meanwhile."""
        folders = self._folders(keys)
        with locked(folders, "lock", "generating", self._say):
            for folder in folders:
                _sweep(folder)
            yield


def _by_id(generations: Sequence[Generation]) -> dict[str, Generation]:
    return {generation.problem_id: generation for generation in generations}


def _ids(generations: Sequence[Generation]) -> tuple[str, ...]:
    return tuple(generation.problem_id for generation in generations)


def _read_shard(folder: Path, entry: Entry, wanted: Collection[str]) -> dict[str, list[Generation]]:
    path = shard_path(folder, entry.name)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise StoreError(f"{path} is gone, its entry is still there") from None
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror or error}") from error
    if sha256(content) != entry.sha256:
        raise StoreError(f"{path} is damaged: its checksum does not match its entry's")
    runs = decode(content, entry.digests, wanted)
    if any(_ids(run) != entry.problem_ids for run in runs.values()):
        raise StoreError(f"{path} does not hold the problems that its entry lists")
    return runs


def _missing(
    keys: Mapping[str, RunKey], problem_ids: Sequence[str], rows: Mapping[str, Mapping[str, Any]]
) -> dict[str, tuple[str, ...]]:
    missing: dict[str, tuple[str, ...]] = {}
    covered: set[str] = set()  # two names for one run (identical interventions) are generated once
    for name, key in keys.items():
        digest = key.digest
        answers = rows[digest]
        ids = tuple(problem_id for problem_id in problem_ids if problem_id not in answers)
        if ids and digest not in covered:
            missing[name] = ids
            covered.add(digest)
    return missing


def _tick_off(batch: Batch, wanted: Mapping[str, set[str]]) -> None:
    """Take a finished batch off what is wanted; StoreError for what is not, so that nothing wrong is ever kept."""
    for name, generations in batch.items():
        ids = _ids(generations)
        if len(set(ids)) != len(ids) or not wanted.get(name, set()).issuperset(ids):
            raise StoreError(f"condition {name!r}: a generation came twice or unasked, among {list(ids[:3])}")
        wanted[name].difference_update(ids)


def _refuse_duplicates(problem_ids: Sequence[str]) -> None:
    ids: set[str] = set()
    for problem_id in problem_ids:
        if problem_id in ids:
            raise StoreError(f"problem {problem_id!r} is asked for twice; a run holds every problem once")
        ids.add(problem_id)


def _sweep(folder: Path) -> None:
    """Delete what a killed run left half written; only the holder of the lock may."""
    for path in folder.glob(f"*{TEMPORARY}"):
        path.unlink(missing_ok=True)
    for path in folder.glob("*.parquet"):
        if not entry_path(folder, path.stem).exists():
            path.unlink(missing_ok=True)
