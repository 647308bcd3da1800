"""The store of a worker, which adds what it answers beside other workers; nothing is swept or set aside by it.

Whole files under names of their content can be added by any number of processes at once: two workers that answer the
same write the same. What may happen to a folder alone (sweeping, setting aside what is damaged) is who hands the work
out's, before it does.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ctlab.files import listed, publish
from ctlab.records.generation import Generation, RunKey
from ctlab.records.provenance import Provenance
from ctlab.store.answer_table import AnswerTable
from ctlab.store.generation_store import Batch, GenerationStore, Missing
from ctlab.store.locks import free, locked, this_process
from ctlab.store.manifest import Entry, entry_path, read_entry, shard_path
from ctlab.store.wanted import lacking_of, missing_of, refuse_duplicates

MARKS = "jobs"
"""Folder beside the shards in which who hands work out leaves a mark while it waits."""


class SharedStore(GenerationStore):
    """A store that other processes write to at the same time."""

    def __init__(self, root: Path, say: Callable[[str], None] | None = None) -> None:
        super().__init__(root, say)
        self._read: dict[Path, Entry] = {}

    def mended(self, keys: Mapping[str, RunKey], problem_ids: Sequence[str]) -> Missing:
        """Sweep, set aside what is damaged, and say what is missing then; for who hands the work out.

        Where workers of an earlier one are at work, nothing is swept, and nobody waits for them.
        """
        refuse_duplicates(problem_ids)
        with locked(self._folders(keys), "lock", "generating", self._say, shared=True):
            missing = self.lacking(keys, problem_ids)
        if not all(self._is_free(folder) for folder in self._folders(keys)):
            return missing
        with self.alone(keys):
            places = {problem_id: place for place, problem_id in enumerate(problem_ids)}
            return lacking_of(keys, tuple(problem_ids), self._load(keys, places, mend=True))

    def lacking(self, keys: Mapping[str, RunKey], problem_ids: Sequence[str]) -> Missing:
        """Say what is missing by the entries, each of which is read once by this process: for who asks often."""
        return missing_of(keys, problem_ids, self._there(keys, problem_ids))

    def _is_free(self, folder: Path) -> bool:
        with free(folder, ["lock"]) as ours:
            return ours

    def add(
        self,
        keys: Mapping[str, RunKey],
        problem_ids: Sequence[str],
        produce: Callable[[Missing], Iterator[Batch]],
        made: Callable[[], Provenance],
        source: str,
    ) -> int:
        """Have made what is missing, beside other workers, and keep it; return how many answers were made.

        ``produce``, ``made`` and ``source`` are as in `GenerationStore.collect`.
        """
        refuse_duplicates(problem_ids)
        with locked(self._folders(keys), "lock", "generating", self._say, shared=True) as held:
            missing = self.lacking(keys, problem_ids)
            if missing:
                self._fill(keys, missing, produce, _forget, made, source, held)
        return sum(map(len, missing.values()))

    @contextmanager
    def one_of_them(self, keys: Mapping[str, RunKey], name: str, doing: str) -> Iterator[None]:
        """Keep other workers from doing the same; look again inside what they did meanwhile."""
        with locked(self._folders(keys), name, doing, self._say):
            yield

    @contextmanager
    def marked(self, keys: Mapping[str, RunKey]) -> Iterator[str]:
        """Leave a file by which a worker knows that it sees this very store; yields its place in it."""
        folder = self._folders(keys)[0] / MARKS
        path = folder / secrets.token_hex(8)
        publish(path, f"{this_process()} has workers".encode())
        try:
            yield path.relative_to(self.root).as_posix()
        finally:
            path.unlink(missing_ok=True)

    def _there(self, keys: Mapping[str, RunKey], problem_ids: Sequence[str]) -> dict[str, dict[str, bool]]:
        """What is there by the entries, each of which is read once: of many workers each looks before every shard."""
        wanted, table = set(problem_ids), AnswerTable[bool](keys.values())
        for folder in self._folders(keys):
            names = listed(folder)
            shards = {path.stem for path in names if path == shard_path(folder, path.stem)}
            for path in names:
                if path != entry_path(folder, path.stem) or path.stem not in shards:
                    continue
                if path not in self._read:
                    entry = read_entry(path)
                    if not isinstance(entry, Entry):
                        continue  # it is gone or damaged: what it was of is answered again
                    self._read[path] = entry
                entry = self._read[path]
                if not (ids := wanted.intersection(entry.problem_ids)):
                    continue
                for digest in table.stored & set(entry.digests):
                    table.add(digest, dict.fromkeys(ids, True))
        return table.rows()


def _forget(key: RunKey, generations: Sequence[Generation]) -> None:
    """Keep nothing in memory: what a worker answered is in the store, and nobody here reads it."""
