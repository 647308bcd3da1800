"""A word problem with another number in it, so that one step has another result; the text is otherwise the same.

Which numbers can be changed is said in `number_places`. The new one has as many digits and lies within
`NEAR`, and between the least and the largest number that stands at such a place in the set: "each becomes 47" is no
sentence of a set that multiplies by up to 5.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ctlab.problems.counterfactuals.number_places import Place, places, sides
from ctlab.problems.counterfactuals.pair import Answer, Pair, in_order
from ctlab.problems.graph import Graph
from ctlab.problems.problem import Problem
from ctlab.problems.text.exact import Exact, calculate, shown, slim
from ctlab.problems.text.expressions import GIVEN
from ctlab.problems.text.numbers import find_numbers

NEAR = 50
"""How far a new number may lie from the own one."""
TRIED = 12
"""First numbers of two that are tried before a problem is said to have no pair of two changed numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """Between which numbers a set stays: what a model has never met, or said, says nothing of its thoughts."""

    largest: Exact
    """Largest result of any step, whatever its sign."""
    at: Mapping[tuple[str, str], tuple[Exact, Exact]]
    """Least and largest number that an operation is given, by operation and side."""

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> "Ranges":
        """Measure a set."""
        at: dict[tuple[str, str], tuple[Exact, Exact]] = {}
        largest: Exact = 0
        for graph in (problem.graph for problem in problems):
            if graph is None:
                continue
            largest = max(largest, *(max(result, -result) for result in graph.results))
            for operation in graph.operations:
                for side, value, source in sides(operation):
                    if source == GIVEN:
                        low, high = at.get((operation.op, side), (value, value))
                        at[operation.op, side] = min(low, value), max(high, value)
        return cls(largest=largest, at=at)


def changeable(problems: Sequence[Problem]) -> Mapping[str, "Changeable"]:
    """Return those problems of a set whose worked solution can be read, by id."""
    ranges = Ranges.of(problems)
    return {
        problem.id: Changeable(problem=problem, graph=graph, ranges=ranges)
        for problem in problems
        if (graph := problem.graph) is not None
    }


def changed(own: "Changeable", *, step: int, same: bool, crossed: bool, seed: int) -> Pair | None:
    """Return the pair of a problem at a step, from 1; None where no number can be changed so.

    ``same`` False: exactly the result of the step and what follows of it are others, the answer too. ``same`` True: the
    result of the step is the same, and the answer another: a number that is needed elsewhere is changed. Where the step
    is the last, two numbers are changed that it is made of, and the answer is the same.

    ``crossed``: where other results follow of the step's, a second number is changed that one of these reads, so that
    all of them are others than the own problem has with the donor's result: who follows the donor in anything but that
    result gives another answer.
    """
    if not 1 <= step <= len(own.graph.steps) or own.graph.steps[step - 1].root == GIVEN:
        return None
    if same and step == len(own.graph.steps):
        return _upstream(own, step, seed)
    if same:
        found = {each.name: each for each in own.single if each.results[step - 1] == own.results[step - 1]}
    else:
        found = {each.name: each for each in own.single if each.numbers[0][0].step == step}
    leads = {name: each.results[-1] for name, each in found.items()}
    if crossed and not same:
        found = own.crossed(found, step, seed)
    expected = {name: own.results[-1] if same else leads[name] for name in found}
    for name in in_order(own.problem.id, step, seed, found):
        if (donor := own.written(found[name])) is not None:
            return Pair(
                donor=donor,
                expected=expected[name],
                alternatives=Counter[Answer](expected.values()),
                change=found[name].name,
            )
    return None


@dataclass(frozen=True, kw_only=True)
class _Change:
    """Numbers that are changed, and what follows."""

    numbers: tuple[tuple[Place, int], ...]
    """Places and what stands there."""
    values: tuple[Exact, ...]
    """Value of each operation."""
    touched: tuple[int, ...]
    """Operations that read another number than before, straight or through others."""
    results: tuple[Exact, ...]
    """Result of each step."""

    @property
    def name(self) -> str:
        """What is changed; a place is known by its number, which no other of the problem has."""
        return ", ".join(f"{place.value} → {value}" for place, value in self.numbers)


