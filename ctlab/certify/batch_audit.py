"""The batches that make the results, audited while they are answered: some rows of each, once more in one piece.

A certificate's own small batch says nothing of what only larger ones have. Here nothing is answered twice: hooks keep
what some rows of the real batch were fed and gave (`row_recorder`), and the reference, which shares nothing but weights
with the engine, computes the same sequences again.
"""

import copy
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ctlab.certify.expected_edges import Segments, control_token, expected_factors, own_tail, tail_of
from ctlab.certify.layer_patches import swaps_of
from ctlab.certify.passes import asked_in_passes, fed_of, made_of
from ctlab.certify.patches import patched_thoughts, unpatched_thoughts
from ctlab.certify.reference import Factors, all_inputs, last_states, logits, obstacle, thoughts
from ctlab.certify.retold import Retold, other_tokens, retold_row
from ctlab.certify.retold_steps import expected_given, is_over
from ctlab.certify.row_recorder import RowRecorder
from ctlab.certify.row_sample import RowSample
from ctlab.certify.tolerance import TOLERANCE, relative, worse
from ctlab.engine.answers import generate_batches
from ctlab.engine.hooks import Hooks
from ctlab.engine.plan import Plan
from ctlab.interventions import Condition
from ctlab.models.reasoner import LatentReasoner
from ctlab.models.sibling import by_thinking
from ctlab.problems import Problem
from ctlab.records.generation import Decoding, Generation
from ctlab.records.row_audit import AuditedBatch, RowAudit, joined

_AT_ONCE = 4096
"""Positions that are recomputed together: little memory beside the batch's own, and enough to keep a CPU busy."""
_ROUNDED = 8  # answers' lengths, up: masks of one condition are made for a few lengths, and cut


