"""Files that are handed over by mistake: what one is by how it begins or what it holds, and the step that helps.

People look for a missing comma where a file says "Expecting value", and it is the sign-in page of the site that they
meant to fetch it from. Nothing here reads a file; readers ask before they complain.
"""

import re
from collections.abc import Collection

LOOKED_AT = 4096
"""Bytes by which a file is told: a tar archive says what it is at byte 257, a page after its comments."""
_BOM = b"\xef\xbb\xbf"
_UNPACK = "unpack it and give the file that comes out"
_FETCH = "download the file itself (its raw form)"
_AS_TABLE = "save its rows as CSV or JSONL and give that"
_STARTS: tuple[tuple[bytes, str, str], ...] = (
    (b"version https://git-lfs.github.com/spec/", "a pointer of Git LFS in place of the file", "git lfs pull"),
    (b"/annex/objects/", "a pointer of git-annex in place of the file", "git annex get"),
    (b"\x1f\x8b", "packed with gzip", _UNPACK),
    (b"BZh", "packed with bzip2", _UNPACK),
    (b"\xfd7zXZ\x00", "packed with xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "packed with 7-Zip", _UNPACK),
    (b"Rar!\x1a\x07", "packed with RAR", _UNPACK),
    (b"\x89PNG", "a PNG picture", "give the numbers behind it"),
    (b"\xff\xd8\xff", "a JPEG picture", "give the numbers behind it"),
    (b"%PDF", "a PDF document", _AS_TABLE),
    (b"{\\rtf", "a document in Rich Text", "save it as plain text"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a workbook or document of an old Office", "save its sheet as CSV (UTF-8)"),
    (b"SQLite format 3\x00", "an SQLite database", _AS_TABLE),
    (b"\x93NUMPY", "an array of NumPy", _AS_TABLE),
    (b"ARROW1\x00\x00", "an Arrow (Feather) file", "save it as parquet or JSONL and give that"),
    (b"\x89HDF", "an HDF5 file", _AS_TABLE),
    (b":W&B", "a run of Weights & Biases as it was recorded", "export the table that it logged (*.table.json)"),
)
"""How files begin (their formats' magic numbers), what they are, and what to do."""
# A pickle of protocol 2 to 5: its mark, then the frame, a memo or what is pickled.
_PICKLE = re.compile(rb"\x80[\x02-\x05](?:\x95|[\]}(cK])")
_PAGE = re.compile(rb"(?is)\A\s*+(?:<!--.{0,2000}?-->\s*+)?+<(?:!doctype html|html|head|title|body|script)\b")
_XML = re.compile(rb"(?i)\A\s*+<\?xml\b")
_TAR_MARK, _TAR_AT = b"ustar", 257
_SIGNS_OF_A_TABLE = re.compile(r"\A[^{}\[\]\n,;\t|]++[,;\t|][^{}\[\]\n]*+\n")
_PRINTED = re.compile(r"""\A\s*+\[?\s*+\{\s*+'""")
_CODE_FENCE = "```"


def told_by_start(start: bytes) -> str:
    """Say what a file is and what helps, as ``a web page (HTML), not data; download …``; empty where it may be data."""
    bare = start.removeprefix(_BOM)
    for magic, what, step in _STARTS:
        if bare.startswith(magic):
            return _said(what, f"fetch it with {step}" if step.startswith("git ") else step)
    if _PAGE.match(bare):
        return _said("a web page (HTML), not data", _FETCH)
    if _XML.match(bare):
        page = b"<html" in bare.lower()
        return _said(*(("a web page (HTML), not data", _FETCH) if page else ("an XML document", _AS_TABLE)))
    if start[_TAR_AT:].startswith(_TAR_MARK):
        return _said("a tar archive", _UNPACK)
    return _said("a Python pickle, which can run any code and is not opened", _AS_TABLE) if _PICKLE.match(start) else ""


def told_by_entries(names: Collection[str]) -> str:
    """Say what a zip archive of these entries is where an office program wrote it; empty for any other."""
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return _said("an Excel workbook", "save its sheet as CSV (UTF-8) and give that")
    if "content.xml" in names and "mimetype" in names:
        return _said("a document of LibreOffice", "save its sheet as CSV (UTF-8) and give that")
    return _said("a Word document", _AS_TABLE) if "word/document.xml" in names else ""


def told_by_keys(keys: Collection[str]) -> str:
    """Say what a JSON object with these keys is, where it holds neither problems nor answers; empty for any other."""
    held = set(keys)
    if {"cells", "nbformat"} <= held:
        return _said("a Jupyter notebook", "give the file that it reads or writes")
    if {"ctlab", "claims", "families"} <= held:
        return _said("a report of ctlab", "two reports are held against each other by: ctlab compare BEFORE AFTER")
    return ""


def why_no_json(text: str, message: str, at: int) -> tuple[str, str]:
    """Say why a text is no JSON, and the step where it is one of the mistakes that people make again and again.

    ``message`` is the reader's, ``at`` the character that it stopped at.
    """
    if told := told_by_start(text[:LOOKED_AT].encode("utf-8", "replace")):
        what, _, step = told.partition("; ")
        return f"it is {what}", step
    if _PRINTED.match(text):
        return "it is what Python prints (quotes are single), not JSON", "write it with json.dumps"
    if text.lstrip().startswith(_CODE_FENCE):
        return "it begins with a fence of Markdown (```)", "leave the fences out"
    if (at >= len(text.rstrip()) or message.startswith("Unterminated")) and text.lstrip()[:1] in ("{", "["):
        return "it is not JSON: it ends within a value, as what was cut off does", ""  # whose file it is knows the step
    if _SIGNS_OF_A_TABLE.match(f"{text}\n"):
        return "it is not JSON, and reads like a table", "give the file the suffix .csv or .tsv"
    return f"it is not JSON ({message})", ""


def _said(what: str, step: str) -> str:
    return f"{what}; {step}"
