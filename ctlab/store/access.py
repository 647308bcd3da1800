"""What kind of store a folder is: one that can be written to, one that can only be read, one of another version."""

import os
import re
from pathlib import Path

from ctlab.records.generation import RunKey
from ctlab.store.derived_records import FOLDER
from ctlab.store.manifest import SCHEMA, Entry, read_entries

_VERSION = re.compile(r"v(\d{1,9})\Z")


def is_read_only(root: Path) -> bool:
    """Whether a store is there and some folder of it takes no new files: a shared one, a mount, a reviewer's copy."""
    if not root.is_dir():
        return False
    here = root / f"v{SCHEMA}"
    folders = [root, here, *here.glob("*"), *here.glob(f"*/{FOLDER}")]
    # access(2), and not the mode: it knows of owners, lists of rights and mounts.
    return not all(os.access(folder, os.W_OK | os.X_OK) for folder in folders if folder.is_dir())


def other_version(root: Path) -> str:
    """Say that a store was written by an older or a newer ctlab alone, whose files this one does not read, or nothing.

    Where it has this version's files too, the two live side by side and nothing has to be said.
    """
    try:
        found = sorted(
            int(match[1]) for path in root.iterdir() if path.is_dir() and (match := _VERSION.match(path.name))
        )
    except OSError:
        return ""
    if not found or SCHEMA in found:
        return ""
    last = found[-1]
    age, advice = ("a newer", "update ctlab to read it") if last > SCHEMA else ("an older", "that ctlab reads it")
    return (
        f"{root} was written by {age} ctlab (version {last} of the store, this ctlab has version {SCHEMA}): nothing in "
        f"it is used, and all answers would be made again; {advice}, or choose another folder with --ctlab-store"
    )


def other_engine(root: Path, key: RunKey) -> str:
    """Say that a store has a model's answers by another version of the engine alone, which are not used; or nothing."""
    engines = set[str]()
    for folder in (root / f"v{SCHEMA}").glob("*"):
        entry = next((entry for _, entry in read_entries(folder) if isinstance(entry, Entry)), None)
        # All runs of a folder have model, decoding and engine in common.
        if entry and entry.keys and (entry.keys[0].model, entry.keys[0].decoding) == (key.model, key.decoding):
            engines.add(entry.keys[0].engine)
    if not engines or key.engine in engines:
        return ""
    last = max(engines, key=lambda engine: (len(engine), engine))
    age = "a newer" if (len(last), last) > (len(key.engine), key.engine) else "an older"
    return (
        f"{root} has this model's answers by {age} engine (version {last}, this ctlab has version {key.engine}): they "
        f"are not used, and all answers would be made again"
    )
