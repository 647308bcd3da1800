"""GenerationStore: reads what is there, has the rest generated, publishes each finished batch at once.

Files first, entry last; look without the lock, lock, look again. A generation is looked up by everything that decides
it: model, condition, decoding settings, the engine's version and the environment (RunKey), and problem id. Answers from
before environments were recorded stand in for those of any: an entry says of them that it is not known. How generations
are made is the caller's: the store is handed a function and never imports torch.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from ctlab.errors import ReadOnlyStoreError, StoreError, UnreadableError
from ctlab.files import check_writable, listed, publish, set_aside, sha256
from ctlab.records.gathered_generations import GatheredGenerations
from ctlab.records.generation import Generation, RunKey
from ctlab.records.packed_generations import PackedGenerations
from ctlab.records.provenance import UNRECORDED, Provenance
from ctlab.records.row_audit import AuditedBatch, RowAudit
from ctlab.store.access import is_read_only, other_engine, other_version
from ctlab.store.answer_table import AnswerTable, StandIns
from ctlab.store.derived_records import DerivedRecords
from ctlab.store.locks import Held, check_lockable, locked
from ctlab.store.manifest import SCHEMA, Entry, entry_path, read_entries, shard_path, sweep
from ctlab.store.shard_reading import packed_shard
from ctlab.store.shards import encode
from ctlab.store.wanted import lacking_of, missing_of, refuse_duplicates, tick_off

Missing = Mapping[str, tuple[str, ...]]
"""Condition name → ids of the problems that have no generation yet."""
Batch = Mapping[str, Sequence[Generation]]
"""Condition name → finished generations."""
_Found = dict[str, GatheredGenerations]  # run digest → its answers


class GenerationStore:
    """Generations on disk under ``root``; ``say`` is told what a person should know (damage, waiting)."""

    def __init__(self, root: Path, say: Callable[[str], None] | None = None) -> None:
        self.root = Path(root)
        self._say = say or logging.getLogger("ctlab.store").warning
        self.derived = DerivedRecords(self.folder, self._say, lambda: self.read_only)

    @cached_property
    def read_only(self) -> bool:
        """Whether this store is there and can only be read: what is missing then stays missing."""
        return is_read_only(self.root)

    def check(self, key: RunKey) -> list[str]:
        """Refuse a folder that is no store and cannot become one; return what a person should know of one that is.

        ``key`` is of any run that is wanted of it.
        """
        remarks = [other_version(self.root), other_engine(self.root, key)]
        if self.read_only:
            remarks.append(
                f"{self.root} can only be read: answers that are not there cannot be made, and nothing of this run is "
                f"kept in it (what was seen of its claims, labels, certificates)"
            )
        else:
            check_writable(self.root)
            check_lockable(self.root, "lock")
        return [*filter(None, remarks)]

    def collect(
        self,
        keys: Mapping[str, RunKey],
        problem_ids: Sequence[str],
        produce: Callable[[Missing], Iterator[Batch]],
        made: Callable[[], Provenance] = lambda: UNRECORDED,
        source: str = "",
    ) -> dict[str, PackedGenerations]:
        """Return each condition's generations in the order of ``problem_ids``, generating only what is not there.

        ``made`` says with what a finished batch was made, ``source`` is the digest of the source that makes and
        certifies them; both are kept with what is generated.
        """
        refuse_duplicates(problem_ids)
        ids = tuple(problem_ids)
        places = {problem_id: place for place, problem_id in enumerate(ids)}
        found = self._load(keys, places)
        if missing := lacking_of(keys, ids, found):
            self._refuse_where_read_only(missing, len(problem_ids))
            with self.alone(keys) as held:
                # What was missing may have come while this process waited. Only here is what is damaged set aside:
                # without the lock it could be what another process has just put in its place.
                found = self._load(keys, places, mend=True)

                def keep(key: RunKey, generations: Sequence[Generation]) -> None:
                    there = [places[generation.problem_id] for generation in generations]
                    found[key.digest].put(PackedGenerations.of(generations), 0, there)

                if missing := lacking_of(keys, ids, found):
                    self._fill(keys, missing, produce, keep, made, source, held)
        runs = {digest: answers.packed(ids) for digest, answers in found.items()}
        return {name: runs[key.digest] for name, key in keys.items()}

    def missing(self, keys: Mapping[str, RunKey], problem_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Say what ``collect`` would have generated, by the entries alone (shards are not opened)."""
        return missing_of(keys, problem_ids, self._made(keys, problem_ids))

    def provenance(
        self, keys: Mapping[str, RunKey], problem_ids: Collection[str]
    ) -> dict[str, dict[Provenance, tuple[str, ...]]]:
        """Say with what the stored answers of each condition were made, and which, by the entries alone."""
        rows = self._made(keys, problem_ids)
        found: dict[str, dict[Provenance, tuple[str, ...]]] = {}
        for name, key in keys.items():
            groups: dict[Provenance, list[str]] = {}
            origins = rows[key.digest]
            for problem_id in problem_ids:
                if (made := origins.get(problem_id)) is not None:
                    groups.setdefault(made, []).append(problem_id)
            found[name] = {made: tuple(ids) for made, ids in groups.items()}
        return found

    def entries(self, keys: Mapping[str, RunKey], problem_ids: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
        """Return what the store says of the shards that hold each condition's generations of these problems."""
        wanted, table = set(problem_ids), AnswerTable[Entry](keys.values())
        for folder in self._folders(keys):
            for _, entry in read_entries(folder):
                if isinstance(entry, Entry):
                    ids = wanted.intersection(entry.problem_ids)
                    for digest in table.stored & set(entry.digests):
                        table.add(digest, dict.fromkeys(ids, entry))
        rows = table.rows()
        found = {name: {entry.name: entry for entry in rows[key.digest].values()} for name, key in keys.items()}
        return {name: tuple(entries.values()) for name, entries in found.items()}

    def answered(self, model: str, conditions: Collection[str], problem_ids: Collection[str]) -> set[str]:
        """Return the problems that a model answered under any of these conditions, whatever engine and decoding."""
        wanted, found = set(problem_ids), set[str]()
        for folder in filter(Path.is_dir, listed(self.root / f"v{SCHEMA}")):
            for _, entry in read_entries(folder):
                # A damaged entry may be of any run: it is no proof that there are no answers, and none that there are.
                if isinstance(entry, Entry) and any(k.model == model and k.condition in conditions for k in entry.keys):
                    found |= wanted.intersection(entry.problem_ids)
        return found

    def complete(self, keys: Mapping[str, RunKey], problem_ids: Sequence[str]) -> bool:
        """Whether nothing would have to be generated."""
        return not self.missing(keys, problem_ids)

    def read(self, keys: Mapping[str, RunKey], problem_ids: Sequence[str]) -> dict[str, PackedGenerations]:
        """Return stored generations without ever generating; StoreError when some are missing or damaged."""

        def refuse(missing: Missing) -> Iterator[Batch]:
            name, ids = next(iter(missing.items()))
            raise StoreError(
                f"{self.root} lacks {len(ids)} of {len(problem_ids)} generations of condition {name!r}; "
                f"run the claims (pytest hypotheses/) to generate them"
            )

        return self.collect(keys, problem_ids, refuse)

    def folder(self, key: RunKey) -> Path:
        """Folder of a run: what one pass can generate together (same model, same decoding) shares shards and lock."""
        return self.root / f"v{SCHEMA}" / replace(key.unrecorded, condition="").digest

    def _refuse_where_read_only(self, missing: Missing, wanted: int) -> None:
        if not self.read_only:
            return
        name, ids = next(iter(missing.items()))
        raise ReadOnlyStoreError(
            f"{self.root} can only be read, and {len(ids)} of {wanted} answers under condition {name!r} are missing "
            f"there or damaged; copy it, make the copy writable (chmod -R u+w) and give it with --ctlab-store"
        )

    def _folders(self, keys: Mapping[str, RunKey]) -> list[Path]:
        return sorted({self.folder(key) for key in keys.values()})

    def _made(self, keys: Mapping[str, RunKey], problem_ids: Collection[str]) -> dict[str, dict[str, Provenance]]:
        """With what each answer was made that an entry lists, and whose shard is there; unopened."""
        wanted, table = set(problem_ids), AnswerTable[Provenance](keys.values())
        for folder in self._folders(keys):
            for _, entry in read_entries(folder):
                if isinstance(entry, Entry) and shard_path(folder, entry.name).is_file():
                    ids = wanted.intersection(entry.problem_ids)
                    for digest in table.stored & set(entry.digests):
                        table.add(digest, dict.fromkeys(ids, entry.made))
        return table.rows()

    def _load(self, keys: Mapping[str, RunKey], places: Mapping[str, int], *, mend: bool = False) -> _Found:
        table = StandIns(keys.values())
        found = {digest: GatheredGenerations(len(places)) for digest in table.asked}
        for folder in self._folders(keys):
            for name, entry in read_entries(folder):
                try:
                    if isinstance(entry, StoreError):
                        raise entry
                    # One without a checksum of itself is held to its shard, whatever it says that it is about.
                    elsewhere = places.keys().isdisjoint(entry.problem_ids) or table.stored.isdisjoint(entry.digests)
                    if entry.checked and elsewhere:
                        continue
                    whole, firsts = packed_shard(folder, entry, table.stored)
                    there = [places.get(problem_id, -1) for problem_id in entry.problem_ids]
                    for stored, first in firsts.items():
                        for digest in table.of(stored):
                            found[digest].put(whole, first, there, stands_in=digest != stored)
                    if mend and not entry.checked:
                        publish(entry_path(folder, name), entry.to_bytes())
                except UnreadableError:
                    raise
                except StoreError as error:
                    if mend:
                        self._set_aside(folder, name, error)
        return found

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
        keep: Callable[[RunKey, Sequence[Generation]], None],
        made: Callable[[], Provenance],
        source: str,
        held: Held,
    ) -> None:
        wanted = {name: set(ids) for name, ids in missing.items()}
        batches = produce(missing)
        try:
            for batch in batches:
                tick_off(batch, wanted)
                held.check()
                audits = batch.audits if isinstance(batch, AuditedBatch) else {}
                self._publish(
                    {keys[name]: generations for name, generations in batch.items()},
                    {keys[name].digest: audit for name, audit in audits.items()},
                    made(),
                    source,
                )
                for name, generations in batch.items():
                    keep(keys[name], generations)
        finally:
            # An engine's processes end when its generator is closed, and one that broke off half-way is not by itself.
            if close := getattr(batches, "close", None):
                close()
        for name, left in wanted.items():
            if left:
                raise StoreError(f"condition {name!r}: {len(left)} generations never came, first {min(left)!r}")

    def _publish(
        self,
        runs: Mapping[RunKey, Sequence[Generation]],
        audits: Mapping[str, RowAudit],
        made: Provenance,
        source: str,
    ) -> None:
        # A shard holds the same problems for each of its runs, so that they are listed once.
        groups: dict[tuple[str, ...], dict[RunKey, Sequence[Generation]]] = {}
        for key, generations in runs.items():
            if generations:
                groups.setdefault(_ids(generations), {})[key] = generations
        for ids, group in groups.items():
            content = encode({key.digest: generations for key, generations in group.items()})
            entry = Entry(
                sha256=sha256(content),
                keys=tuple(group),
                problem_ids=ids,
                made=made,
                source=source,
                audits={key.digest: audits[key.digest] for key in group if key.digest in audits},
            )
            folder = self.folder(entry.keys[0])
            # The entry last: what has one is complete.
            publish(shard_path(folder, entry.name), content)
            publish(entry_path(folder, entry.name), entry.to_bytes())

    @contextmanager
    def alone(self, keys: Mapping[str, RunKey]) -> Iterator[Held]:
        """Keep other processes from making what belongs to these runs; look again inside what they made meanwhile."""
        if self.read_only:  # nobody makes anything there
            yield Held(moments={}, files={})
            return
        folders = self._folders(keys)
        with locked(folders, "lock", "generating", self._say) as held:
            for folder in folders:
                sweep(folder, held.moments[folder])
            yield held


def _ids(generations: Sequence[Generation]) -> tuple[str, ...]:
    return tuple(generation.problem_id for generation in generations)
