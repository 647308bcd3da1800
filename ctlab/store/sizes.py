"""How large a store is, by model and by what its files are for: `ctlab store size`."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ctlab.records.generation import RunKey
from ctlab.store.derived_files import DerivedFile, derived_files
from ctlab.store.generation_store import GenerationStore
from ctlab.store.holdings import groups
from ctlab.store.manifest import Entry, read_entries
from ctlab.store.names import Known, Names
from ctlab.store.survey import Part, StoreFile, survey


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Size:
    """Files of one kind that belong to one model."""

    model_name: str
    """Name of the model, empty where nobody knows one."""
    model: str
    """Its digest; empty for what belongs to no model."""
    part: Part
    """What the files are for."""
    kind: str
    """Which derived values they are; empty for anything else."""
    files: int
    """How many there are."""
    size: int
    """Their bytes."""

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return {**asdict(self), "part": str(self.part)}


def sizes(root: Path, known: Known) -> list[Size]:
    """Add up every file of a store; the sum of the rows is the sum of the files."""
    models = {folder.name: _model(root, folder, known) for folder in groups(root)}
    count, size = Counter[tuple[str, str, Part, str]](), Counter[tuple[str, str, Part, str]]()
    for file in survey(root):
        name, digest = models.get(file.group, ("", ""))
        row = name, digest, file.part, _kind(file)
        count[row] += 1
        size[row] += file.size
    rows = (
        Size(model_name=row[0], model=row[1], part=row[2], kind=row[3], files=count[row], size=size[row])
        for row in count
    )
    return sorted(
        rows, key=lambda row: (not row.model, row.model_name, row.model, list(Part).index(row.part), -row.size)
    )


def _kind(file: StoreFile) -> str:
    """Kind of a derived value by its file's name, which begins with it."""
    return file.path.name.rsplit("-", 2)[0] if file.part == Part.DERIVED else ""


def _model(root: Path, folder: Path, known: Known) -> tuple[str, str]:
    """Name and digest of the model that the runs of a folder are of; empty where it holds nothing that says so."""
    key = next(_keys(root, folder), None)
    return ("", "") if key is None else (Names(root, folder, known).model(key.model), key.model)


def _keys(root: Path, folder: Path) -> Iterator[RunKey]:
    for _, entry in read_entries(folder):
        if isinstance(entry, Entry):
            yield from entry.keys
    for _, derived in derived_files(GenerationStore(root), folder):
        if isinstance(derived, DerivedFile):
            yield derived.envelope.key.run
