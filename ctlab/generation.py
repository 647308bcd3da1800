"""The two calls beside `ctlab.Lab`: problems and conditions in, generations or measurements out; nothing is kept.

Importing it imports no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.errors import InputError
from ctlab.interventions import Condition, given_conditions
from ctlab.lazy import exports
from ctlab.outcomes.generated_runs import Runs
from ctlab.problems import Problem, load_problems
from ctlab.records.row_audit import AuditedBatch, RowAudit, check_of

if TYPE_CHECKING:
    import os

    from ctlab.models import LatentReasoner
    from ctlab.records import Decoding, Generation, Measurement
    from ctlab.records.generation import Padding

    Model = LatentReasoner | str | os.PathLike[str]
    Problems = Sequence[Problem] | str | os.PathLike[str]
    Conditions = Sequence[Condition | Mapping[str, Any]] | Condition | Mapping[str, Any]
else:
    # This was a package with many names, and with modules below it: both are looked up among the old names.
    __getattr__ = exports(__name__, {})
    __path__ = []

Progress = Callable[[int, int], None]
"""Called with the number of generations made so far and in total."""


def generate(
    model: Model,
    problems: Problems,
    conditions: Conditions,
    *,
    max_new_tokens: int | None = None,
    dtype: str | None = None,
    batch_tokens: int | None = None,
    padding: Padding = "exact",
    progress: Progress | bool | None = None,
    certificates: bool = True,
) -> Runs:
    """Answer every problem under every condition, in one pass that shares what the conditions share.

    Nothing is kept: called twice, it computes twice. `ctlab.Lab` keeps every answer in a store and makes none twice.

    Parameters
    ----------
    model : model, str or path
        A loaded model, or what `ctlab.load_model` takes.
    problems : sequence of Problem, str or path
        Problems, or what `ctlab.load_problems` takes.
    conditions : Condition, dict or several of them
        Conditions as objects or in their JSON form.
    max_new_tokens : int, optional
        Most tokens of an answer; the model family's own number where it is not given.
    dtype : str, optional
        Floating-point type to which a copy of the model is cast for this run.
    batch_tokens : int, optional
        Most tokens in a batch; chosen by the memory at hand where it is not given.
    padding : str
        ``exact`` or ``as-published``.
    progress : callable or bool, optional
        Called with the answers made so far and in total; True writes lines to standard error.
    certificates : bool
        Whether each condition proves that it does what it says. Certificates that fail are returned, not raised:
        whoever judges decides.

    Returns
    -------
    Runs
        Condition name to its generations, in problem order.
    """
    from ctlab.certify import audited_batches, certify
    from ctlab.engine import activation_cache_for, decoding_of, generate_batches

    model, problems, conditions = loaded(model, dtype), _problems(problems), given_conditions(conditions)
    _check_count("batch_tokens", batch_tokens)
    decoding = decoding_of(model, max_new_tokens=max_new_tokens, padding=padding)
    activations = activation_cache_for(conditions, model, problems, decoding, batch_tokens=batch_tokens)
    proofs = certify(model, problems, conditions, decoding, activations) if certificates and problems else {}
    by_condition: dict[str, dict[str, Generation]] = {condition.name: {} for condition in conditions}
    total, count = len(problems) * len(conditions), 0
    tell = _teller(progress, total)
    audits: dict[str, list[RowAudit]] = {condition.name: [] for condition in conditions}
    answering = audited_batches if proofs else generate_batches
    for batch in answering(model, problems, conditions, decoding, batch_tokens=batch_tokens, activations=activations):
        for name, audit in batch.audits.items() if isinstance(batch, AuditedBatch) else ():
            audits[name].append(audit)
        for name, generations in batch.items():
            by_condition[name].update((generation.problem_id, generation) for generation in generations)
            count += len(generations)
        tell(count, total)
    ordered = {name: tuple(answers[problem.id] for problem in problems) for name, answers in by_condition.items()}
    proofs = {name: proof.also(check_of(audits[name], len(problems))) for name, proof in proofs.items()}
    return Runs(ordered, proofs, problems, conditions)


def measure(model: Model, problems: Problems, conditions: Conditions, **settings: Any) -> dict[str, Measurement]:
    """Answer every problem under every condition under watch; condition name to its measurement.

    Model, problems and conditions are what `generate` takes; ``settings`` are those of `ctlab.probes.measure`. Nothing
    is kept: `ctlab.Lab.measure` keeps it, and proves what the probes see.
    """
    from ctlab.probes import measure as measure_loaded

    progress = settings.pop("progress", None)
    if progress is not None and not callable(progress):
        raise InputError(f"progress is called with two numbers here, or is None; not {progress!r}")
    return measure_loaded(
        loaded(model, None), _problems(problems), given_conditions(conditions), progress=progress, **settings
    )


def loaded(model: Model, dtype: str | None) -> LatentReasoner:
    """Return a model, loaded where an id or a path was given; InputError for anything else."""
    import os

    from ctlab.models import LatentReasoner, load_model

    if isinstance(model, str | os.PathLike):
        model = load_model(os.fspath(model))
    if not isinstance(model, LatentReasoner):
        raise InputError(
            f"a model is one that ctlab.load_model returned, or what it takes (tiny, a folder, an id on the hub); not "
            f"{type(model).__name__}"
        )
    return model if dtype is None else model.cast(dtype)


def _problems(given: Problems) -> tuple[Problem, ...]:
    # No problems are a valid request here, and give no answers; a claim needs some.
    return tuple(given) if isinstance(given, list | tuple) and not given else load_problems(given).problems


def _teller(progress: Progress | bool | None, total: int) -> Progress:
    """Return whom to tell how far it is."""
    if callable(progress):
        return progress
    if progress not in (None, False, True):
        raise InputError(f"progress is True, False or called with two numbers; not {progress!r}")
    if not progress:
        return lambda count, total: None
    from ctlab.lab.log import ConsoleLog
    from ctlab.lab.progress import Progress as Lines

    lines, told = Lines(total, formatting.counted(total, "answer"), ConsoleLog()), 0

    def tell(count: int, total: int) -> None:
        nonlocal told
        lines.advance(count - told)
        told = count
        if count == total:
            lines.finish()

    return tell


def _check_count(name: str, value: object) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise InputError(f"{name} must be a whole number from 1, not {value!r}")


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
