"""What is public of each family: ids, settings, accuracy, licence, as data beside the families (``published/``)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ctlab.errors import CheckpointError
from ctlab.inputs import read_toml, shown
from ctlab.models.families.base import Published

_FOLDER = Path(__file__).parent / "published"
_KEYS = ("id", "settings", "in_files", "accuracy", "problems", "source", "licence", "note")
_PARTS = 2  # of a hub id: owner and name; what follows is a folder of the repository


def published(family: str) -> Mapping[str, Published]:
    """Hub id to what is known of each checkpoint of a family; none where nobody wrote any down."""
    path = _FOLDER / f"{family}.toml"
    rows = read_toml(path, error=CheckpointError, absent="").get("published", [])
    return {row["id"]: _published(row, path) for row in rows}


def _published(row: Mapping[str, Any], path: Path) -> Published:
    if strange := sorted(set(row) - set(_KEYS)):
        raise CheckpointError(f"{path}: {shown(strange[0])} is no key of a published checkpoint: {', '.join(_KEYS)}")
    if row.get("accuracy") is not None and not (row.get("source") and row.get("problems")):
        raise CheckpointError(f"{path}: the accuracy of {row['id']} needs 'source' and 'problems'")
    parts = row["id"].split("/")
    return Published(
        repository="/".join(parts[:_PARTS]),
        folder="/".join(parts[_PARTS:]),
        settings=row["settings"],
        in_files=tuple(row.get("in_files", ())),
        accuracy=row.get("accuracy"),
        problems=row.get("problems", ""),
        source=row.get("source", ""),
        licence=row.get("licence", ""),
        note=row.get("note", ""),
    )
