"""What an export holds, after all of it has been checked: one thing that is wrong refuses the whole file.

Of every member: its digest, that its place is one that a store has, that it is what its place says, and that no two
shards disagree about an answer. That the file is whole is what this proves, not that a model said what is in it.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, NoReturn

from ctlab.errors import InputError, StoreError
from ctlab.records.generation import Decoding, Generation, answers_digest
from ctlab.records.look import Look
from ctlab.store.archive import Archive, Member
from ctlab.store.derived_files import read_derived
from ctlab.store.generation_store import GenerationStore
from ctlab.store.looks import LOOKS
from ctlab.store.manifest import SCHEMA, Entry
from ctlab.store.shards import decode
from ctlab.store.survey import Part, part_of
from ctlab.store.uses import FOLDER, Use

Answers = dict[str, dict[str, str]]
"""Digest of each answer, by digest of the run and id of the problem."""
MOST_VALUES = 1 << 24
"""Tokens, texts and ids in a shard, which is one batch: a million answers of sixteen tokens."""
MOST_BYTES = 1 << 30
_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedShard:
    """A shard of an export."""

    entry: Entry
    """What it holds."""
    answers: Answers
    """Digests of its answers."""
    shard: Member
    """Its bytes."""
    manifest: Member
    """Its entry's bytes."""


@dataclass(slots=True)
class Content:
    """What an export holds."""

    shards: dict[str, list[ExportedShard]] = field(default_factory=dict)
    """Shards by the folder of their runs."""
    derived: list[tuple[Member, frozenset[str]]] = field(default_factory=list)
    """Derived values, and the runs that each can be about."""
    looks: list[Look] = field(default_factory=list)
    """Looks at verdicts on these models."""
    uses: list[tuple[str, Use, list[tuple[str, str]]]] = field(default_factory=list)
    """Names: the folder, what a use says but its runs, and names of conditions with the digests of their runs."""


