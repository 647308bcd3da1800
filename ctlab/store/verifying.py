"""`ctlab store verify`: reads everything that a store holds and says what is wrong with which file; changes nothing."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ctlab.errors import StoreError, UnreadableError
from ctlab.files import listed, read_whole
from ctlab.records.generation import Generation, answers_digest
from ctlab.records.look import Look
from ctlab.store.derived_files import Codes, DerivedFile, derived_files
from ctlab.store.generation_store import GenerationStore
from ctlab.store.holdings import groups
from ctlab.store.looks import LOOKS
from ctlab.store.manifest import SCHEMA, Entry, entry_path, read_entries, shard_path
from ctlab.store.shard_reading import read_shard
from ctlab.store.survey import MEMORY, STATES, Part, StoreFile, survey
from ctlab.store.uses import Use, read_uses

_Rows = dict[str, dict[str, Generation]]  # run digest → problem id → answer


class State(StrEnum):
    """What is wrong with a file, the worst first."""

    DAMAGED = "damaged"
    """Not as it was written, or not what its place says."""
    UNREADABLE = "unreadable"
    """The system does not let it be read; whether it is damaged is not known."""
    ORPHANED = "orphaned"
    """Made from answers that are not here."""
    OLD_CODE = "old code"
    """Derived by code that is not today's: a run of today's code makes its own."""
    OTHER = "other version"
    """Of a form of the store that this ctlab does not read."""
    SET_ASIDE = "set aside"
    """Found damaged by a run, which made the answers again."""
    TEMPORARY = "left over"
    """Half written by a run that was killed, or is writing now."""
    UNKNOWN = "unknown"
    """Nothing that ctlab wrote."""

    @property
    def is_damage(self) -> bool:
        """Whether the store is not what it should be."""
        return self in (State.DAMAGED, State.UNREADABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong."""

    place: str
    """Place in the store."""
    state: State
    """What is wrong."""
    reason: str
    """Why, in words."""


def verify(root: Path, codes: Codes) -> Iterator[Finding]:
    """Yield what is wrong with any file of a store; ``codes`` is the code of today by kind of derived value."""
    for file in survey(root):
        yield from _by_place(file)
    yield from _looks(root)
    yield from _memory(root)
    yield from _states(root)
    store = GenerationStore(root, lambda _: None)
    for folder in groups(root):
        yield from _Group(store, folder, codes).findings()


def _by_place(file: StoreFile) -> Iterator[Finding]:
    """Say what a file's place alone tells."""
    match file.part:
        case Part.SET_ASIDE:
            yield Finding(place=file.place, state=State.SET_ASIDE, reason="a run found it damaged and made it again")
        case Part.TEMPORARY:
            yield Finding(place=file.place, state=State.TEMPORARY, reason="not finished; nothing reads it")
        case Part.OTHER:
            version = file.place.split("/")[0]
            reason = f"version {version} of the store, and this ctlab reads v{SCHEMA}; nothing touches it"
            yield Finding(place=file.place, state=State.OTHER, reason=reason)
        case Part.FIRST_FORM:
            reason = "a derived value in the form before envelopes; nothing reads it, and it was made again"
            yield Finding(place=file.place, state=State.OTHER, reason=reason)
        case Part.UNKNOWN:
            yield Finding(place=file.place, state=State.UNKNOWN, reason="nothing that ctlab wrote, or a link")
        case Part.ANSWERS if file.is_shard and not entry_path(file.path.parent, file.path.stem).exists():
            reason = "a shard without its entry: a run was killed between the two, or is writing now"
            yield Finding(place=file.place, state=State.TEMPORARY, reason=reason)


def _memory(root: Path) -> Iterator[Finding]:
    from ctlab.models.checkpoints.file_digests import is_sound  # its room is torch's, although it needs none

    try:
        if not is_sound(read_whole(root / MEMORY)):
            reason = "the memory of model files' digests is damaged, or of an earlier form; files are read again"
            yield Finding(place=MEMORY, state=State.DAMAGED, reason=reason)
    except FileNotFoundError:
        return
    except UnreadableError as error:
        yield Finding(place=MEMORY, state=State.UNREADABLE, reason=str(error))


