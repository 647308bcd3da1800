"""Known problem sets, ids on the hub and data set folders, read through ``datasets``: from the hub, or the disk."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.problems.rows.row_form import Row
from ctlab.problems.sources.file_formats import FILE_FORMATS, SUFFIXES
from ctlab.problems.sources.source import Source, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a known set lives on the hub."""

    hub_id: str
    """Repository on the hub."""
    config: str | None = None
    """Configuration name, where there are several."""
    splits: Mapping[str, str]
    """Our split name to the hub's."""


KNOWN = {
    "gsm8k": Address(hub_id="openai/gsm8k", config="main", splits={"train": "train", "test": "test"}),
    "gsm8k-platinum": Address(hub_id="madrylab/gsm8k-platinum", config="main", splits={"test": "test"}),
    # Published with one split, called train, that everybody evaluates on.
    "gsm-hard": Address(hub_id="reasoning-machines/gsm-hard", splits={"test": "train"}),
    "multi-arith": Address(hub_id="ChilleD/MultiArith", splits={"train": "train", "test": "test"}),
    "svamp": Address(hub_id="ChilleD/SVAMP", splits={"train": "train", "test": "test"}),
}
KNOWN_SETS = tuple(KNOWN)
"""Sets that are read through ``datasets`` from the hub, or from a local folder."""
_SPLIT_NAME = re.compile(r"[\w-]+")
_PART = r"[A-Za-z0-9][\w.-]{0,95}"
_HUB_ID = re.compile(rf"(?P<id>{_PART}/{_PART})(?::(?P<config>[\w.-]+))?")


class Hub(Source):
    """A set by its name: from ``CTLAB_DATA/<name>`` where that exists, otherwise from the hub."""

    def recognises(self, name: str) -> bool:
        """By the table of known sets."""
        return name in KNOWN

    def table(self, name: str, split: str) -> Table:
        """Read one split."""
        known = KNOWN[name]
        if split not in known.splits:
            raise ProblemSetError(f"problem set {name!r} has the splits {', '.join(known.splits)}; not {split!r}")
        if folder := _local(name):
            return _folder_table(folder, split, name)
        return _table(name, split, _hub_rows(known.hub_id, known.config, known.splits[split], name=name))


class HubId(Source):
    """Any set on the hub by its id, ``owner/name`` or ``owner/name:config``; ``CTLAB_DATA/owner/name`` comes first."""

    def recognises(self, name: str) -> bool:
        """By its form, where it can be no path: a mistyped file must not be looked for in the network."""
        if name.endswith(SUFFIXES) or not (match := _HUB_ID.fullmatch(name)):
            return False
        return not Path(match["id"]).parent.exists()

    def table(self, name: str, split: str) -> Table:
        """Read one split."""
        match = _HUB_ID.fullmatch(name)
        if match is None:
            raise ProblemSetError(f"an id on the hub is owner/name or owner/name:config, not {name!r}")
        if folder := _local(match["id"]):
            return _folder_table(folder, split, name)
        return _table(name, split, _hub_rows(match["id"], match["config"], split, name=name))


class Folder(Source):
    """A data set's folder: ``<split>.jsonl``, or whatever ``datasets`` finds (parquet, as the hub stores it)."""

    def recognises(self, name: str) -> bool:
        """By being a folder."""
        return bool(name) and Path(name).expanduser().is_dir()

    def table(self, name: str, split: str) -> Table:
        """Read one split."""
        folder = Path(name).expanduser()
        return _folder_table(folder, split, folder.resolve().name)


HUB = Hub(described=", ".join(KNOWN))
HUB_ID = HubId(described="an id on the Hugging Face hub (owner/name, owner/name:config)")
FOLDER = Folder(described="a data set's folder")


def _local(name: str) -> Path | None:
    local = os.environ.get("CTLAB_DATA")
    return folder if local and (folder := Path(local).expanduser() / name).is_dir() else None


def _folder_table(folder: Path, split: str, name: str) -> Table:
    if not _SPLIT_NAME.fullmatch(split):
        raise ProblemSetError(f"a split's name is letters and digits, not {split!r}")
    for suffix in SUFFIXES:
        file = str(folder / f"{split}{suffix}")
        for file_format in FILE_FORMATS:
            if file_format.recognises(file):
                return replace(file_format.table(file, split), name=_full_name(name, split))
    known = KNOWN.get(name)
    hub_split = known.splits.get(split, split) if known else split
    return _table(name, split, _hub_rows(str(folder), None, hub_split, name=name))


def _full_name(name: str, split: str) -> str:
    return name if split == "test" else f"{name}/{split}"


def _table(name: str, split: str, rows: Iterable[Row]) -> Table:
    return Table(name=_full_name(name, split), origin=f"{name} ({split})", rows=enumerate(rows, start=1), unit="row")


def _hub_rows(path: str, config: str | None, split: str, *, name: str) -> Iterable[Mapping[str, Any]]:
    try:
        import datasets
    except ImportError:
        raise ProblemSetError(
            f"problem set {name!r} is read with the package datasets, which is not installed: "
            f"pip install 'ctlab[datasets]', or set CTLAB_DATA to a folder that holds {name}/test.jsonl"
        ) from None
    try:
        rows: Iterable[Mapping[str, Any]] = datasets.load_dataset(path, config, split=split)
    except Exception as error:  # datasets raises a dozen unrelated types for a set that is absent or unreachable
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ProblemSetError(
            f"problem set {name!r} cannot be loaded from {path!r} ({reason}); when offline, set CTLAB_DATA to a "
            f"folder that holds {name}/{split}.jsonl or the set's parquet files; another split is {name}?split=NAME"
        ) from None
    return rows
