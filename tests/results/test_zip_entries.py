"""Zip archives in memory: three methods are read, sizes are bounded, and what is damaged is said."""

import io
import struct
import zipfile
import zlib

import pyarrow
import pytest

from ctlab.errors import RecordedError
from ctlab.results import zip_entries
from ctlab.results.zip_entries import ZSTANDARD, Archive

TEXT = "a text that is long enough to be worth packing, " * 20


def zstandard(*entries, claimed=None, checksum=None):
    """A zip archive with Zstandard entries, written by hand as APPNOTE.TXT 4.3 says."""
    out, central = io.BytesIO(), []
    for name, text in entries:
        content = text.encode()
        packed = pyarrow.compress(content, codec="zstd", asbytes=True)
        crc = zlib.crc32(content) if checksum is None else checksum
        size = len(content) if claimed is None else claimed
        fields = (63, 0, ZSTANDARD, 0, 0, crc, len(packed), size, len(name), 0)
        offset = out.tell()
        out.write(struct.pack("<4s5H3I2H", b"PK\x03\x04", *fields) + name.encode() + packed)
        central.append(struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 63, *fields, 0, 0, 0, 0, offset) + name.encode())
    start = out.tell()
    out.write(b"".join(central))
    out.write(struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, len(central), len(central), out.tell() - start, start, 0))
    return out.getvalue()


def plain(method, *entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, text in entries:
            archive.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        zstandard(("a", TEXT), ("b", "")),
        plain(zipfile.ZIP_STORED, ("a", TEXT), ("b", "")),
        plain(zipfile.ZIP_DEFLATED, ("a", TEXT), ("b", "")),
    ],
    ids=["zstandard", "stored", "deflated"],
)
def test_three_methods(content):
    archive = Archive(content, "x.eval")
    assert [(name, archive.text(name)) for name in archive.names] == [("a", TEXT), ("b", "")]


def test_an_entry_that_was_written_again_counts_as_it_was_written_last():
    archive = Archive(zstandard(("a", "old"), ("b", "x"), ("a", "new")), "x.eval")
    assert (archive.names, archive.text("a")) == (["a", "b"], "new")


def test_what_unpacks_to_more_than_it_says_is_not_unpacked():
    bomb = zstandard(("a", "\0" * 50_000_000), claimed=10)
    assert len(bomb) < 20_000
    with pytest.raises(RecordedError, match=r"x\.eval: 'a' is damaged: its size or its checksum"):
        Archive(bomb, "x.eval").text("a")


@pytest.mark.parametrize("method", [zip_entries.DEFLATED, ZSTANDARD])
def test_unpacking_stops_a_byte_beyond_what_the_archive_says(method):
    content = b"\0" * 1_000_000
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = {
        zip_entries.DEFLATED: packer.compress(content) + packer.flush(),
        ZSTANDARD: pyarrow.compress(content, codec="zstd", asbytes=True),
    }
    assert len(zip_entries.UNPACK[method](packed[method], 10)) == 11


def test_what_says_that_it_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(zip_entries, "MOST_BYTES", 1000)
    with pytest.raises(RecordedError, match=r"x\.eval: it unpacks to 1,001 bytes, and at most 1,000 are read"):
        Archive(zstandard(("a", "x"), claimed=1001), "x.eval")
    monkeypatch.setattr(zip_entries, "MOST_ENTRIES", 1)
    with pytest.raises(RecordedError, match=r"it has 2 entries, and at most 1 are read"):
        Archive(zstandard(("a", "x"), ("b", "x")), "x.eval")


def changed(content, place, byte):
    return content[:place] + byte + content[place + 1 :]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (zstandard(("a", TEXT), checksum=1), "'a' is damaged"),
        (changed(plain(zipfile.ZIP_DEFLATED, ("a", TEXT)), 35, b"\xff"), "'a' (is damaged|cannot be unpacked)"),
        (changed(zstandard(("a", TEXT)), 35, b"\xff"), "'a' (is damaged|cannot be unpacked)"),
        (changed(zstandard(("a", TEXT)), 0, b"X"), "'a' is not where the archive says"),
        (plain(zipfile.ZIP_BZIP2, ("a", TEXT)), "'a' is compressed by method 12, which is not known here"),
        (plain(zipfile.ZIP_STORED, ("a", b"\xff")), "the byte 0xff of 'a' is no UTF-8"),
    ],
    ids=["checksum", "deflated", "zstandard", "place", "method", "text"],
)
def test_a_damaged_entry_is_named(content, message):
    with pytest.raises(RecordedError, match=f"x.eval: {message}"):
        Archive(content, "x.eval").text("a")
