"""PNG files that know what they show: inside are a digest of the drawn numbers and a checksum of the whole picture.

So no picture is drawn twice, and none that was damaged since is taken over into another report.
"""

import base64
import hashlib
import io
import json
import logging
import struct
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from ctlab.files import sha256
from ctlab.reporting.model.record import Record
from ctlab.reporting.report_files import write_bytes
from ctlab.source_digest import source_digest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_KEY = "ctlab-digest"
_CHECKSUM = "ctlab-sha256"
_END = b"\0\0\0\0IEND\xaeB`\x82"
"""The last chunk of every PNG."""
Say = Callable[[str], None]
SAY: Say = logging.getLogger("ctlab.reporting").warning
"""Who is told of damaged pictures where nobody else asks to be."""


def save(path: Path, numbers: Record, draw: "partial[Figure]", *, earlier: Sequence[Path] = (), say: Say = SAY) -> Path:
    """Write a picture of ``numbers``, or take over one of the same name in ``earlier`` folders that shows the same.

    ``draw`` is the figure's own function, bound to its numbers: the module that it is in is the source of the picture.
    ``say`` is told of an earlier one that is damaged, which is drawn again.
    """
    digest = _digest(path.name, numbers, draw.func.__module__)
    for folder in (path.parent, *earlier):
        candidate = folder / path.name
        content = candidate.read_bytes() if candidate.is_file() else b""
        if _shown(content) == digest:
            if not whole(content):
                say(f"{candidate} is damaged (its checksum does not match); the picture is drawn again")
                continue
            if candidate != path:
                write_bytes(path, content)
            return path
    write_bytes(path, _rendered(draw, digest))
    return path


def _rendered(draw: "partial[Figure]", digest: str) -> bytes:
    import matplotlib

    from ctlab.reporting.figures.style import SETTINGS, TEXT_WIDTH

    with matplotlib.rc_context(SETTINGS):
        figure = draw(TEXT_WIDTH)
        buffer = io.BytesIO()
        # No "Software" entry: the same numbers give the same bytes.
        figure.savefig(buffer, format="png", metadata={"Software": None, _KEY: digest})
    return _sealed(buffer.getvalue())


def _sealed(content: bytes) -> bytes:
    """Add the checksum of a picture to it, as a text before its end."""
    rest = content.removesuffix(_END)
    chunk = b"tEXt" + f"{_CHECKSUM}\0{sha256(rest)}".encode()
    return rest + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + _END


def whole(content: bytes) -> bool:
    """Whether a picture is, byte for byte, as it was drawn; one of before it had a checksum is not known to be."""
    length = len(_sealed(_END)) - len(_END)
    return content == _sealed(content[: -length - len(_END)] + _END)


def data_address(path: Path) -> str:
    """A picture as an address that needs no file beside the page."""
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"


def _digest(name: str, numbers: Record, module: str) -> str:
    """Digest of everything that decides how a picture looks: what is shown, how it is drawn and how it is saved."""
    form = [name, source_digest(module, __name__), version("matplotlib"), numbers.to_json()]
    return hashlib.sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()


def _shown(content: bytes) -> str | None:
    """Digest that a PNG carries; None for any other content."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    place = 8
    while place + 8 <= len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        kind, body = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        if kind == b"tEXt" and body.startswith(_KEY.encode() + b"\0"):
            return body.split(b"\0", 1)[1].decode("latin-1")
        if kind == b"IDAT":
            return None
        place += length + 12
    return None
