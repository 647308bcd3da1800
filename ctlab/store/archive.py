"""The file that `ctlab store export` makes: a zip whose members are stored as they are, and an index of their digests.

The same content makes the same bytes, on every machine: members are in the order of their names, carry no date, no
owner and no compression (answers and derived values are packed already; what zlib makes differs between its versions).
For the same reason nothing in it can grow when it is read: a member has as many bytes as it takes in the file.
"""

import hashlib
import json
import re
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from ctlab.errors import InputError
from ctlab.files import replacing, sha256
from ctlab.inputs import NO_FILE, is_no_file
from ctlab.store.manifest import SCHEMA

FORMAT = "ctlab store export"
VERSION = 1
"""Version of this form; a file of another one is refused by name."""
INDEX = "index.json"
_MOST_INDEX = 1 << 28  # bytes of an index: a million files
_NEVER = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file knows
_REGULAR = stat.S_IFREG | 0o644
_UNIX = 3
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
# What zipfile raises of a file that somebody has cut, bent or made up.
_BROKEN = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, OverflowError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of an export."""

    place: str
    """Where it lies in the store."""
    sha256: str
    """Checksum of its bytes."""
    size: int
    """How many there are."""


def write_archive(path: Path, head: Mapping[str, Any], files: Iterable[tuple[str, Callable[[], bytes]]]) -> int:
    """Write an export, whole or not at all; return how many files it holds.

    ``head`` goes into the index beside the list of files; ``files`` are places and what reads their content, so that
    one is in memory at a time. InputError where the file cannot be written.
    """
    members: list[Member] = []
    try:
        with replacing(path, durable=True) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for place, read in sorted(files, key=lambda pair: pair[0]):
                content = read()
                members.append(Member(place=place, sha256=sha256(content), size=len(content)))
                archive.writestr(_info(place), content)
            archive.writestr(_info(INDEX), _index(head, members))
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}; choose another place") from error
    return len(members)


def _info(place: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(place, _NEVER)
    info.create_system, info.external_attr = _UNIX, _REGULAR << 16
    return info


def _index(head: Mapping[str, Any], members: Iterable[Member]) -> bytes:
    files = [{"path": member.place, "sha256": member.sha256, "size": member.size} for member in members]
    form = {"format": FORMAT, "version": VERSION, "store": SCHEMA, **head, "files": files}
    return json.dumps(form, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


class Archive:
    """An export that was opened: its index is read and fits its members; of their content nothing is believed yet."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._name = name
        self._size = file.seek(0, 2)
        with self._reading():
            self._zip = zipfile.ZipFile(file)
            self._infos = self._plain_members()
            self.index = self._read_index()
            self.members = self._listed()

    def read(self, member: Member) -> bytes:
        """Return a member's content; InputError where it is not what the index says."""
        with self._reading():
            content = self._zip.read(self._infos[member.place])
        if sha256(content) != member.sha256:
            self._refuse(f"{member.place} is damaged: its checksum is not that of the index")
        return content

    def _plain_members(self) -> dict[str, zipfile.ZipInfo]:
        """Return the members by name; refused is whatever is not a plain file of its own bytes."""
        infos: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            kind = stat.S_IFMT(info.external_attr >> 16)
            if info.is_dir() or kind not in (0, stat.S_IFREG) or info.flag_bits & 0x1:
                self._refuse(f"{info.filename!r} is a folder, a link or encrypted; an export holds plain files")
            if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
                self._refuse(f"{info.filename!r} is compressed; an export stores its files as they are")
            if info.filename in infos:
                self._refuse(f"{info.filename!r} is in it twice")
            infos[info.filename] = info
        # Members that share bytes could say that they are larger than the file: each has its own here.
        if sum(info.file_size for info in infos.values()) > self._size:
            self._refuse("its members claim more bytes than it has")
        return infos

    def _read_index(self) -> dict[str, Any]:
        info = self._infos.get(INDEX)
        if info is None:
            self._refuse(f"it has no {INDEX}; it is not what `ctlab store export` writes")
        if info.file_size > _MOST_INDEX:
            self._refuse(f"its index has {info.file_size:,} bytes, more than {_MOST_INDEX:,}")
        try:
            index = json.loads(self._zip.read(info))
        except (ValueError, RecursionError) as error:
            self._refuse(f"its index is not JSON ({error})")
        if not isinstance(index, dict) or index.get("format") != FORMAT:
            self._refuse("its index is not that of a store's export")
        for what, ours in (("version", VERSION), ("store", SCHEMA)):
            if index.get(what) != ours:
                of = "export" if what == "version" else "store"
                self._refuse(f"it is of version {index.get(what)!r} of the {of}, and this ctlab reads version {ours}")
        return index

    def _listed(self) -> tuple[Member, ...]:
        members = []
        rows: Any = self.index.get("files")
        for row in rows if isinstance(rows, list) else [rows]:
            try:
                member = Member(place=row["path"], sha256=row["sha256"], size=row["size"])
                fits = _SHA256.match(member.sha256) and self._infos[member.place].file_size == member.size
            except (KeyError, TypeError):
                fits = False
            if not fits:
                self._refuse(f"its index lists what is not in it as listed: {str(row)[:80]}")
            members.append(member)
        if {member.place for member in members} != self._infos.keys() - {INDEX} or len(members) != len(self._infos) - 1:
            self._refuse("it holds files that its index does not list")
        return tuple(members)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except InputError:
            raise
        except _BROKEN as error:
            self._refuse(f"it cannot be read as a zip file ({error})")

    def _refuse(self, why: str) -> NoReturn:
        raise InputError(f"{self._name}: {why}; nothing was imported. Get the file again from whoever made it")


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open an export; InputError names what is wrong with it."""
    try:
        if is_no_file(path):
            raise InputError(f"{path}: {NO_FILE}")
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    with file:
        yield Archive(file, path.name)


def checksum(path: Path) -> str:
    """Return the sha256 of an export, which a paper can print: the same content has the same."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
