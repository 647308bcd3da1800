"""The batched engine: conditions that share a question share its prefill, batches are yielded as they finish."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch

from ctlab.errors import InputError
from ctlab.generation import attention
from ctlab.generation.asking import Batch
from ctlab.generation.batches import batches, token_budget
from ctlab.generation.branches import Tree, grow
from ctlab.generation.controls import control_position
from ctlab.generation.layout import Layout
from ctlab.generation.observer import Observer
from ctlab.generation.record import Decoding, Generation, Padding
from ctlab.generation.rollout import Rollout
from ctlab.generation.tables import Tables, tabulate
from ctlab.generation.visible import refuse_empty_rows
from ctlab.interventions import Condition
from ctlab.models.reasoner import LatentReasoner
from ctlab.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that is known before the first number is computed."""

    model: LatentReasoner
    """Who answers."""
    problems: tuple[Problem, ...]
    """What is asked."""
    questions: tuple[tuple[int, ...], ...]
    """Token ids of each question."""
    controls: tuple[int, ...] | None
    """Each question's control token; None where no condition needs it."""
    tables: Tables
    """The conditions as numbers."""
    tree: Tree
    """What the conditions share."""
    decoding: Decoding
    """How to decode."""

    def batch(self, indices: Sequence[int]) -> Batch:
        """Gather some problems."""
        controls = None if self.controls is None else [self.controls[index] for index in indices]
        return Batch(questions=[self.questions[index] for index in indices], controls=controls)


def plan(
    model: LatentReasoner, problems: Sequence[Problem], conditions: Sequence[Condition], decoding: Decoding
) -> Plan:
    """Check conditions and questions against the model, before anything is computed."""
    _refuse_twins([condition.name for condition in conditions], "condition")
    _refuse_twins([problem.id for problem in problems], "problem")
    layout = layout_of(model)
    hidden = model.settings.hidden
    tables = tabulate(conditions, layout, layers=model.num_layers, heads=model.num_heads, hidden=hidden)
    questions = tuple(map(tuple, model.encode_all([problem.question for problem in problems])))
    _check_lengths(model, problems, questions, layout.tail + decoding.max_new_tokens)
    controls = None
    if any(tables.uses_control(index) for index in range(len(conditions))):
        controls = tuple(
            control_position(model, problem.id, question) for problem, question in zip(problems, questions, strict=True)
        )
    if questions:
        refuse_empty_rows(tables, [len(question) for question in questions], controls)
    return Plan(
        model=model,
        problems=tuple(problems),
        questions=questions,
        controls=controls,
        tables=tables,
        tree=grow(tables),
        decoding=decoding,
    )


def layout_of(model: LatentReasoner) -> Layout:
    """The tail's segments of a model."""
    return Layout(begin=len(model.begin_ids), thoughts=model.num_thoughts, end=len(model.end_ids))


def decoding_of(model: LatentReasoner, *, max_new_tokens: int | None = None, padding: Padding = "exact") -> Decoding:
    """Decoding settings of a run with this model."""
    return Decoding(
        padding=padding,
        dtype=str(model.dtype).removeprefix("torch."),
        max_new_tokens=model.max_new_tokens if max_new_tokens is None else max_new_tokens,
    )


def generate_batches(
    model: LatentReasoner,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    decoding: Decoding,
    *,
    batch_tokens: int | None = None,
) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
    """Answer problems under conditions; yields each finished batch, condition name to its generations."""
    planned = plan(model, problems, conditions, decoding)
    if not planned.problems or not conditions:
        return
    rows = len(planned.tree.levels[-1].parents)
    made = batches(
        [len(question) for question in planned.questions],
        planned.tables.layout,
        rows,
        token_budget(batch_tokens, model.device, bytes_per_token(model)),
        as_published=decoding.padding == "as-published",
    )
    for indices in made:
        yield from _finish(planned, indices)


def _finish(planned: Plan, indices: Sequence[int]) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
    try:
        ids = run(planned, indices)
    except torch.OutOfMemoryError:
        if len(indices) == 1 or planned.decoding.padding == "as-published":
            # There an answer depends on its batch mates: a smaller batch would be another experiment.
            raise
        ids = None
    if ids is None:
        # Not inside the except clause: there the error's traceback still holds every tensor of the batch that failed.
        torch.cuda.empty_cache()
        half = len(indices) // 2
        yield from _finish(planned, indices[:half])
        yield from _finish(planned, indices[half:])
        return
    yield collect(planned, indices, ids)


def run(planned: Plan, indices: Sequence[int], observer: Observer | None = None) -> list[list[list[int]]]:
    """Answer some problems in one batch; ids by problem, leaf and token, -1 after the end."""
    tail = planned.tables.layout.tail
    rollout = Rollout(planned.model, planned.tree, tail, planned.decoding.padding, observer)
    with attention.engaged(planned.model.network):
        answers: list[list[list[int]]] = rollout.answer(
            planned.batch(indices), planned.decoding.max_new_tokens
        ).tolist()
    return answers


def collect(
    planned: Plan, indices: Sequence[int], ids: Sequence[Sequence[Sequence[int]]]
) -> Mapping[str, tuple[Generation, ...]]:
    """Turn the ids of a batch into generations by condition name."""
    texts: dict[tuple[int, ...], str] = {}
    made: dict[str, tuple[Generation, ...]] = {}
    for condition, leaf in zip(planned.tables.conditions, planned.tree.leaves, strict=True):
        generations = []
        for index, answers in zip(indices, ids, strict=True):
            answer = answers[leaf]
            tokens = tuple(answer[: answer.index(-1)] if answer[-1] == -1 else answer)
            # Short answers repeat, and decoding one costs more than generating it on a small model.
            if tokens not in texts:
                texts[tokens] = planned.model.decode(tokens)
            generations.append(Generation(problem_id=planned.problems[index].id, token_ids=tokens, text=texts[tokens]))
        made[condition.name] = tuple(generations)
    return made


def _refuse_twins(names: Sequence[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InputError(f"{what} {name!r} is given twice; each needs a name of its own")
        seen.add(name)


def _check_lengths(
    model: LatentReasoner, problems: Sequence[Problem], questions: Sequence[Sequence[int]], after: int
) -> None:
    config = model.network.config
    limit = int(config.max_position_embeddings)
    window = getattr(config, "sliding_window", None)
    if window is not None and "sliding_attention" in getattr(config, "layer_types", ["sliding_attention"]):
        limit = min(limit, int(window))
    for problem, question in zip(problems, questions, strict=True):
        if not question:
            raise InputError(f"problem {problem.id} has an empty question; every question needs at least one token")
        if len(question) + after > limit:
            raise InputError(
                f"problem {problem.id}: its question of {len(question)} tokens leaves no room for thoughts and {after} "
                f"more within the model's {limit} positions; lower --ctlab-max-new-tokens or leave the problem out"
            )


def bytes_per_token(model: LatentReasoner) -> int:
    """Size of one token's keys and values."""
    config = model.network.config
    heads = getattr(config, "num_key_value_heads", config.num_attention_heads)
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return int(2 * model.num_layers * heads * size * model.dtype.itemsize)
