"""What of one folder of runs is meant: runs, and the problems of the sets that were chosen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ctlab.store.derived_files import DerivedFile
from ctlab.store.holdings import Holding, groups
from ctlab.store.manifest import Entry
from ctlab.store.names import SHORT, Known, Names
from ctlab.store.uses import Use


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Chosen holdings of one folder."""

    folder: Path
    """The folder."""
    runs: frozenset[str]
    """Digests of runs."""
    problems: frozenset[str]
    """Digests of problem sets; the empty one stands for answers to problems of no set that is known."""
    ids: frozenset[str] | None
    """First digits of the problems that are meant; None for all."""
    uses: tuple[Use, ...]
    """Names of what is meant."""

    def has(self, entry: Entry) -> bool:
        """Whether some answers of a shard are meant."""
        return not self.runs.isdisjoint(entry.digests) and (
            self.ids is None or any(problem_id[:SHORT] in self.ids for problem_id in entry.problem_ids)
        )

    def has_derived(self, derived: DerivedFile) -> bool:
        """Whether a derived value is of what is meant."""
        return not self.runs.isdisjoint(derived.runs) and (not derived.problems or derived.problems in self.problems)


def choices(root: Path, chosen: Sequence[Holding], known: Known) -> Iterator[Choice]:
    """Yield what is meant of each folder in which something is."""
    for folder in groups(root):
        here = [holding for holding in chosen if holding.group == folder.name]
        if not here:
            continue
        runs, problems = frozenset(h.run for h in here), frozenset(h.problems for h in here)
        noted = frozenset(holding.unrecorded for holding in here)
        names = Names(root, folder, known)
        ids = frozenset[str]().union(*(one.ids for one in names.problems() if one.digest in problems))
        yield Choice(
            folder=folder,
            runs=runs,
            problems=problems,
            # Answers to problems of no known set cannot be told from others by their problems.
            ids=None if "" in problems else ids,
            uses=tuple(_narrowed(use, noted) for use in names.uses if use.problems in problems),
        )


def _narrowed(use: Use, runs: frozenset[str]) -> Use:
    return replace(use, runs={digest: run for digest, run in use.runs.items() if digest in runs})
