"""The folder of a paper: whether it can be written to, and what an earlier `ctlab paper` left in it.

Figures of another run beside those of this one would be taken for this one's, so that every file written is listed with
its checksum, and what the next run does not write again is removed, unless somebody changed it since.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from ctlab.errors import InputError
from ctlab.files import sha256
from ctlab.inputs import read_json
from ctlab.reporting.report_files import write_json

LISTED = "files.json"
"""List of what was written: checksums by name."""
_OURS = re.compile(r"(?:figures/[\w-]+\.(?:csv|pdf|svg|png)|paper\.(?:tex|md)|claims\.tex|methods\.tex)\Z", re.ASCII)
"""Names that a paper's files can have: a list that somebody changed leads to no other file."""
_ADVICE = "give another folder with --out"


def ready(out: Path) -> None:
    """Make the folder, or say in one sentence why it cannot be written to."""
    there = next(place for place in (out, *out.absolute().parents) if place.exists() or place.is_symlink())
    if not there.is_dir():
        raise InputError(f"{there} is a file, and a paper is written into a folder; {_ADVICE}")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out} cannot be made ({error.strerror or error}); {_ADVICE}") from error
    if not os.access(out, os.W_OK | os.X_OK):
        raise InputError(f"{out} cannot be written to (no permission); {_ADVICE}")
    _earlier(out)  # a list that cannot be read is said before anything is drawn


def settle(out: Path, written: Sequence[Path]) -> list[str]:
    """List what was written, after removing what an earlier one wrote and this one did not; return what was changed.

    A figures folder that is a link leads elsewhere, where nothing is removed.
    """
    names = {path.relative_to(out).as_posix(): path for path in written}
    kept = []
    for name, checksum in _earlier(out).items():
        path = out / name
        if name in names or not path.is_file() or path.is_symlink() or path.parent.is_symlink():
            continue
        if sha256(path.read_bytes()) == checksum:
            path.unlink()
        else:
            kept.append(name)
    write_json(out / LISTED, {"files": {name: sha256(path.read_bytes()) for name, path in sorted(names.items())}})
    return kept


def _earlier(out: Path) -> dict[str, str]:
    """What an earlier run listed; nothing where the list is not one."""
    if not (out / LISTED).exists():
        return {}
    form = read_json(out / LISTED, error=InputError, advice="remove it, and look for files of an earlier run beside it")
    files = form.get("files") if isinstance(form, dict) else None
    listed = files.items() if isinstance(files, dict) else ()
    return {name: checksum for name, checksum in listed if _OURS.match(name) and isinstance(checksum, str)}
