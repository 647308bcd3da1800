"""What a store holds: a line for each condition of a model over a problem set, with the rows that are there.

Read from entries, names and days alone; no shard is opened.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ctlab.records.generation import RunKey
from ctlab.store.manifest import SCHEMA, Entry, read_entries, shard_path
from ctlab.store.names import SHORT, Known, KnownProblems, Names, refuse_unmatched
from ctlab.store.survey import check_there


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Answers of one model under one condition to one problem set."""

    group: str
    """Folder of the runs of this model and decoding."""
    run: str
    """Digest of the run."""
    unrecorded: str
    """Digest of the run whatever the environment, under which days and names are noted."""
    model: str
    """Digest of the model."""
    model_name: str
    """Its name, empty where nobody knows one."""
    decoding: Mapping[str, Any]
    """Its decoding settings, empty where nobody knows them."""
    engine: str
    """Version of the engine that answered."""
    environment: str
    """What kind of device and attention answered, where it was recorded."""
    problems: str
    """Digest of the problem set; empty for answers to problems of no set that is known."""
    problems_name: str
    """Its name."""
    condition: str
    """Digest of what the condition does."""
    condition_name: str
    """Its name, empty where nobody knows one."""
    held: int
    """Problems that are answered."""
    wanted: int | None
    """Problems of the set; None where it is not known."""
    used: str
    """Day on which these answers were last read, UTC; empty where none is noted."""
    size: int
    """Bytes of these answers, a row's share of each shard."""

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return {**asdict(self), "decoding": dict(self.decoding)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which holdings are meant: every name or beginning of a digest that is given has to fit; none given fits all."""

    models: tuple[str, ...] = ()
    """Names or digests of models."""
    problems: tuple[str, ...] = ()
    """Names or digests of problem sets."""
    conditions: tuple[str, ...] = ()
    """Names or digests of conditions."""
    runs: tuple[str, ...] = ()
    """Digests of runs."""

    def chosen(self, holdings: Iterable[Holding]) -> list[Holding]:
        """Return the holdings that fit; StoreError where a name fits none at all."""
        holdings = list(holdings)
        for kind, wanted, names in self._by_kind():
            matched = {word for word in wanted for holding in holdings if _fits(word, names(holding))}
            refuse_unmatched(kind, wanted, matched)
            holdings = [h for h in holdings if not wanted or any(_fits(word, names(h)) for word in wanted)]
        return holdings

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return not (self.models or self.problems or self.conditions or self.runs)

    def _by_kind(self) -> Iterator[tuple[str, tuple[str, ...], Any]]:
        yield "model", self.models, lambda h: (h.model_name, h.model)
        yield "problem set", self.problems, lambda h: (h.problems_name, h.problems)
        yield "condition", self.conditions, lambda h: (h.condition_name, h.condition)
        yield "run", self.runs, lambda h: ("", h.run)


def _fits(word: str, names: tuple[str, str]) -> bool:
    name, digest = names
    # Four digits are what a person may call the beginning of a digest; less is a name.
    return bool(word) and (word in (name, digest) or (len(word) >= 4 and digest.startswith(word)))


@dataclass(slots=True)
class _Run:
    """What the entries of a folder say of one run."""

    key: RunKey
    sizes: dict[str, float] = field(default_factory=dict)  # bytes of a row, by problem id


def holdings(root: Path, known: Known) -> list[Holding]:
    """List what a store holds; StoreError where there is no store."""
    check_there(root)
    found: list[Holding] = []
    for folder in groups(root):
        names = Names(root, folder, known)
        sets = names.problems()
        for run in _runs(folder).values():
            found += _of_run(folder.name, run, names, sets)
    return sorted(
        found, key=lambda h: (h.model_name, h.model, h.group, h.engine, h.problems_name, h.problems, _order(h))
    )


def groups(root: Path) -> list[Path]:
    """Folders of runs, by name; none in a store that holds nothing yet."""
    return sorted(path for path in (root / f"v{SCHEMA}").glob("*") if path.is_dir() and not path.is_symlink())


def _order(holding: Holding) -> tuple[bool, str, str]:
    return holding.condition_name != "baseline", holding.condition_name, holding.run


def _runs(folder: Path) -> dict[str, _Run]:
    runs: dict[str, _Run] = {}
    for name, entry in read_entries(folder):
        if not isinstance(entry, Entry):
            continue  # `verify` says it, and a run sets it aside
        size = _row_size(shard_path(folder, name), entry)
        if size is None:
            continue
        for key in entry.keys:
            run = runs.setdefault(key.digest, _Run(key))
            run.sizes.update(dict.fromkeys(entry.problem_ids, size))
    return runs


def _row_size(shard: Path, entry: Entry) -> float | None:
    try:
        return shard.stat().st_size / max(1, len(entry.keys) * len(entry.problem_ids))
    except FileNotFoundError:
        return None


def _of_run(group: str, run: _Run, names: Names, sets: Sequence[KnownProblems]) -> Iterator[Holding]:
    held = {problem_id[:SHORT]: size for problem_id, size in run.sizes.items()}
    named: set[str] = set()
    for problems in sets:
        here = problems.ids & held.keys()
        # Two sets may share a few problems; what was never read as a set, and is not most of it, is none of that set.
        if here and (names.used(run.key.unrecorded.digest, problems.digest) or 2 * len(here) > len(problems.ids)):
            named |= here
            yield _holding(group, run, names, problems, here, held)
    if rest := held.keys() - named:
        yield _holding(group, run, names, None, rest, held)


def _holding(
    group: str,
    run: _Run,
    names: Names,
    problems: KnownProblems | None,
    ids: Collection[str],
    sizes: Mapping[str, float],
) -> Holding:
    key = run.key
    return Holding(
        group=group,
        run=key.digest,
        unrecorded=key.unrecorded.digest,
        model=key.model,
        model_name=names.model(key.model),
        decoding=names.decoding(key.decoding),
        engine=key.engine,
        environment=key.environment,
        problems=problems.digest if problems else "",
        problems_name=problems.name if problems else "",
        condition=key.condition,
        condition_name=names.condition(key.unrecorded.digest),
        held=len(ids),
        wanted=len(problems.ids) if problems else None,
        used=names.used(key.unrecorded.digest, problems.digest) if problems else "",
        size=round(sum(sizes[problem_id] for problem_id in ids)),
    )
