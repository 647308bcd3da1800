"""Files of a report that are taken over from the report before, where all that they are made of is the same.

Pictures say inside what they show (`ctlab.reporting.figures.png`). Of other files `.made-of.json` beside them says it:
a digest of all that decides them, and a checksum, so that none that was damaged or edited since is taken over.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from ctlab.files import read_whole, sha256
from ctlab.reporting.report_files import write_bytes, write_json

MADE_OF = ".made-of.json"
"""Name of the file in a report's folder; hidden, as nobody reads it."""


def made(paths: Sequence[Path], of: str, earlier: Sequence[Path], make: Callable[[], object]) -> list[Path]:
    """Have files of one folder written by ``make``, or take all over from an earlier one that made them of the same.

    ``of`` is a digest of everything that decides the files; an empty one is known by nobody, and they are made.
    """
    for folder in earlier if of else ():
        contents = [same for path in paths if (same := _same(folder, path.name, of)) is not None]
        if len(contents) == len(paths):
            for path, content in zip(paths, contents, strict=True):
                write_bytes(path, content)
            break
    else:
        make()
    if of:
        now = {path.name: {"of": of, "sha256": sha256(path.read_bytes())} for path in paths}
        folder = paths[0].parent
        write_json(folder / MADE_OF, {**_read(folder), **now})
    return [*paths]


def _same(folder: Path, name: str, of: str) -> bytes | None:
    """Content of a file in an earlier report; None where it is made of something else, or not what was made."""
    known = _read(folder).get(name)
    if not isinstance(known, dict) or known.get("of") != of:
        return None
    try:
        content = read_whole(folder / name)
    except OSError:
        return None
    return content if sha256(content) == known.get("sha256") else None


def _read(folder: Path) -> dict[str, object]:
    try:
        known = json.loads((folder / MADE_OF).read_bytes())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
