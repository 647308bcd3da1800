"""Known problem sets through ``datasets``: from the hub, or from a local folder."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.problems.problem import ProblemSet
from ctlab.problems.sources.jsonl import problems_of_rows, read_jsonl


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSet:
    """Where a known set lives on the hub and how its rows become problems."""

    hub_id: str
    """Repository on the hub."""
    config: str | None = None
    """Configuration name, where there are several."""
    splits: Mapping[str, str]
    """Our split name to the hub's."""


KNOWN = {
    "gsm8k": KnownSet(hub_id="openai/gsm8k", config="main", splits={"train": "train", "test": "test"}),
    "gsm8k-platinum": KnownSet(hub_id="madrylab/gsm8k-platinum", config="main", splits={"test": "test"}),
    # Published with one split, called train, that everybody evaluates on.
    "gsm-hard": KnownSet(hub_id="reasoning-machines/gsm-hard", splits={"test": "train"}),
    "multi-arith": KnownSet(hub_id="ChilleD/MultiArith", splits={"train": "train", "test": "test"}),
    "svamp": KnownSet(hub_id="ChilleD/SVAMP", splits={"train": "train", "test": "test"}),
}
_SPLIT_NAME = re.compile(r"[\w-]+")


def load_known(name: str, split: str) -> ProblemSet:
    """Load a known set from ``CTLAB_DATA/<name>`` where that exists, otherwise from the hub."""
    known = KNOWN[name]
    if split not in known.splits:
        raise ProblemSetError(f"problem set {name!r} has the splits {', '.join(known.splits)}; not {split!r}")
    local = os.environ.get("CTLAB_DATA")
    if local and (folder := Path(local).expanduser() / name).is_dir():
        return load_folder(folder, split, name=name)
    rows = _hub_rows(known.hub_id, known.config, known.splits[split], name=name)
    return _problem_set(name, split, rows)


def load_folder(folder: Path, split: str, *, name: str | None = None) -> ProblemSet:
    """Load ``<split>.jsonl`` of a folder, or whatever ``datasets`` finds there (parquet, as the hub stores it)."""
    if not _SPLIT_NAME.fullmatch(split):
        raise ProblemSetError(f"a split's name is letters and digits, not {split!r}")
    name = name or folder.resolve().name
    if (file := folder / f"{split}.jsonl").is_file():
        return ProblemSet(_full_name(name, split), problems_of_rows(map(_uniform, read_jsonl(file)), file.name))
    known = KNOWN.get(name)
    hub_split = known.splits.get(split, split) if known else split
    return _problem_set(name, split, _hub_rows(str(folder), None, hub_split, name=name))


def _full_name(name: str, split: str) -> str:
    return name if split == "test" else f"{name}/{split}"


def _problem_set(name: str, split: str, rows: Iterable[Mapping[str, Any]]) -> ProblemSet:
    numbered = (_uniform((number, dict(row))) for number, row in enumerate(rows, start=1))
    return ProblemSet(_full_name(name, split), problems_of_rows(numbered, f"{name} ({split})"))


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


def _uniform(numbered: tuple[int, dict[str, Any]]) -> tuple[int, dict[str, Any]]:
    """Bring the rows of all known sets into one of the two forms of a JSONL file."""
    number, row = numbered
    if "Body" in row and "Question" in row:  # SVAMP
        question = row.get("question_concat") or f"{row['Body']} {row['Question']}"
        gold = _text(row["Answer"])
        equation = re.sub(r"(?<=\d)\.0+(?!\d)|\s", "", str(row.get("Equation", "")))
        solution = f"<<{equation.removeprefix('(').removesuffix(')')}={gold}>>{gold}\n#### {gold}" if equation else ""
        return number, {"question": question, "gold": gold, "solution": solution}
    if "final_ans" in row:  # MultiArith
        return number, {"question": str(row["question"]).strip(), "gold": _text(row["final_ans"])}
    if "target" in row and "input" in row:  # GSM-hard: its "code" is a program, which is never run
        return number, {"question": row["input"], "gold": _text(row["target"])}
    return number, row


def _text(value: Any) -> str:
    """Write a gold answer as text; a float that is whole loses its ``.0``."""
    text = repr(value) if isinstance(value, float) else str(value).strip()
    return text.removesuffix(".0")
