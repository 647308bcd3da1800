"""What is wanted of a store, and what of it has come: every answer once."""

from collections.abc import Mapping, Sequence
from typing import Any

from ctlab.errors import StoreError
from ctlab.records.gathered_generations import GatheredGenerations
from ctlab.records.generation import Generation, RunKey


def missing_of(
    keys: Mapping[str, RunKey], problem_ids: Sequence[str], rows: Mapping[str, Mapping[str, Any]]
) -> dict[str, tuple[str, ...]]:
    """Return the problems of each condition that no row answers, in order."""
    missing: dict[str, tuple[str, ...]] = {}
    covered: set[str] = set()  # two names for one run (identical interventions) are generated once
    for name, key in keys.items():
        digest = key.digest
        answers = rows[digest]
        ids = tuple(problem_id for problem_id in problem_ids if problem_id not in answers)
        if ids and digest not in covered:
            missing[name] = ids
            covered.add(digest)
    return missing


def tick_off(batch: Mapping[str, Sequence[Generation]], wanted: Mapping[str, set[str]]) -> None:
    """Take a finished batch off what is wanted; StoreError for what is not, so that nothing wrong is ever kept."""
    for name, generations in batch.items():
        ids = tuple(generation.problem_id for generation in generations)
        if len(set(ids)) != len(ids) or not wanted.get(name, set()).issuperset(ids):
            raise StoreError(f"condition {name!r}: a generation came twice or unasked, among {list(ids[:3])}")
        wanted[name].difference_update(ids)


def refuse_duplicates(problem_ids: Sequence[str]) -> None:
    """Refuse problems of which one is asked for twice."""
    ids: set[str] = set()
    for problem_id in problem_ids:
        if problem_id in ids:
            raise StoreError(f"problem {problem_id!r} is asked for twice; a run holds every problem once")
        ids.add(problem_id)


def lacking_of(
    keys: Mapping[str, RunKey], ids: tuple[str, ...], found: Mapping[str, GatheredGenerations]
) -> dict[str, tuple[str, ...]]:
    """Say which problems of each condition have no answer, in order; of two names for one run the first."""
    missing: dict[str, tuple[str, ...]] = {}
    covered: set[str] = set()
    for name, key in keys.items():
        if (digest := key.digest) not in covered and (lacking := found[digest].lacking()):
            missing[name] = tuple(ids[place] for place in lacking)
        covered.add(digest)
    return missing
