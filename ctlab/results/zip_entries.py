"""Entries of a zip archive, also Zstandard ones, which Python's own reader knows from 3.14 on; sizes are bounded."""

import struct
import zipfile
import zlib
from io import BytesIO
from typing import NoReturn

from ctlab.errors import RecordedError
from ctlab.inputs import MOST_BYTES, shortened, shown

STORED, DEFLATED, ZSTANDARD = 0, 8, 93
"""Methods of compression that are read, by their numbers in the zip format (APPNOTE.TXT 4.4.5)."""
_LOCAL = struct.Struct("<4s5H3I2H")  # the local header: signature … length of the name, length of the extra field
_ENCRYPTED = 1
MOST_ENTRIES = 1_000_000


class UnknownMethodError(RecordedError):
    """An entry is compressed in a way that is not known here."""


class Archive:
    """A zip archive in memory; whatever is wrong with it is a RecordedError."""

    def __init__(self, content: bytes, name: str) -> None:
        self._content = content
        self._name = name
        try:
            entries = zipfile.ZipFile(BytesIO(content)).infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error, OverflowError) as error:
            self._refuse(f"it is no whole zip archive ({shortened(str(error))})")
        if len(entries) > MOST_ENTRIES:
            self._refuse(f"it has {len(entries):,} entries, and at most {MOST_ENTRIES:,} are read")
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > MOST_BYTES:
            self._refuse(f"it unpacks to {unpacked:,} bytes, and at most {MOST_BYTES:,} are read")
        # An entry that was written again stands twice: the last is the one that counts.
        self._entries = {entry.filename: entry for entry in entries}

    @property
    def names(self) -> list[str]:
        """Names of its entries, in the order in which they were written first."""
        return list(self._entries)

    def text(self, name: str) -> str:
        """Read an entry as UTF-8; what is longer than it says, or damaged, is refused."""
        content = self._unpacked(self._entries[name])
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self._refuse(f"the byte 0x{content[error.start]:02x} of {shown(name)} is no UTF-8")

    def _unpacked(self, entry: zipfile.ZipInfo) -> bytes:
        packed = self._packed(entry)
        try:
            content = UNPACK[entry.compress_type](packed, entry.file_size)
        except KeyError:
            raise UnknownMethodError(
                f"{self._name}: {shown(entry.filename)} is compressed by method {entry.compress_type}, which is not "
                f"known here"
            ) from None
        except (zlib.error, OSError, ValueError) as error:
            self._refuse(f"{shown(entry.filename)} cannot be unpacked ({shortened(str(error))})")
        if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
            self._refuse(f"{shown(entry.filename)} is damaged: its size or its checksum is not what the archive says")
        return content

    def _packed(self, entry: zipfile.ZipInfo) -> bytes:
        if entry.flag_bits & _ENCRYPTED:
            self._refuse(f"{shown(entry.filename)} is encrypted")
        begin = entry.header_offset
        header = self._content[begin : begin + _LOCAL.size]
        if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
            self._refuse(f"{shown(entry.filename)} is not where the archive says")
        *_, name_length, extra_length = _LOCAL.unpack(header)
        begin += _LOCAL.size + name_length + extra_length
        return self._content[begin : begin + entry.compress_size]

    def _refuse(self, rule: str) -> NoReturn:
        raise RecordedError(f"{self._name}: {rule}; fetch it again or write it again") from None


def _stored(packed: bytes, size: int) -> bytes:
    return packed


def _deflated(packed: bytes, size: int) -> bytes:
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)


def _zstandard(packed: bytes, size: int) -> bytes:
    import pyarrow

    with pyarrow.input_stream(pyarrow.BufferReader(packed), compression="zstd") as stream:
        return bytes(stream.read(size + 1))


UNPACK = {STORED: _stored, DEFLATED: _deflated, ZSTANDARD: _zstandard}
"""How each method is undone, never further than one byte beyond what the archive says."""
