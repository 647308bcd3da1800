"""Whose thought a problem is to be given: the rule of docs/conditions.md, written apart from how the engine chooses.

Shared with it are the worked solutions as graphs, and nothing that compares, evaluates or orders them.
"""

import hashlib
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from ctlab import formatting
from ctlab.certify.counterfactual_pairs import pairs_check
from ctlab.engine.activation_cache import ActivationCache
from ctlab.interventions import Patch
from ctlab.problems import Graph
from ctlab.records import Check

_OPERATORS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """What is compared of a problem."""

    place: str
    """Where it stands in the circle: a hash."""
    graph: Graph
    """Its worked solution."""
    results: tuple[Fraction, ...]
    """Result of each step."""


def donor_of(problem_id: str, activations: ActivationCache, patch: Patch) -> str | None:
    """Name a problem's donor; None where no problem of the set fits, or the patch takes no donor's thought."""
    if patch.step is None:
        return None
    if patch.pairs in ("generated", "crossed"):  # nobody of the set: `pairs_check` says whether it is one
        return None if patch.matching is None else activations.donors(patch.matching).get(problem_id)
    return donors_by_rule(activations, patch.step, patch.by, patch.seed, patch.pairs).get(problem_id)


def donors_check(activations: ActivationCache, patch: Patch) -> Check:
    """Hold the donors of a whole problem set to the rule, and say how many problems have one."""
    if patch.pairs in ("generated", "crossed"):
        return pairs_check(activations, patch)
    chosen = {} if patch.matching is None else activations.donors(patch.matching)
    names = activations.problem_ids
    expected = {} if patch.step is None else donors_by_rule(activations, patch.step, patch.by, patch.seed, patch.pairs)
    wrong = sum(chosen.get(name) != expected.get(name) for name in names)
    return Check(
        name="donors-as-said",
        passed=wrong == 0 and len(chosen) > 0,
        detail=f"{formatting.count(len(chosen))} of {formatting.counted(len(names), 'problem')} have a donor, the "
        f"others are left as they are and not judged; {wrong} are given another than the rule names",
    )


@lru_cache(maxsize=32)  # asked for each audited thought; activations are found by identity, and do not change
def donors_by_rule(activations: ActivationCache, step: int, by: str, seed: int, pairs: str = "") -> Mapping[str, str]:
    """Name every problem's donor: of those that fit and stand further on the one that stands next, else the first."""
    written = _written(activations, seed)
    most = max((abs(result) for each in written.values() for result in each.results), default=Fraction(0))
    fits = _has_the_same if by == "matched-same" else _has_another
    rooms: dict[str, list[str]] = {}
    for name in sorted(written, key=lambda name: written[name].place):
        if len(written[name].results) >= step:
            rooms.setdefault(_wired(written[name].graph), []).append(name)
    found = {}
    for room in rooms.values():
        for name in room:
            further = [other for other in room if written[other].place > written[name].place]
            for other in further + [each for each in room if written[each].place < written[name].place]:
                if pairs == "mined" and not _alone(written[name], written[other], step - 1, same=by == "matched-same"):
                    continue
                if (pairs and by == "matched-same") or fits(written[name], written[other], step - 1, most):
                    found[name] = other
                    break
    return found


def _written(activations: ActivationCache, seed: int) -> dict[str, _Written]:
    return {
        problem.id: _Written(
            place=hashlib.sha256(f"{seed}\n{problem.id}".encode("utf-8", "surrogatepass")).hexdigest(),
            graph=problem.graph,
            results=tuple(Fraction(step.result.value) for step in problem.graph.steps),
        )
        for problem in activations.problems
        if problem.graph is not None
    }


def _wired(graph: Graph) -> str:
    """Where operands come from, and where steps begin and end."""
    wires = [f"{operation.left_from},{operation.right_from}" for operation in graph.operations]
    return " ".join([*wires, "|", *(f"{step.first}-{step.root}" for step in graph.steps)])


def _has_another(own: _Written, donor: _Written, at: int, most: Fraction) -> bool:
    """Whether a donor's result leads the own graph to another answer, with no result that is unlike the set's."""
    if own.graph.steps[at].root < 0 or donor.results[at] == own.results[at]:
        return False
    results = _carried(own, at, donor.results[at])
    if results is None or results[-1] == own.results[-1]:
        return False
    for now, before in zip(results, own.results, strict=True):
        broken = before.denominator == 1 and now.denominator > 1
        if broken or (before >= 0 > now) or not -most <= now <= most:
            return False
    return True


def _has_the_same(own: _Written, donor: _Written, at: int, most: Fraction) -> bool:
    """Whether a donor has one result in common with a problem, reached from other numbers, and no second one."""
    if own.graph.steps[at].root < 0 or donor.results[at] != own.results[at]:
        return False
    if any(mine == theirs for n, (mine, theirs) in enumerate(zip(own.results, donor.results, strict=True)) if n != at):
        return False
    step = own.graph.steps[at]
    pairs = zip(own.graph.operations, donor.graph.operations, strict=True)
    made = list(pairs)[step.first : step.root + 1]
    return any(mine.left != theirs.left or mine.right != theirs.right for mine, theirs in made)


def _alone(own: _Written, donor: _Written, at: int, *, same: bool) -> bool:
    """Whether all results that are others hang on the first of them, which is that of the step, or not to touch it."""
    alike = [mine == theirs for mine, theirs in zip(own.results, donor.results, strict=True)]
    if own.graph.steps[at].root < 0 or all(alike) or alike[at] != same:
        return False
    first = alike.index(False)
    hanging = {own.graph.steps[first].root}
    for index, operation in enumerate(own.graph.operations):
        if {operation.left_from, operation.right_from} & hanging:
            hanging.add(index)
    return (same or first == at) and all(
        equal or not hanging.isdisjoint(range(step.first, step.root + 1))
        for equal, step in zip(alike, own.graph.steps, strict=True)
    )


def _carried(own: _Written, at: int, value: Fraction) -> list[Fraction] | None:
    """Every step's result with another one at step ``at``, from 0; None where that divides by zero."""
    operations, root = own.graph.operations, own.graph.steps[at].root
    values = {root: value}
    while True:
        # Until nothing more follows: whatever reads a changed result and is not worked out yet.
        ready = [
            index
            for index, operation in enumerate(operations)
            if index not in values and (operation.left_from in values or operation.right_from in values)
        ]
        if not ready:
            break
        first = operations[ready[0]]
        left = values.get(first.left_from, Fraction(first.left))
        right = values.get(first.right_from, Fraction(first.right))
        if first.op == "/" and right == 0:
            return None
        values[ready[0]] = _OPERATORS[first.op](left, right)
    return [values.get(step.root, written) for step, written in zip(own.graph.steps, own.results, strict=True)]
