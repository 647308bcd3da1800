"""`ctlab store export`: chosen runs with all that claims want of them, as one file that a paper can attach."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ctlab.errors import StoreError
from ctlab.files import read_whole
from ctlab.store.archive import write_archive
from ctlab.store.choice import Choice, choices
from ctlab.store.derived_files import Codes, DerivedFile, derived_files
from ctlab.store.generation_store import GenerationStore
from ctlab.store.holdings import Holding
from ctlab.store.looks import LOOKS, read_looks
from ctlab.store.manifest import Entry, entry_path, read_entries, shard_path
from ctlab.store.names import Known
from ctlab.store.narrowing import narrowed
from ctlab.store.uses import Use

_NOT_EXPORTED = frozenset({"timing"})
"""Kinds of derived values that are about a machine and not about a model."""
File = tuple[str, Callable[[], bytes]]


def export(root: Path, target: Path, chosen: Sequence[Holding], *, known: Known, codes: Codes) -> int:
    """Write chosen holdings into one file and return how many files of the store it holds.

    StoreError where something of them is damaged: an export that lacks answers would be taken for all that there are.
    """
    if not chosen:
        raise StoreError(f"{root} holds no answers; there is nothing to export")
    store = GenerationStore(root)
    meant = list(choices(root, chosen, known))
    files: list[File] = []
    made: list[Mapping[str, Any]] = []
    for choice in meant:
        sources = set[str]()
        for entry in _entries(choice):
            files += _answers(root, choice, entry)
            made.append(entry.made.to_json())
            sources.add(entry.source)
        for path, derived in derived_files(store, choice.folder):
            if isinstance(derived, DerivedFile) and _goes_along(derived, choice, codes, sources):
                files.append((path.relative_to(root).as_posix(), partial(read_whole, path)))
    files += _looks(root, {holding.model for holding in chosen})
    head = {
        "contents": [_row(holding) for holding in chosen],
        "made": sorted({json.dumps(form, sort_keys=True): form for form in made}.values(), key=json.dumps),
        "names": [_names(choice.folder.name, use) for choice in meant for use in choice.uses],
    }
    return write_archive(target, head, files)


def _goes_along(derived: DerivedFile, choice: Choice, codes: Codes, sources: Collection[str]) -> bool:
    """Whether a run of today's code would read a derived value of what is meant."""
    kind = derived.envelope.key.kind
    return kind not in _NOT_EXPORTED and choice.has_derived(derived) and derived.is_read(codes, sources)


def _entries(choice: Choice) -> Iterator[Entry]:
    for _, entry in read_entries(choice.folder):
        if isinstance(entry, StoreError):
            raise StoreError(f"{entry}; run the claims, which set damage aside and mend it, then export")
        if choice.has(entry):
            yield entry


def _answers(root: Path, choice: Choice, entry: Entry) -> Iterator[File]:
    entry, content = narrowed(choice.folder, entry, choice.runs)
    place = partial(_place, root)
    yield place(shard_path(choice.folder, entry.name)), content
    yield place(entry_path(choice.folder, entry.name)), entry.to_bytes


def _looks(root: Path, models: Collection[str]) -> Iterator[File]:
    lines = [
        json.dumps(look.to_json(), ensure_ascii=False)
        for look in read_looks(root, lambda _: None)
        if look.model in models
    ]
    if lines:
        yield LOOKS, lambda: ("\n".join(lines) + "\n").encode()


def _row(holding: Holding) -> dict[str, Any]:
    """Return a holding for the index: what is in the file, and nothing of this machine's use of it."""
    form = holding.to_json()
    return {name: value for name, value in form.items() if name not in ("used", "size")}


def _names(group: str, use: Use) -> dict[str, Any]:
    """Return a note of use for the index, without its days."""
    return {
        "group": group,
        "model": use.model,
        "model_name": use.model_name,
        "decoding": dict(use.decoding),
        "problems": use.problems,
        "problems_name": use.problems_name,
        "ids": list(use.ids),
        "runs": {digest: list(run.names) for digest, run in sorted(use.runs.items())},
    }


def _place(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()
