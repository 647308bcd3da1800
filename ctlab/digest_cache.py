"""Digests of a package's source, kept beside its byte code from one process to the next.

Each is kept under a digest of every source file of the package, byte for byte: one edited file, and all are taken anew.
Where byte code is not written, or cannot be, nothing is kept. Who can write there can change the code itself.
"""

import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

from ctlab.files import replacing

_FILE = "ctlab-source-digests"


def kept_digest(root: Path, modules: tuple[str, ...], take: Callable[[], str]) -> str:
    """Return the digest that is kept of modules of the package in a folder, else the one that ``take`` takes."""
    digests, name = _read(root), " ".join(modules)
    if name not in digests:
        digests[name] = take()
        # What was edited meanwhile may be in the digest, and is not in what it would be kept under.
        if not sys.dont_write_bytecode and of_package(root) == _at_first(root):
            _write(_place(root), {"source": _at_first(root), "digests": digests})
    return digests[name]


def of_package(root: Path) -> str:
    """Digest every source file in a folder: names and bytes."""
    whole = sha256()
    for folder, folders, files in os.walk(root):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".py"):
                path = Path(folder, name)
                content = path.read_bytes()
                whole.update(f"{path.relative_to(root)}\n{len(content)}\n".encode() + content)
    return whole.hexdigest()


@cache
def _at_first(root: Path) -> str:
    """Digest of the package as this process found it, which is the code that it runs."""
    return of_package(root)


@cache
def _read(root: Path) -> dict[str, str]:
    try:
        kept = json.loads(_place(root).read_bytes())
        digests = kept["digests"] if kept["source"] == _at_first(root) else {}
        return {str(name): str(digest) for name, digest in digests.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write(path: Path, content: object) -> None:
    """Write a file by rename; what cannot be kept is taken again."""
    with suppress(OSError), replacing(path) as file:
        file.write(json.dumps(content, indent=1).encode())


def _place(root: Path) -> Path:
    return Path(cache_from_source(str(root / "__init__.py"))).with_name(_FILE)
