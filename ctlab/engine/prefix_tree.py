"""Which conditions are still one computation: a tree that starts at the question and splits where they differ.

Two conditions share everything up to the first segment whose rows they weaken differently, or which they feed or patch
differently: the question, begin, each thought or each pass over all of them, end, the answer. Conditions that never
split are computed once. Where a model decides itself when thinking is over, thoughts, end and answer are one level: at
any position after begin some rows think and others answer, so that all of it must be shared or none.

No-op controls are the exception: what they are to show is that rows of the same content come out alike, wherever they
stand. Computed together with the baseline they could not differ from it, so they part from all others before begin, are
the last children of that fork, and share rows with each other alone. The question's keys belong to no row.

An early answer shares the rows of a condition that feeds more thoughts and does the same up to there, and parts from it
before end (`early_answers`). Written steps that are put in place are a part of the answer, so that conditions with
other steps part before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ctlab.engine.early_answers import computed_of, head
from ctlab.engine.edge_factors import FIRST_TAIL_QUERY, QUESTION_QUERY, EdgeFactors, Factors
from ctlab.engine.layer_sources import LayerSources, left_by, within
from ctlab.engine.layout import Segment
from ctlab.engine.thought_sources import ThoughtSource, ThoughtSources, sources_in
from ctlab.interventions.steps_patch import StepsPatch

Ways = tuple[tuple[ThoughtSource | None, LayerSources], ...]
"""What each thought of a segment is fed, and what layers hand on at its position in place of their own."""

_BEGIN = 1
FIRST_THOUGHT = 2
"""Level that feeds CT0 first: before it come the question and begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The branches that compute one segment."""

    factors: Factors
    """(branches, layers or 1, heads or 1, queries, key kinds): the segment's rows of the factors."""
    parents: tuple[int, ...]
    """Branch of the level before, for each branch; at the first level its own number."""
    branch_of: tuple[int, ...]
    """Branch of each condition."""
    sources: tuple[ThoughtSources, ...]
    """What each branch is fed in place of each of the segment's thoughts; None: what the model made of it."""
    within: tuple[LayerSources, ...]
    """What layers of each branch hand on in place of their own residual stream at the segment's thoughts."""
    entered: tuple[LayerSources, ...]
    """What is put in place of keys and values of the thoughts before when the segment begins: their readers' alone."""
    left_out: tuple[int, ...]
    """How many thoughts each branch leaves out before end and the answer; 0 in the segments before these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixTree:
    """The levels in order: question, begin, each thought, end, answer. Branches are in the order of the first level."""

    levels: tuple[Level, ...]
    """One for each segment; the first is the question's."""

    @property
    def leaves(self) -> tuple[int, ...]:
        """Branch of the last level, for each condition."""
        return self.levels[-1].branch_of


def grow(edge_factors: EdgeFactors) -> PrefixTree:
    """Split the conditions segment by segment."""
    layout = edge_factors.layout
    answer = FIRST_TAIL_QUERY + layout.rows
    segments = [slice(QUESTION_QUERY, QUESTION_QUERY + 1)]
    segments += [slice(FIRST_TAIL_QUERY + step.rows.start, FIRST_TAIL_QUERY + step.rows.stop) for step in layout.steps]
    if layout.own_stop:
        segments[-1] = slice(segments[-1].start, answer + 1)
    else:
        segments.append(slice(answer, answer + 1))
    branch_of = [0] * len(edge_factors.conditions)
    levels = []
    for number, segment in enumerate(segments):
        rows = edge_factors.factors[:, :, :, segment]
        step = layout.steps[number - 1] if 1 <= number <= len(layout.steps) else None
        sources = [() if step is None else sources_in(each, layout, step) for each in edge_factors.thought_sources]
        before = layout.steps[number - 2] if 2 <= number <= len(layout.steps) else None
        inside = [within(each, step) for each in edge_factors.layer_sources]
        entered = [left_by(each, before) for each in edge_factors.layer_sources]
        given = [each.steps_patch if number == len(segments) - 1 else None for each in edge_factors.conditions]
        apart = [condition.no_op and number >= _BEGIN for condition in edge_factors.conditions]
        after = number >= len(layout.steps)  # end and the answer
        left_out = [layout.thoughts - fed if after else 0 for fed in edge_factors.fed]
        computed = [computed_of(fed, step, rows.shape[3]) for fed in edge_factors.fed]
        ways = [_ways(fed, at, step) for fed, at in zip(sources, inside, strict=True)]
        end = list(zip(left_out, given, strict=True))
        branch_of, parents = _split(branch_of, rows, ways, apart, end, computed, entered)
        # Of those that share a branch one that computes all of it says how.
        members = [max(_members(branch_of, branch), key=computed.__getitem__) for branch in range(len(parents))]
        levels.append(
            Level(
                factors=rows[members],
                parents=parents,
                branch_of=tuple(branch_of),
                sources=tuple(sources[member] for member in members),
                within=tuple(inside[member] for member in members),
                entered=tuple(entered[member] for member in members),
                left_out=tuple(left_out[member] for member in members),
            )
        )
    return PrefixTree(levels=tuple(levels))


def _ways(fed: ThoughtSources, inside: LayerSources, step: Segment | None) -> Ways:
    thoughts = () if step is None else step.thoughts
    by_thought = [tuple(each for each in inside if each.thought == thought) for thought in thoughts]
    return tuple(zip(fed, by_thought, strict=True))


def _members(branch_of: Sequence[int], branch: int) -> list[int]:
    return [condition for condition, own in enumerate(branch_of) if own == branch]


def _split(
    branch_of: Sequence[int],
    rows: Factors,
    ways: Sequence[Ways],
    apart: Sequence[bool],
    end: Sequence[tuple[int, StepsPatch | None]],
    computed: Sequence[int],
    entered: Sequence[LayerSources],
) -> tuple[list[int], tuple[int, ...]]:
    # Branches stay sorted by parent, so that rows of one prompt lie side by side all the way. Two conditions are one
    # computation where bits are equal, not where numbers are close: only then are their answers the same for certain.
    keys = [
        (branch, away, put, ends, np.ascontiguousarray(row).tobytes(), way)
        for branch, away, put, ends, row, way in zip(branch_of, apart, entered, end, rows, ways, strict=True)
    ]
    heads = [head(row, way, count) for row, way, count in zip(rows, ways, computed, strict=True)]
    # Who leaves rows out goes along with who computes more and does the same up to there; the longest first.
    longest, all_rows = sorted(range(len(keys)), key=lambda number: -computed[number]), rows.shape[3]
    for place, number in enumerate(longest):
        if computed[number] == all_rows:
            continue
        for other in longest[:place]:
            same_way = keys[other][:3] == keys[number][:3]
            if same_way and head(rows[other], ways[other], computed[number]) == heads[number]:
                keys[number] = keys[other]
                break
    order = sorted(dict.fromkeys(keys), key=lambda key: key[:2])
    numbers = {key: number for number, key in enumerate(order)}
    return [numbers[key] for key in keys], tuple(parent for parent, *_ in order)
