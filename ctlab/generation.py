"""The one call that notebooks and other suites use: problems and conditions in, generations and certificates out.

Importing it imports no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ctlab.interventions import Condition
from ctlab.lazy import exports
from ctlab.problems import Problem
from ctlab.records.row_audit import AuditedBatch, RowAudit, check_of

if TYPE_CHECKING:
    from ctlab.models import LatentReasoner
    from ctlab.records import Certificate, Decoding, Generation
    from ctlab.records.generation import Padding
else:
    # This was a package with many names, and with modules below it: both are looked up among the old names.
    __getattr__ = exports(__name__, {})
    __path__ = []

Progress = Callable[[int, int], None]
"""Called with the number of generations made so far and in total."""


class Runs(Mapping[str, "tuple[Generation, ...]"]):
    """Condition name to its generations, one a problem, in problem order."""

    def __init__(
        self, generations: Mapping[str, tuple[Generation, ...]], certificates: Mapping[str, Certificate]
    ) -> None:
        self._generations = dict(generations)
        self.certificates: Mapping[str, Certificate] = dict(certificates)

    def __getitem__(self, name: str) -> tuple[Generation, ...]:
        return self._generations[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._generations)

    def __len__(self) -> int:
        return len(self._generations)


def generate(
    model: LatentReasoner,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    *,
    max_new_tokens: int | None = None,
    dtype: str | None = None,
    batch_tokens: int | None = None,
    padding: Padding = "exact",
    progress: Progress | None = None,
    certificates: bool = True,
) -> Runs:
    """Answer every problem under every condition, in one pass that shares what the conditions share.

    ``dtype`` casts a copy of the model for this run. Certificates that fail are returned, not raised: whoever judges
    decides.
    """
    from ctlab.certify import audited_batches, certify
    from ctlab.engine import activation_cache_for, decoding_of, generate_batches

    model = model if dtype is None else model.cast(dtype)
    decoding = decoding_of(model, max_new_tokens=max_new_tokens, padding=padding)
    problems, conditions = tuple(problems), tuple(conditions)
    activations = activation_cache_for(conditions, model, problems, decoding, batch_tokens=batch_tokens)
    proofs = certify(model, problems, conditions, decoding, activations) if certificates and problems else {}
    by_condition: dict[str, dict[str, Generation]] = {condition.name: {} for condition in conditions}
    total, count = len(problems) * len(conditions), 0
    audits: dict[str, list[RowAudit]] = {condition.name: [] for condition in conditions}
    answering = audited_batches if proofs else generate_batches
    for batch in answering(model, problems, conditions, decoding, batch_tokens=batch_tokens, activations=activations):
        for name, audit in batch.audits.items() if isinstance(batch, AuditedBatch) else ():
            audits[name].append(audit)
        for name, generations in batch.items():
            by_condition[name].update((generation.problem_id, generation) for generation in generations)
            count += len(generations)
        if progress is not None:
            progress(count, total)
    ordered = {name: tuple(answers[problem.id] for problem in problems) for name, answers in by_condition.items()}
    proofs = {name: proof.also(check_of(audits[name], len(problems))) for name, proof in proofs.items()}
    return Runs(ordered, proofs)


def producer(
    model: LatentReasoner,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    decoding: Decoding,
    *,
    batch_tokens: int | None = None,
) -> Callable[[Mapping[str, Sequence[str]]], Iterator[Mapping[str, tuple[Generation, ...]]]]:
    """Make the callable that a store asks for what it lacks: missing problem ids by condition name.

    ``problems`` is the whole set: conditions that draw on other problems draw on all of them, whatever is missing.
    """
    from ctlab.certify import audited_batches
    from ctlab.engine import activation_cache_for

    def produce(missing: Mapping[str, Sequence[str]]) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
        groups: dict[frozenset[str], list[Condition]] = {}
        for condition in conditions:
            if wanted := frozenset(missing.get(condition.name, ())):
                groups.setdefault(_whole_batches(wanted, problems, decoding), []).append(condition)
        needed = [condition for group in groups.values() for condition in group]
        activations = activation_cache_for(needed, model, problems, decoding, batch_tokens=batch_tokens)
        for ids, group in groups.items():
            chosen = [problem for problem in problems if problem.id in ids]
            yield from audited_batches(
                model, chosen, group, decoding, batch_tokens=batch_tokens, activations=activations
            )

    return produce


def _whole_batches(wanted: frozenset[str], problems: Sequence[Problem], decoding: Decoding) -> frozenset[str]:
    from ctlab.engine.batching import published_batches

    if decoding.padding == "exact":
        return wanted
    # As published, an answer depends on its batch mates: a batch is made again as a whole or not at all.
    ids = [problem.id for problem in problems]
    batches = [[ids[index] for index in batch] for batch in published_batches(len(ids))]
    return frozenset(problem for batch in batches if wanted.intersection(batch) for problem in batch)
