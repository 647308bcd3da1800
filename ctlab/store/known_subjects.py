"""What the runs of a store were about, in words: problem sets and conditions, whose digests alone say nothing."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ctlab.errors import CtlabError, StoreError
from ctlab.files import append, check_writable
from ctlab.interventions import Condition
from ctlab.problems import ProblemSet

KNOWN = "known.jsonl"
"""Its file in the store."""
NO_RUNS: Mapping[str, str] = MappingProxyType({})
"""Of conditions whose runs are told by the condition and the problems' ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSet:
    """A problem set that was answered here."""

    name: str
    """Its name, for people."""
    ids: tuple[str, ...]
    """Problem ids, in order."""
    content_ids: tuple[str, ...]
    """The same of the questions whatever their blanks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a store knows by digest."""

    sets: Mapping[str, KnownSet] = field(default_factory=dict)
    """Whole problem sets."""
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    """Conditions, by the digest that looks and the registry name them by."""
    runs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Digests of their runs, by the same, of conditions whose donors follow from more than the problems' ids."""


def read_known(root: Path, say: Callable[[str], None]) -> Known:
    """Return what the store knows; a line that cannot be read is said and passed over."""
    path = root / KNOWN
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return Known()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"cannot read {path}: {error}; check the store's permissions") from error
    sets, conditions, runs = dict[str, KnownSet](), dict[str, Condition](), dict[str, frozenset[str]]()
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            if "problems" in row:
                sets[row["problems"]] = _known_set(row)
            else:
                conditions[row["condition"]] = Condition.from_json(row["does"])
                if "run" in row:
                    runs[row["condition"]] = runs.get(row["condition"], frozenset()) | {str(row["run"])}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, CtlabError):
            say(f"{path}, line {number} is damaged; the problems or the condition that it names are not recognised")
    return Known(sets=sets, conditions=conditions, runs=runs)


def note_known(
    root: Path,
    known: Known,
    problems: ProblemSet,
    conditions: Mapping[str, Condition],
    runs: Mapping[str, str] = NO_RUNS,
) -> None:
    """Append a problem set, conditions and digests of their runs that the store does not know yet."""
    rows: list[dict[str, Any]] = [
        {"condition": digest, "does": condition.to_json(), **({"run": runs[digest]} if digest in runs else {})}
        for digest, condition in conditions.items()
        if digest not in known.conditions or (digest in runs and runs[digest] not in known.runs.get(digest, ()))
    ]
    if problems.digest not in known.sets:
        content_ids = [problem.content_id for problem in problems]
        row = {"problems": problems.digest, "name": problems.name, "ids": list(problems.ids)}
        # Most questions have no blanks too many: what is the same is not written twice.
        rows.append(row | ({} if content_ids == row["ids"] else {"content_ids": content_ids}))
    if rows:
        _append(root, rows)


def _known_set(row: Mapping[str, Any]) -> KnownSet:
    ids = tuple(map(str, row["ids"]))
    return KnownSet(name=str(row["name"]), ids=ids, content_ids=tuple(map(str, row.get("content_ids", ids))))


def _append(root: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Append lines in one write, so that two runs that end together do not mix them."""
    check_writable(root)
    path = root / KNOWN
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    try:
        append(path, text.encode("utf-8", "surrogatepass"))
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}; what was run is noted there") from error
