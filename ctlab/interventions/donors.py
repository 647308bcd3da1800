"""Donors: for each problem another one whose thought is fed in place of its own, chosen by their worked solutions.

A donor's graph has the problem's shape (`Graph.shape`): as many operations, wired and cut into steps alike. Which
operations these are does not matter: what a donor brings along is the result of one step, and it is the problem's own
graph that is evaluated with it. Of the 263 embedded problems with five operations 244 have a donor for the last step;
if the operations had to be the same, 44 would.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ctlab.interventions.donor_rule import MINED, Matching
from ctlab.interventions.generated_donors import generated_pairs
from ctlab.problems import Graph, Problem
from ctlab.problems.text.exact import Exact
from ctlab.problems.text.expressions import GIVEN


def donors(problems: Sequence[Problem], matching: Matching) -> Mapping[str, str]:
    """Assign a donor to each problem that has one, by ids; the order of the problems does not matter.

    All stand in one circle, in an order that hashes decide, and each takes the next one that fits. Generated ones are
    no problems of the set: `generated_donors`.
    """
    if matching.generated:
        return {name: pair.donor.id for name, pair in generated_pairs(tuple(problems), matching).items()}
    found = ((problem, next(fitting, None)) for problem, fitting in _fitting(problems, matching))
    return {problem: donor for problem, donor in found if donor is not None}


def all_donors(problems: Sequence[Problem], matching: Matching) -> Mapping[str, tuple[str, ...]]:
    """Name every problem of the set that fits each problem as a donor, the one that it is given first."""
    return {problem: tuple(fitting) for problem, fitting in _fitting(problems, matching)}


@dataclass(frozen=True)
class _Worked:
    """A problem with its calculation graph."""

    id: str
    graph: Graph

    @cached_property
    def results(self) -> tuple[Exact, ...]:
        """Result of each step."""
        return self.graph.results


def _fitting(problems: Sequence[Problem], matching: Matching) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield each problem with the donors that fit it, from its own place in the circle on."""
    circle = sorted(problems, key=lambda problem: _hash(matching.seed, problem.id))
    worked = [_Worked(problem.id, graph) for problem in circle if (graph := problem.graph) is not None]
    largest: Exact = max((max(result, -result) for each in worked for result in each.results), default=0)
    alike: dict[object, list[_Worked]] = {}
    for each in worked:
        # What a step without an operation says was there before: it is no result.
        if len(each.graph.steps) >= matching.step and each.graph.steps[matching.step - 1].root != GIVEN:
            alike.setdefault(each.graph.shape, []).append(each)
    for group in alike.values():
        for at, own in enumerate(group):
            yield own.id, _those_that_fit(own, (*group[at + 1 :], *group[:at]), matching, largest)


def _those_that_fit(own: _Worked, others: Sequence[_Worked], matching: Matching, largest: Exact) -> Iterator[str]:
    if matching.pairs == MINED:
        others = [donor for donor in others if _differs_in_one(own, donor, matching.step, same=matching.same)]
        if matching.same:
            yield from (donor.id for donor in others)
            return
    elif matching.same:
        yield from (donor.id for donor in others if _fits_same(own, donor, matching.step))
        return
    leads: dict[Exact, bool] = {}  # many donors share a result, and nothing else of theirs decides
    for donor in others:
        result = donor.results[matching.step - 1]
        if result not in leads:
            leads[result] = _fits_other(own, result, matching.step, largest)
        if leads[result]:
            yield donor.id


def _fits_other(own: _Worked, result: Exact, step: int, largest: Exact) -> bool:
    """Whether a donor's result is another, with which the own graph gives another answer, and one of its own kind.

    A model that has answered with whole numbers up to a hundred cannot be expected to say 3.5, -12 or 4,000: that it
    does not would say nothing of what its thought holds.
    """
    if result == own.results[step - 1] or (results := own.graph.results_with(step, result)) is None:
        return False
    return results[-1] != own.results[-1] and all(map(_alike, results, own.results, (largest,) * len(results)))


def _alike(result: Exact, own: Exact, largest: Exact) -> bool:
    """Whether a result is whole, and not negative, where the own one is, and in the range of the problem set's."""
    whole = result.denominator == 1 or own.denominator != 1
    return whole and (result >= 0 or own < 0) and -largest <= result <= largest


def _fits_same(own: _Worked, donor: _Worked, step: int) -> bool:
    """Whether a donor has the result of one step in common with a problem, and neither what it is made of nor more."""
    if own.results[step - 1] != donor.results[step - 1]:
        return False
    common = sum(mine == theirs for mine, theirs in zip(own.results, donor.results, strict=True))
    return common == 1 and _operands(own.graph, step) != _operands(donor.graph, step)


def _differs_in_one(own: _Worked, donor: _Worked, step: int, *, same: bool) -> bool:
    """Whether results of a donor are others from one step on that follow from it, and no others.

    The step itself, or, where its result is to be the same, another one that does not lead to it.
    """
    differ = [at for at, pair in enumerate(zip(own.results, donor.results, strict=True), 1) if pair[0] != pair[1]]
    if not differ or (differ[0] == step) == same or (step in differ) == same:
        return False
    return {*differ} <= {differ[0], *_followers(own.graph, differ[0])}


def _followers(graph: Graph, step: int) -> set[int]:
    """Steps, from 1, that a step's result is calculated on in, straight or through others."""
    reached, steps = {graph.steps[step - 1].root}, {step}
    for index, operation in enumerate(graph.operations):
        if operation.left_from in reached or operation.right_from in reached:
            reached.add(index)
            steps.add(graph.step_of(index))
    return steps - {step}


def _operands(graph: Graph, step: int) -> list[tuple[Exact, Exact]]:
    """Numbers that a step is calculated of."""
    written = graph.steps[step - 1]
    return [(operation.left, operation.right) for operation in graph.operations[written.first : written.root + 1]]


def _hash(seed: int, problem_id: str) -> str:
    return hashlib.sha256(f"{seed}\n{problem_id}".encode("utf-8", "surrogatepass")).hexdigest()