@dataclass(frozen=True, kw_only=True)
class Changeable:
    """A problem whose numbers are changed."""

    problem: Problem
    """What is asked."""
    graph: Graph
    """Its worked solution."""
    ranges: Ranges
    """Those of its set."""

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Numbers that one operation alone reads."""
        return places(self.problem)

    @cached_property
    def results(self) -> tuple[Exact, ...]:
        """Result of each step."""
        return self.graph.results

    @cached_property
    def said(self) -> frozenset[Exact]:
        """Numbers of the question."""
        return frozenset(slim(number.number.value) for number in find_numbers(self.problem.question))

    @cached_property
    def single(self) -> tuple[_Change, ...]:
        """Every fitting change of one number; it changes the answer."""
        worked = (self.worked(((place, value),)) for place in self.places for value in self.values(place))
        return tuple(
            change
            for change in worked
            if change is not None
            and change.results[-1] != self.results[-1]
            and self.fits(change)
            and self._all_that_follows(change)
        )

    def values(self, place: Place) -> range:
        """Numbers that may stand at a place, the own one among them."""
        digits = place.end - place.start
        least, most = self.ranges.at[self.graph.operations[place.operation].op, place.side]
        low = max(place.value - NEAR, 10 ** (digits - 1), 2, -int(-least // 1))
        return range(low, min(place.value + NEAR, 10**digits - 1, int(most // 1)) + 1)

    def worked(self, numbers: tuple[tuple[Place, int], ...]) -> _Change | None:
        """Work the solution out with other numbers; None for none, and where that divides by 0."""
        instead = {(place.operation, place.side): value for place, value in numbers}
        values: list[Exact] = []
        touched = []
        for index, each in enumerate(self.graph.operations):
            left = each.left if each.left_from == GIVEN else values[each.left_from]
            right = each.right if each.right_from == GIVEN else values[each.right_from]
            left, right = instead.get((index, "left"), left), instead.get((index, "right"), right)
            if left == each.left and right == each.right:
                values.append(each.value)  # as it was written, rounding included
                continue
            result = calculate(each.op, left, right)
            if result is None:
                return None
            values.append(result)
            touched.append(index)
        if any(value == place.value for place, value in numbers):
            return None
        results = [
            own if step.root == GIVEN else values[step.root]
            for step, own in zip(self.graph.steps, self.results, strict=True)
        ]
        return _Change(numbers=numbers, values=tuple(values), touched=tuple(touched), results=tuple(results))

    def fits(self, change: _Change) -> bool:
        """Whether what changed is whole, positive, in the set's range, and said nowhere else in the problem.

        A number that stands for two things would tell neither which step it is of nor whose it is.
        """
        before, after = self.graph.operations, change.values
        new: list[Exact] = [value for _, value in change.numbers]
        for index in change.touched:
            own = before[index]
            if calculate(own.op, own.left, own.right) != own.value:
                return False  # rounded: what the changed one would be written as is not known
            if after[index] != own.value:
                new.append(after[index])
                if not all(isinstance(v, int) and 0 < v <= self.ranges.largest for v in (after[index], own.value)):
                    return False
        kept = {own.value for value, own in zip(after, before, strict=True) if value == own.value}
        return len({*new}) == len(new) and self.said.isdisjoint(new) and kept.isdisjoint(new)

    def _all_that_follows(self, change: _Change) -> bool:
        """Whether every operation that reads something changed has another result."""
        return all(change.values[index] != self.graph.operations[index].value for index in self._read(change))

    def _read(self, change: _Change) -> set[int]:
        """Operations that read a changed number, straight or through others, changed or not."""
        read = {place.operation for place, _ in change.numbers}
        for index, own in enumerate(self.graph.operations):
            if own.left_from in read or own.right_from in read:
                read.add(index)
        return read

    def crossed(self, firsts: Mapping[str, _Change], step: int, seed: int) -> dict[str, _Change]:
        """Return changes with a second number changed, after which nothing that follows of a step follows its result.

        Those are left out that there is none for; all stay as they are where nothing follows of the step.
        """
        some = next(iter(firsts.values()), None)
        follow = [] if some is None else [at for at, own in enumerate(self.results) if own != some.results[at]]
        follow = [at for at in follow if at != step - 1]
        if not follow:
            return dict(firsts)
        later = {other.start: other for other in self.places if other.step - 1 in follow}
        seconds = {f"{start} {value}": (other, value) for start, other in later.items() for value in self.values(other)}
        order = [seconds[name] for name in in_order(self.problem.id, step, seed, seconds)]
        found = {}
        for name, first in firsts.items():
            for other, value in order:
                change = self.worked((*first.numbers, (other, value)))
                if change is None or any(change.results[at] == first.results[at] for at in follow):
                    continue
                if self.fits(change) and self._all_that_follows(change):
                    found[name] = change
                    break
        return found

    def written(self, change: _Change) -> Problem | None:
        """Write the problem that a change makes; None where its worked solution would be read otherwise."""
        question = self.problem.question
        for place, value in sorted(change.numbers, key=lambda each: -each[0].start):
            question = f"{question[: place.start]}{value}{question[place.end :]}"
        lines = []
        for step, result in zip(self.graph.steps, change.results, strict=True):
            made = shown(result) if step.root == GIVEN else self._expression(change, step.root, step.first)
            lines.append(f"<<{made}={shown(result)}>>")
        gold = shown(change.results[-1])
        solution = "\n".join([*lines, f"#### {gold}"])
        donor = replace(self.problem, question=question, solution=solution, gold=gold)
        read = donor.graph
        if read is None or read.shape != self.graph.shape or read.results != change.results:
            return None
        return donor

    def _expression(self, change: _Change, index: int, first: int) -> str:
        """Write an operation with those of its own step inside it."""
        instead = {(place.operation, place.side): value for place, value in change.numbers}
        parts = []
        for side, value, source in sides(self.graph.operations[index]):
            if source >= first:
                parts.append(f"({self._expression(change, source, first)})")
            else:
                given = instead.get((index, side), value)
                parts.append(shown(given if source == GIVEN else change.values[source]))
        return self.graph.operations[index].op.join(parts)


def _upstream(own: Changeable, step: int, seed: int) -> Pair | None:
    """Return a pair of the last step with the same result, that is made of two other numbers."""
    pairs = [(one, other) for one in own.places for other in own.places if one.start < other.start]
    firsts = {
        f"{one.start} {other.start} {value}": (one, other, value) for one, other in pairs for value in own.values(one)
    }
    for name in in_order(own.problem.id, step, seed, firsts)[:TRIED]:
        one, other, value = firsts[name]
        for second in own.values(other):
            change = own.worked(((one, value), (other, second)))
            if change is None or change.results[-1] != own.results[-1] or not own.fits(change):
                continue
            if (donor := own.written(change)) is not None:
                expected = own.results[-1]
                return Pair(donor=donor, expected=expected, alternatives={expected: 1}, change=change.name)
    return None
