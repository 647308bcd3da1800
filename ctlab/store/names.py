"""What people call the digests of a store: from notes of use, from derived values, and from who knows more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ctlab.errors import StoreError
from ctlab.store.derived_files import DerivedFile, derived_files
from ctlab.store.generation_store import GenerationStore
from ctlab.store.uses import Use, read_uses

SHORT = 8
"""Digits of a problem's id that tell it from others: registries keep no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProblems:
    """A problem set that is known by name."""

    digest: str
    """Its digest, a limit included."""
    name: str
    """Its name."""
    ids: frozenset[str]
    """First digits of the ids of its problems."""

    @property
    def label(self) -> str:
        """Name and digits, for a table."""
        return labelled(self.name, self.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What somebody else knows of digests: the registry of a suite, and what ships with ctlab."""

    models: Mapping[str, str] = field(default_factory=dict)
    """Name by digest of a model."""
    problems: Sequence[KnownProblems] = ()
    """Problem sets."""
    decodings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Settings by digest of the decoding."""


class Names:
    """Names of everything in one folder of runs: from notes of use, else from derived values, else from who knows."""

    def __init__(self, root: Path, folder: Path, known: Known) -> None:
        self.uses = [use for _, use in read_uses(folder) if isinstance(use, Use)]
        self._root = root
        self._folder = folder
        self._known = known

    def model(self, digest: str) -> str:
        """Name of a model, empty where nobody knows one."""
        used = next((use.model_name for use in self.uses if use.model == digest and use.model_name), "")
        return used or self._known.models.get(digest, "") or self._derived.get(("model", digest), "")

    def condition(self, run: str) -> str:
        """Name of a run's condition, empty where nobody knows one; the latest, where it had several."""
        days = {use.runs[run].day: use.runs[run].names[0] for use in self.uses if run in use.runs}
        return days[max(days)] if days else self._derived.get(("condition", run), "")

    @cached_property
    def _derived(self) -> dict[tuple[str, str], str]:
        """What derived values call their model and their condition, read only where a name is lacking."""
        found: dict[tuple[str, str], str] = {}
        for _, derived in derived_files(GenerationStore(self._root), self._folder):
            if isinstance(derived, DerivedFile):
                key = derived.envelope.key
                found[("model", key.run.model)] = key.names.get("model", "")
                found[("condition", key.run.unrecorded.digest)] = key.names.get("condition", "")
        return found

    def decoding(self, digest: str) -> Mapping[str, Any]:
        """Return the decoding settings of the folder, empty where nobody knows them."""
        used = next((use.decoding for use in self.uses if use.decoding), {})
        return used or self._known.decodings.get(digest, {})

    def problems(self) -> list[KnownProblems]:
        """Return the problem sets that runs of this folder may be of, each once, named as it was last."""
        found = {known.digest: known for known in self._known.problems if known.ids}
        for use in self.uses:
            ids = frozenset(problem_id[:SHORT] for problem_id in use.ids)
            found[use.problems] = KnownProblems(digest=use.problems, name=use.problems_name, ids=ids)
        return list(found.values())

    def used(self, run: str, problems: str) -> str:
        """Day on which a run was last read over a problem set; empty where none is noted."""
        return max((u.runs[run].day for u in self.uses if u.problems == problems and run in u.runs), default="")


def labelled(name: str, digest: str) -> str:
    """Return a name with the first digits of what it stands for: ``tiny (71c552f5)``."""
    return f"{name} ({digest[:SHORT]})" if name else digest


def refuse_unmatched(kind: str, wanted: Sequence[str], matched: set[str]) -> None:
    """Refuse names that a filter gives and nothing here has: a typing error must not look like an empty store."""
    for name in wanted:
        if name not in matched:
            raise StoreError(f"nothing here is of {kind} {name!r}; `ctlab store ls` lists what is")