def _looks(root: Path) -> Iterator[Finding]:
    try:
        lines = read_whole(root / LOOKS).split(b"\n")
    except FileNotFoundError:
        return
    except UnreadableError as error:
        yield Finding(place=LOOKS, state=State.UNREADABLE, reason=str(error))
        return
    for number, line in enumerate(lines, start=1):
        try:
            if line:
                Look.from_json(json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            yield Finding(place=f"{LOOKS}, line {number}", state=State.DAMAGED, reason=f"no look ({error!r})")


def _states(root: Path) -> Iterator[Finding]:
    """Hold raw hidden states to their list of contents; of what a tensor holds there is no checksum."""
    for folder in listed(root / STATES):
        contents = folder / "states.json"
        place = contents.relative_to(root).as_posix()
        if not folder.is_dir() or folder.is_symlink():
            continue
        try:
            shards = json.loads(read_whole(contents))["shards"]
            gone = [name for name in shards if not (folder / str(name)).is_file()]
        except FileNotFoundError:
            reason = "hidden states without their list of contents: a run was killed, or is writing now"
            yield Finding(place=place, state=State.TEMPORARY, reason=reason)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            yield Finding(place=place, state=State.DAMAGED, reason=f"no list of contents ({error!r})")
        else:
            if gone:
                yield Finding(place=place, state=State.DAMAGED, reason=f"{gone[0]}, which it lists, is gone")


class _Group:
    """One folder of runs: its answers are read, and what was made from them is held to them."""

    def __init__(self, store: GenerationStore, folder: Path, codes: Codes) -> None:
        self._store = store
        self._folder = folder
        self._codes = codes
        self._rows: _Rows = {}
        self._sources: set[str] = set()
        self._uses: list[Use] = []

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong in the folder."""
        try:
            for name, entry in read_entries(self._folder):
                yield from self._entry(entry_path(self._folder, name), entry)
        except UnreadableError as error:  # an entry, and with it those behind it
            yield self._finding(self._folder, State.UNREADABLE, error)
        for path, use in read_uses(self._folder):
            if isinstance(use, Use):
                self._uses.append(use)
            else:
                yield self._finding(path, State.DAMAGED, f"{use}; it holds names and days, and is written again")
        for path, derived in derived_files(self._store, self._folder):
            yield from self._derived(path, derived)

    def _entry(self, path: Path, entry: Entry | StoreError) -> Iterator[Finding]:
        try:
            if isinstance(entry, StoreError):
                raise entry
            yield from self._answers(path, entry)
        except UnreadableError as error:
            yield self._finding(path, State.UNREADABLE, error)
        except StoreError as error:
            yield self._finding(path, State.DAMAGED, error)

    def _answers(self, path: Path, entry: Entry) -> Iterator[Finding]:
        self._sources.add(entry.source)
        if any(self._store.folder(key) != self._folder for key in entry.keys):
            yield self._finding(path, State.DAMAGED, "it lists runs of another folder")
        for digest, answers in read_shard(self._folder, entry, entry.digests).items():
            known = self._rows.setdefault(digest, {})
            if any(known.get(answer.problem_id, answer) != answer for answer in answers):
                shard = shard_path(self._folder, entry.name)
                yield self._finding(shard, State.DAMAGED, f"another shard has other answers of run {digest}")
            known.update({answer.problem_id: answer for answer in answers})

    def _derived(self, path: Path, derived: DerivedFile | StoreError) -> Iterator[Finding]:
        if isinstance(derived, UnreadableError):
            yield self._finding(path, State.UNREADABLE, derived)
        elif isinstance(derived, StoreError):
            yield self._finding(path, State.DAMAGED, f"{derived}; a run makes it again")
        elif not derived.is_read(self._codes, self._sources):
            kind = derived.envelope.key.kind
            yield self._finding(path, State.OLD_CODE, f"{kind} by another source than today's; gc removes it")
        elif derived.is_of_answers and (reason := self._unfounded(derived)):
            yield self._finding(path, State.ORPHANED, reason)

    def _unfounded(self, derived: DerivedFile) -> str:
        """Say that a value was made from answers that are not here, or not those; empty where it was not."""
        rows = next((self._rows[run] for run in sorted(derived.runs) if run in self._rows), None)
        if rows is None:
            return "made from answers that are not here"
        for ids in self._orders(derived.problems):
            answers = [rows[problem_id] for problem_id in ids if problem_id in rows]
            if len(answers) == len(ids) and answers_digest(answers) != derived.envelope.inputs:
                return "made from other answers than are here; no run takes it"
        return ""

    def _orders(self, problems: str) -> Sequence[tuple[str, ...]]:
        """Problems of a set in its order, where a note of use knows them."""
        return [use.ids for use in self._uses if use.problems == problems][:1]

    def _finding(self, path: Path, state: State, reason: object) -> Finding:
        place = path.relative_to(self._store.root).as_posix()
        # Sentences of the store begin with the path, which stands before them here.
        return Finding(place=place, state=state, reason=str(reason).removeprefix(f"{path} "))