def audited_batches(
    model: LatentReasoner,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    decoding: Decoding,
    *,
    audited: Collection[str] | None = None,
    **options: Any,
) -> Iterator[AuditedBatch]:
    """Answer as `generate_batches` does, which takes the same ``options``, with an audit of each batch's rows.

    ``audited`` names the conditions of which rows are audited, None: all. Of the others nothing is said.
    """
    if (reason := obstacle(model)) is not None:
        failed = RowAudit(failure=f"this model cannot be recomputed apart from the engine: {reason}")
        for batch in generate_batches(model, problems, conditions, decoding, **options):
            yield AuditedBatch(batch, {name: failed for name in batch if audited is None or name in audited})
        return
    auditors = {way: BatchAuditor(audited) for way in by_thinking(conditions)}
    watching: dict[str, deque[BatchAuditor]] = {way: deque() for way in auditors}
    way_of = {condition.name: condition.thinking for condition in conditions}

    def watch(planned: Plan, indices: Sequence[int]) -> Hooks:
        auditor = auditors[planned.model.thinking]
        hooks = auditor.watch(planned, indices)
        # Several batches may be watched before the first of them is audited: each keeps what it saw.
        watching[planned.model.thinking].append(copy.copy(auditor))
        return hooks

    for batch in generate_batches(model, problems, conditions, decoding, watch=watch, **options):
        watched = watching[way_of[next(iter(batch))]]
        while not (auditor := watched.popleft()).watched(batch):
            pass  # a batch that did not fit into memory: its halves were watched after it
        yield AuditedBatch(batch, auditor.audits(batch))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One audited row: what it was fed and gave, and what it is said to have answered."""

    condition: int
    """Number of the condition in the plan."""
    problem: int
    """Number of the problem in the plan."""
    answer: tuple[int, ...]
    """Ids that were handed on."""
    fed: Tensor
    """What was fed as thoughts, pass by pass (passes x thoughts, D)."""
    earlier: tuple[Tensor, ...]
    """Last hidden states of the thoughts in each pass but the last (thoughts, D)."""
    states: Tensor
    """Last hidden states of the tail, as far as one was read, and of the question where one was (T, D)."""
    before: int
    """Positions of the tail before the answer."""


class BatchAuditor:
    """Watches one batch after the other, and says what was found of each."""

    def __init__(self, audited: Collection[str] | None = None) -> None:
        self._audited = audited
        self._sample: RowSample | None = None
        self._masks: dict[tuple[int, int, int | None, int], Factors] = {}

    def watch(self, planned: Plan, indices: Sequence[int]) -> Hooks:
        """See `answers.Watch`."""
        if self._sample is None:
            self._sample = RowSample(planned, len(indices), self._audited)
        self._planned, self._indices = planned, indices
        self._rows = self._sample.of([planned.problems[index].id for index in indices])
        beside = [(problem, planned.reference) for problem, number in self._rows if _needs_undisturbed(planned, number)]
        wanted = [*self._rows, *((problem, number) for problem, number in beside if number is not None)]
        self._tails = [tail_of(planned.model, condition) for condition in planned.conditions]
        thoughts = None if planned.layout.own_stop else planned.model.num_thoughts
        self._recorder = RowRecorder(planned.tree, indices, wanted, thoughts, self._tails)
        return self._recorder

    def watched(self, batch: Mapping[str, Sequence[Generation]]) -> bool:
        """Whether a batch has the problems that were watched last."""
        asked = [self._planned.problems[index].id for index in self._indices]
        return [generation.problem_id for generation in next(iter(batch.values()))] == asked

    def audits(self, batch: Mapping[str, Sequence[Generation]]) -> Mapping[str, RowAudit]:
        """Hold the batch that was watched last to the reference; condition name to what was found."""
        planned = self._planned
        requested = enumerate(condition.name for condition in planned.conditions[: planned.requested])
        numbers = {name: number for number, name in requested if self._audited is None or name in self._audited}
        if twice := self._answered_twice(batch):
            return dict.fromkeys(numbers, RowAudit(failure=twice))
        if planned.reads_padding:
            why = RowAudit(not_recomputed="padding is read, and a sequence in one piece is another computation")
            return dict.fromkeys(numbers, why)
        found: dict[int, list[RowAudit]] = {}
        if planned.layout.own_stop:
            for number, condition in self._rows:
                found.setdefault(planned.tree.leaves[condition], []).append(self._retold(number, condition, batch))
            return {name: joined(found.get(planned.tree.leaves[number], ())) for name, number in numbers.items()}
        for rows in _portions([self._row(*pair, batch) for pair in self._rows], planned):
            for row, audit in zip(rows, self._compare(rows), strict=True):
                found.setdefault(planned.tree.leaves[row.condition], []).append(audit)
        return {name: joined(found.get(planned.tree.leaves[number], ())) for name, number in numbers.items()}

    def _answered_twice(self, batch: Mapping[str, Sequence[Generation]]) -> str:
        """Name a row whose answer is said to be that of two conditions which have rows of their own; else empty."""
        leaf_of = dict(zip(batch, self._planned.tree.leaves, strict=False))
        owners: dict[str, tuple[str, int]] = {}
        for name, generations in batch.items():
            for place, generation in enumerate(generations):
                owner, there = owners.setdefault(generation.row, (name, place))
                if (leaf_of[owner], there) != (leaf_of[name], place):
                    return f"row {generation.row} answered under {owner}, and its answer is handed on as {name}'s too"
        return ""

    def _row(self, number: int, condition: int, batch: Mapping[str, Sequence[Generation]]) -> _Row:
        planned, problem = self._planned, self._indices[number]
        answer = batch[planned.conditions[condition].name][number].token_ids
        tail = self._tails[condition]
        row = self._recorder.followed(condition, problem, tail.before_answer + max(0, len(answer) - 1))
        return _Row(
            condition=condition,
            problem=problem,
            answer=answer,
            fed=row.fed_in_passes(tail.slots),
            earlier=tuple(states for _, states in row.earlier),
            states=torch.cat([row.question, row.states]),
            before=tail.before_answer,
        )

    def _retold(self, number: int, condition: int, batch: Mapping[str, Sequence[Generation]]) -> RowAudit:
        """Audit a row of a model that decides itself how many thoughts it has."""
        planned, problem = self._planned, self._indices[number]
        said, prompt = batch[planned.conditions[condition].name][number], planned.prompts[problem]
        if said.thoughts is None:
            raise RuntimeError("a model that decides itself when to stop says how many thoughts each answer has")
        tail = own_tail(planned.model, said.thoughts, answered=bool(said.token_ids))
        self._recorder.note(condition, problem, tail)
        edges, name = planned.conditions[condition].on_edges, planned.problems[problem].id
        factors = expected_factors(planned.model, name, prompt, edges, len(said.token_ids), said.thoughts)
        found = retold_row(planned, self._recorder, condition, problem, said.token_ids, factors)
        never = not said.token_ids and said.thoughts == planned.layout.thoughts
        return self._audit(condition, problem, not never and _cut_short(planned, said.token_ids), found)

    def _compare(self, rows: Sequence[_Row]) -> Iterator[RowAudit]:
        planned, model = self._planned, self._planned.model
        # Tokens are embedded here once more: what the run was fed there must have been the same.
        asked = [
            asked_in_passes(model, planned.prompts[row.problem], row.fed, [*model.end_ids, *row.answer[:-1]])
            for row in rows
        ]
        sequences = all_inputs(model, [sequence for each in asked for sequence in each])
        places = [(row, number) for row, each in zip(rows, asked, strict=True) for number in range(len(each))]
        factors = [self._factors(*place, len(sequence)) for place, sequence in zip(places, sequences, strict=True)]
        swaps = [swaps_of(planned, self._recorder, row.condition, row.problem) for row, _ in places]
        states = last_states(model, sequences, factors, swaps)
        # From the question's last position on: CT0 is made there where nothing stands before it.
        from_last = iter(
            state[len(planned.prompts[row.problem]) - 1 :] for (row, _), state in zip(places, states, strict=True)
        )
        by_pass = [[next(from_last) for _ in each] for each in asked]
        tails, first = [each[-1] for each in by_pass], planned.layout.begin + 1
        counts = [self._tails[row.condition].thoughts for row in rows]
        makers = [made_of(model, each, first, count) for each, count in zip(by_pass, counts, strict=True)]
        made = torch.split(thoughts(model, torch.cat(makers)), [len(each) for each in makers])
        scores = logits(model, torch.cat([tail[row.before :] for row, tail in zip(rows, tails, strict=True)]))
        by_row = torch.split(scores, [len(tail) - row.before for row, tail in zip(rows, tails, strict=True)])
        for row, tail, mine, own in zip(rows, by_pass, made, by_row, strict=True):
            yield self._found(row, tail, fed_of(model, mine), own)

    def _factors(self, row: _Row, number: int, size: int) -> Factors:
        """The condition's factors on edges of one pass (layers or 1, heads or 1, S, S), from its words."""
        planned, prompt = self._planned, self._planned.prompts[row.problem]
        condition, name = planned.conditions[row.condition], planned.problems[row.problem].id
        edges = [*planned.model.settings.hidden, *condition.on_edges]
        control = any(each.keys == "question-control" for each in edges)
        place = control_token(planned.model, name, prompt) if control else None
        length = -(-len(row.answer) // _ROUNDED) * _ROUNDED
        key = row.condition, len(prompt), place, length
        if key not in self._masks:
            self._masks[key] = expected_factors(
                planned.model, name, prompt, condition.on_edges, length, condition.num_thoughts
            )
        segments = Segments.of(planned.model, len(prompt), condition.num_thoughts)
        return segments.of_pass(self._masks[key], number, size)

    def _found(self, row: _Row, tails: Sequence[Tensor], made: Tensor, scores: Tensor) -> RowAudit:
        planned = self._planned
        *earlier, tail = tails
        again = tail if not planned.layout.begin else tail[1:]
        states = relative(row.states, again) if row.states.shape == again.shape else float("nan")
        first = planned.layout.begin + 1
        for gave, remade in zip(row.earlier, earlier, strict=True):
            states = worse(states, relative(gave, remade[first : first + len(gave)]))
        own = unpatched_thoughts(planned, row.condition, row.problem)
        off = relative(row.fed[own], made[own])
        given = expected_given(planned, planned.conditions[row.condition], planned.problems[row.problem].id)
        others, ties = other_tokens(scores, row.answer, TOLERANCE[planned.model.dtype], given)
        found = Retold(states=states, thoughts=off, others=others, ties=ties)
        return self._audit(row.condition, row.problem, _cut_short(planned, row.answer), found)

    def _audit(self, condition: int, problem: int, cut_short: bool, found: Retold) -> RowAudit:
        """Judge what was found of one row, and of its patches."""
        planned, tolerance = self._planned, TOLERANCE[self._planned.model.dtype]
        off, said, replaced = found.thoughts, _said(found.states, found.thoughts, found.others), ""
        wrong = not (found.states <= tolerance and off <= tolerance and found.others == 0)
        if planned.conditions[condition].patches:
            patched = patched_thoughts(planned, self._recorder, condition, problem)
            off = worse(off, patched.distance)
            if not patched.as_said(planned.model):
                wrong, replaced = True, ", a thought is not replaced as the condition says"
        if cut_short:
            wrong, replaced = True, f"{replaced}, the answer ends before its end token"
        number = self._indices.index(problem)
        where = f"problem {planned.problems[problem].id}, number {number} of a batch of {len(self._indices)}: "
        failure = f"{where}{said}{replaced}" if wrong else ""
        return RowAudit(rows=1, states=found.states, thoughts=off, ties=found.ties, failure=failure)


def _said(states: float, off: float, others: int) -> str:
    return f"hidden states within {states:.1e}, thoughts within {off:.1e} of their size, {others} other tokens"


def _cut_short(planned: Plan, answer: Sequence[int]) -> bool:
    eos = planned.model.eos_token_id
    if planned.model.task is not None:
        return not is_over(planned, answer)
    return not answer or (answer[-1] != eos and len(answer) < planned.decoding.max_new_tokens)


def _needs_undisturbed(planned: Plan, condition: int) -> bool:
    patches = planned.conditions[condition].patches
    return any(patch.kind.needs_undisturbed_run for patch in patches)


def _portions(rows: Sequence[_Row], planned: Plan) -> Iterator[list[_Row]]:
    """Rows of similar length, a few positions at once."""
    part: list[_Row] = []

    def size(row: _Row) -> int:
        return len(planned.prompts[row.problem]) + row.before + len(row.answer)

    for row in sorted(rows, key=size):
        if part and (len(part) + 1) * size(row) > _AT_ONCE:
            yield part
            part = []
        part.append(row)
    if part:
        yield part
