"""`ctlab store import`: takes an export in, after all of it has been checked; no answer that is here is overwritten.

With the folders locked, what the export says is held against what the store holds. Only then is anything written,
shards before their entries, each durably: a process that is killed leaves a store that is valid, and importing once
more completes it.
"""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ctlab import formatting
from ctlab.errors import StoreError, UnreadableError
from ctlab.files import publish, set_aside, sha256
from ctlab.store.archive import Archive, Member, opened
from ctlab.store.derived_files import read_derived
from ctlab.store.export_check import Answers, Checker, Content, ExportedShard, digests_of
from ctlab.store.generation_store import GenerationStore
from ctlab.store.looks import append_looks, read_looks
from ctlab.store.manifest import SCHEMA, Entry, read_entries
from ctlab.store.shard_reading import read_shard
from ctlab.store.uses import note_use


@dataclass(slots=True)
class Imported:
    """What became of an export."""

    written: int = 0
    """Files that are new here."""
    there: int = 0
    """Files that were here already."""
    looks: int = 0
    """Looks that are new here."""
    mended: list[str] = field(default_factory=list)
    """Places at which something damaged lay, which was set aside."""
    differing: list[str] = field(default_factory=list)
    """Sentences about answers that are other ones here: what is here stays."""
    kept: int = 0
    """Derived values that are other ones here: what is here stays, and every read checks what it was made from."""


def import_file(root: Path, source: Path, say: Callable[[str], None]) -> Imported:
    """Take an export into a store; InputError, with nothing written, where anything is wrong with the file."""
    with opened(source) as archive:
        store = GenerationStore(root, say)
        content = Checker(archive, store, source.name).content()
        with store.alone({group: shards[0].entry.keys[0] for group, shards in content.shards.items()}):
            return _Import(store, archive, content, say).done()


class _Import:
    """One export that is taken in, by the holder of the locks."""

    def __init__(self, store: GenerationStore, archive: Archive, content: Content, say: Callable[[str], None]) -> None:
        self._store = store
        self._archive = archive
        self._content = content
        self._say = say
        self._imported = Imported()

    def done(self) -> Imported:
        """Take in what is new, and say what became of the rest."""
        new, other = list[ExportedShard](), set[str]()
        for group, shards in self._content.shards.items():
            here = answers_here(self._folder(group), {digest for shard in shards for digest in shard.entry.digests})
            for shard in shards:
                if differing := list(_differing(shard, here)):
                    other |= {run for run, _ in differing}
                    self._imported.differing.append(_sentence(shard, differing))
                elif not self._is_here(shard, here):
                    new.append(shard)
        for shard in new:
            self._take(shard.shard, _is_whole_shard(shard))
            self._take(shard.manifest, _is_entry)
        for member, runs in self._content.derived:
            if runs.isdisjoint(other):
                self._take_derived(member)
        self._note()
        return self._imported

    def _is_here(self, shard: ExportedShard, here: Answers) -> bool:
        """Whether the store has every answer of a shard, in whichever shard of its own."""
        whole = all(answers.keys() <= here.get(run, {}).keys() for run, answers in shard.answers.items())
        self._imported.there += 2 * whole  # the shard and its entry
        return whole

    def _folder(self, group: str) -> Path:
        return self._store.root / f"v{SCHEMA}" / group

    def _take(self, member: Member, is_sound: Callable[[bytes], bool]) -> None:
        """Write a file of answers where there is none; one that is damaged goes aside first."""
        path = self._store.root / member.place
        if path.exists():
            if is_sound(path.read_bytes()):
                self._imported.there += 1
                return
            set_aside(path, path.parent / "set-aside")
            self._imported.mended.append(member.place)
        self._write(member)

    def _take_derived(self, member: Member) -> None:
        path = self._store.root / member.place
        content = self._archive.read(member)
        if path.exists():
            here = path.read_bytes()
            if here == content:
                self._imported.there += 1
                return
            if _is_sound(self._store, path, here):
                self._imported.kept += 1
                return
        self._write(member)

    def _write(self, member: Member) -> None:
        publish(self._store.root / member.place, self._archive.read(member))
        self._imported.written += 1

    def _note(self) -> None:
        root = self._store.root
        seen = read_looks(root, self._say) if self._content.looks else ()
        fresh = [look for look in self._content.looks if not any(look.repeats(other) for other in seen)]
        append_looks(root, fresh)
        self._imported.looks = len(fresh)
        for group, use, names in self._content.uses:
            note_use(self._folder(group), use, names)


def answers_here(folder: Path, runs: Collection[str]) -> Answers:
    """Digests of the answers that a folder holds of some runs; what is damaged is no answer."""
    found: Answers = {}
    for _, entry in read_entries(folder):
        if isinstance(entry, StoreError) or not set(runs).intersection(entry.digests):
            continue
        try:
            shard = read_shard(folder, entry, runs)
        except UnreadableError:
            raise
        except StoreError:
            continue
        for digest, answers in shard.items():
            found.setdefault(digest, {}).update(digests_of(answers))
    return found


def _differing(shard: ExportedShard, here: Answers) -> Iterator[tuple[str, str]]:
    for run, answers in shard.answers.items():
        known = here.get(run, {})
        yield from ((run, problem_id) for problem_id, said in answers.items() if known.get(problem_id, said) != said)


def _sentence(shard: ExportedShard, differing: list[tuple[str, str]]) -> str:
    run, problem_id = differing[0]
    return (
        f"{shard.shard.place} was left out: {formatting.counted(len(differing), 'answer')} of it are other ones here "
        f"under the same key (first: run {run}, problem {problem_id}); what is here stays"
    )


def _is_whole_shard(shard: ExportedShard) -> Callable[[bytes], bool]:
    return lambda content: sha256(content) == shard.entry.sha256


def _is_entry(content: bytes) -> bool:
    try:
        Entry.from_json(json.loads(content))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    return True


def _is_sound(store: GenerationStore, path: Path, content: bytes) -> bool:
    try:
        read_derived(store.derived, path, content)
    except StoreError:
        return False
    return True
