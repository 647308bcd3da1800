"""Known problem sets and data set folders, read through ``datasets``: from the hub, or from the disk."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.problems.problem import ProblemSet
from ctlab.problems.rows.read_rows import problems_of_rows
from ctlab.problems.sources.jsonl import read_jsonl
from ctlab.problems.sources.source import Source


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


class Hub(Source):
    """A set by its name: from ``CTLAB_DATA/<name>`` where that exists, otherwise from the hub."""

    def recognises(self, name: str) -> bool:
        """By the table of known sets."""
        return name in KNOWN

    def read(self, name: str, split: str) -> ProblemSet:
        """Read one split."""
        known = KNOWN[name]
        if split not in known.splits:
            raise ProblemSetError(f"problem set {name!r} has the splits {', '.join(known.splits)}; not {split!r}")
        local = os.environ.get("CTLAB_DATA")
        if local and (folder := Path(local).expanduser() / name).is_dir():
            return _read_folder(folder, split, name)
        return _problem_set(name, split, _hub_rows(known.hub_id, known.config, known.splits[split], name=name))


class Folder(Source):
    """A data set's folder: ``<split>.jsonl``, or whatever ``datasets`` finds (parquet, as the hub stores it)."""

    def recognises(self, name: str) -> bool:
        """By being a folder."""
        return bool(name) and Path(name).expanduser().is_dir()

    def read(self, name: str, split: str) -> ProblemSet:
        """Read one split."""
        folder = Path(name).expanduser()
        return _read_folder(folder, split, folder.resolve().name)


HUB = Hub(described=", ".join(KNOWN))
FOLDER = Folder(described="a data set's folder")


def _read_folder(folder: Path, split: str, name: str) -> ProblemSet:
    if not _SPLIT_NAME.fullmatch(split):
        raise ProblemSetError(f"a split's name is letters and digits, not {split!r}")
    if (file := folder / f"{split}.jsonl").is_file():
        return ProblemSet(_full_name(name, split), problems_of_rows(read_jsonl(file), file.name))
    known = KNOWN.get(name)
    hub_split = known.splits.get(split, split) if known else split
    return _problem_set(name, split, _hub_rows(str(folder), None, hub_split, name=name))


def _full_name(name: str, split: str) -> str:
    return name if split == "test" else f"{name}/{split}"


def _problem_set(name: str, split: str, rows: Iterable[Mapping[str, Any]]) -> ProblemSet:
    return ProblemSet(_full_name(name, split), problems_of_rows(enumerate(rows, start=1), f"{name} ({split})"))


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
            f"folder that holds {name}/{split}.jsonl or the set's parquet files"
        ) from None
    return rows