class Checker:
    """Reads all of an export and refuses it whole where one thing is wrong."""

    def __init__(self, archive: Archive, store: GenerationStore, name: str) -> None:
        self._archive = archive
        self._store = store
        self._name = name
        self._seen: Answers = {}

    def content(self) -> Content:
        """Return what the export holds."""
        found, shards, entries = Content(), dict[str, Member](), dict[str, Member]()
        for member in self._archive.members:
            match part_of(member.place):
                case Part.ANSWERS if member.place.endswith(".parquet"):
                    shards[member.place] = member
                case Part.ANSWERS:
                    entries[member.place] = member
                case Part.DERIVED:
                    found.derived.append((member, self._derived(member)))
                case Part.NOTES if member.place == LOOKS:
                    found.looks = self._looks(member)
                case _:
                    self._refuse(f"{member.place!r} is no place for anything that an export holds")
        for place, member in entries.items():
            group = PurePosixPath(place).parent.name
            found.shards.setdefault(group, []).append(self._shard(member, shards, group))
        if shards:
            self._refuse(f"{next(iter(shards))} has no entry that says what it holds")
        names = self._archive.index.get("names", [])
        found.uses = [self._use(row) for row in (names if isinstance(names, list) else [names])]
        return found

    def _shard(self, member: Member, shards: dict[str, Member], group: str) -> ExportedShard:
        raw = self._archive.read(member)
        try:
            entry = Entry.from_json(json.loads(raw))
            if not all(isinstance(word, str) for word in entry.problem_ids):
                raise TypeError("a problem's id is text")
            folders = {self._store.folder(key).name for key in entry.keys}
        except _MALFORMED as error:
            self._refuse(f"{member.place} cannot be read as the entry of a shard ({error!r})")
        place = str(PurePosixPath(member.place).with_suffix(".parquet"))
        shard = shards.pop(place, None)
        if PurePosixPath(place).stem != entry.name or shard is None or shard.sha256 != entry.sha256:
            self._refuse(f"{member.place} is the entry of a shard that is not beside it")
        if folders != {group}:
            self._refuse(f"{member.place} lists runs of another folder")
        return ExportedShard(entry=entry, answers=self._answers(shard, entry), shard=shard, manifest=member)

    def _answers(self, member: Member, entry: Entry) -> Answers:
        content = self._archive.read(member)
        try:
            refuse_swollen(content)
            runs = decode(content, entry.digests, entry.digests)
        except StoreError as error:
            self._refuse(f"{member.place}: {error}")
        if any(tuple(answer.problem_id for answer in run) != entry.problem_ids for run in runs.values()):
            self._refuse(f"{member.place} does not hold the problems that its entry lists")
        answers = {digest: digests_of(run) for digest, run in runs.items()}
        for digest, said in answers.items():
            known = self._seen.setdefault(digest, {})
            if any(known.get(problem_id, answer) != answer for problem_id, answer in said.items()):
                self._refuse(f"two of its shards disagree about answers of run {digest}")
            known.update(said)
        return answers

    def _derived(self, member: Member) -> frozenset[str]:
        content = self._archive.read(member)
        try:
            refuse_swollen_value(content)
            return read_derived(self._store.derived, self._store.root / member.place, content).runs
        except StoreError as error:
            self._refuse(f"{member.place} {error}")

    def _looks(self, member: Member) -> list[Look]:
        try:
            return [Look.from_json(json.loads(line)) for line in self._archive.read(member).decode().splitlines()]
        except _MALFORMED as error:
            self._refuse(f"{member.place} cannot be read ({error!r})")

    def _use(self, row: Any) -> tuple[str, Use, list[tuple[str, str]]]:
        try:
            form = dict(row)
            group, runs = form.pop("group"), form.pop("runs")
            use = Use(**{**form, "ids": tuple(form["ids"])})
            place = f"v{SCHEMA}/{group}/{FOLDER}/{use.problems}"
            if use.decoding:
                Decoding.from_json(use.decoding)  # refuses what is none
            # The latest name comes first, and is noted last.
            names = [(name, digest) for digest, called in runs.items() for name in reversed(called)]
            words = (use.model, use.model_name, use.problems, use.problems_name, *use.ids, *runs, *dict(names))
            if part_of(place) != Part.NOTES or not all(isinstance(word, str) for word in words):
                raise ValueError(f"{place!r} is no place for names")
            return group, use, names
        except _MALFORMED as error:
            self._refuse(f"its index names what it cannot ({error!r})")

    def _refuse(self, why: str) -> NoReturn:
        raise InputError(
            f"{self._name}: {why}; nothing was imported. Get the file again from whoever made it"
        ) from None


def refuse_swollen(content: bytes) -> None:
    """Refuse a shard that is small on disk and fills the memory, by what it says of itself, before it is unpacked."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        footer = pq.read_metadata(pa.BufferReader(content))
    except (pa.ArrowException, OSError) as error:
        raise StoreError(f"it is no shard: {error}") from error
    groups = [footer.row_group(k) for k in range(footer.num_row_groups)]
    values = sum(group.column(k).num_values for group in groups for k in range(group.num_columns))
    if values > MOST_VALUES or sum(group.total_byte_size for group in groups) > MOST_BYTES:
        raise StoreError(f"it unpacks to {values:,} values, and a shard has at most {MOST_VALUES:,}")


def refuse_swollen_value(content: bytes) -> None:
    """Refuse a derived value that is small on disk and fills the memory; its body stands behind two lines."""
    packed = content.split(b"\n", 2)[-1]
    try:
        unpacking = zlib.decompressobj()
        unpacking.decompress(packed, MOST_BYTES)
        swollen = bool(unpacking.unconsumed_tail)
    except zlib.error as error:
        raise StoreError(f"is no derived value ({error})") from error
    if swollen:
        raise StoreError(f"unpacks to more than {MOST_BYTES:,} bytes")


def digests_of(answers: Sequence[Generation]) -> dict[str, str]:
    """Return the digest of each answer by the id of its problem."""
    return {answer.problem_id: answers_digest([answer]) for answer in answers}
