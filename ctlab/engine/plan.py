"""The batched engine: conditions that share a question share its prefill, batches are yielded as they finish."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import torch

from ctlab.engine import attention
from ctlab.engine.activation_cache import Bank, Thoughts, ThoughtsSeen
from ctlab.engine.batching import batches, token_budget
from ctlab.engine.control_token import control_position
from ctlab.engine.edge_factors import Tables, tabulate
from ctlab.engine.hooks import Observer
from ctlab.engine.layout import Layout
from ctlab.engine.prefill import Batch
from ctlab.engine.prefix_tree import Tree, grow
from ctlab.engine.rollout import Rollout
from ctlab.engine.thought_patching import Replacing
from ctlab.engine.thought_sources import beside_undisturbed
from ctlab.engine.visible_keys import refuse_empty_rows
from ctlab.errors import InputError
from ctlab.interventions import BASELINE, Condition
from ctlab.models.reasoner import LatentReasoner
from ctlab.problems import Problem
from ctlab.records.generation import Decoding, Generation, Padding

Made = TypeVar("Made")
_ENCODED_AT_ONCE = 1024  # questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that is known before the first number is computed."""

    model: LatentReasoner
    """Who answers."""
    problems: tuple[Problem, ...]
    """What is asked."""
    questions: tuple[Sequence[int], ...]
    """Token ids of each question."""
    controls: tuple[int, ...] | None
    """Each question's control token; None where no condition needs it."""
    tables: Tables
    """The conditions as numbers."""
    tree: Tree
    """What the conditions share."""
    decoding: Decoding
    """How to decode."""
    asked: int
    """How many of the tables' conditions were asked for; one more is there where thoughts are given back from it."""
    bank: Bank | None = None
    """The whole set's undisturbed thoughts; None where no condition draws on other problems."""

    @property
    def reference(self) -> int | None:
        """Number of the first condition without interventions, None where there is none."""
        bare = (number for number, each in enumerate(self.tables.conditions) if not each.interventions)
        return next(bare, None)

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
    asked, conditions = len(conditions), beside_undisturbed(conditions)
    tables = tabulate(conditions, layout, layers=model.num_layers, heads=model.num_heads, hidden=hidden)
    questions = tuple(_encoded(model, problems))
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
        asked=asked,
    )


def drawing_on(planned: Plan, bank: Bank | None = None, *, batch_tokens: int | None = None) -> Plan:
    """Give a plan the thoughts that its conditions draw on: ``bank``, or those of the plan's own problems."""
    conditions, problems = planned.tables.conditions, planned.problems
    if bank is None:
        bank = bank_for(conditions, planned.model, problems, planned.decoding, batch_tokens=batch_tokens)
    if bank is not None:
        bank.check([problem.id for problem in problems])
    return replace(planned, bank=bank)


def bank_for(
    conditions: Sequence[Condition],
    model: LatentReasoner,
    problems: Sequence[Problem],
    decoding: Decoding,
    *,
    batch_tokens: int | None = None,
) -> Bank | None:
    """Make the bank that conditions draw on; None where none does, or there are no problems."""
    if not problems or not any(condition.draws_on_others for condition in conditions):
        return None
    return bank_of(model, problems, decoding, batch_tokens=batch_tokens)


def bank_of(
    model: LatentReasoner, problems: Sequence[Problem], decoding: Decoding, *, batch_tokens: int | None = None
) -> Bank:
    """Let the model think about every problem, undisturbed and without answering."""
    planned = plan(model, problems, [BASELINE], replace(decoding, max_new_tokens=1))
    found: dict[int, Thoughts] = {}
    for indices in batches_of(planned, batch_tokens):
        for done, thoughts in fitting(planned, indices, lambda these: _thoughts(planned, these)):
            found.update(zip(done, thoughts, strict=True))
    ids = tuple(problem.id for problem in planned.problems)
    return Bank(problem_ids=ids, thoughts=np.stack([found[index] for index in range(len(ids))]) if ids else np.empty(0))


def _thoughts(planned: Plan, indices: Sequence[int]) -> Thoughts:
    seen = ThoughtsSeen(planned.tables.layout)
    run(planned, indices, seen)
    return seen.thoughts()


def _encoded(model: LatentReasoner, problems: Sequence[Problem]) -> Iterator[Sequence[int]]:
    """Encode a part at a time and keep four bytes a token: a tokenizer's own records take a hundred times that."""
    for start in range(0, len(problems), _ENCODED_AT_ONCE):
        part = problems[start : start + _ENCODED_AT_ONCE]
        yield from (array("i", ids) for ids in model.encode_all([problem.question for problem in part]))


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
    bank: Bank | None = None,
) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
    """Answer problems under conditions; yields each finished batch, condition name to its generations.

    ``bank`` holds the thoughts of the whole problem set where these problems are a part of it, and a condition draws on
    other problems.
    """
    planned = plan(model, problems, conditions, decoding)
    if not planned.problems or not conditions:
        return
    planned = drawing_on(planned, bank, batch_tokens=batch_tokens)
    for indices in batches_of(planned, batch_tokens):
        for done, ids in fitting(planned, indices, lambda these: run(planned, these)):
            yield collect(planned, done, ids)


def batches_of(planned: Plan, batch_tokens: int | None) -> list[list[int]]:
    """Split a plan's problems (indices) into batches."""
    return batches(
        [len(question) for question in planned.questions],
        planned.tables.layout,
        len(planned.tree.levels[-1].parents),
        token_budget(batch_tokens, planned.model.device, bytes_per_token(planned.model)),
        as_published=planned.decoding.padding == "as-published",
    )


def fitting(
    planned: Plan, indices: Sequence[int], work: Callable[[Sequence[int]], Made]
) -> Iterator[tuple[Sequence[int], Made]]:
    """Do ``work`` on some problems at once, or on halves where memory runs out; yields problems and what it made."""
    try:
        made, fits = work(indices), True
    except torch.OutOfMemoryError:
        if len(indices) == 1 or planned.decoding.padding == "as-published":
            # There an answer depends on its batch mates: a smaller batch would be another experiment.
            raise
        fits = False
    if fits:
        yield indices, made
        return
    # Not inside the except clause: there the error's traceback still holds every tensor of the batch that failed.
    torch.cuda.empty_cache()
    half = len(indices) // 2
    yield from fitting(planned, indices[:half], work)
    yield from fitting(planned, indices[half:], work)


def run(planned: Plan, indices: Sequence[int], observer: Observer | None = None) -> list[list[list[int]]]:
    """Answer some problems in one batch; ids by problem, leaf and token, -1 after the end."""
    tail = planned.tables.layout.tail
    replacing = Replacing([planned.problems[index].id for index in indices], planned.bank, planned.reference)
    rollout = Rollout(planned.model, planned.tree, tail, planned.decoding.padding, observer, replacing)
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
    asked = slice(planned.asked)
    for condition, leaf in zip(planned.tables.conditions[asked], planned.tree.leaves[asked], strict=True):
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
