"""Whether two word problems differ in the result of one step and what follows of it: evaluated afresh.

Shared with what makes such pairs are the worked solutions as graphs; what is read of them is which number stands where
and what is made of what. Every number that is another is worked out again, from the given ones on, in fractions.
"""

import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction

from ctlab import formatting
from ctlab.problems import Graph, Problem

_OPERATORS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_PIECES = re.compile(r"\d+|\D+")


def wrong_numbers(own: Problem, donor: Problem, *, step: int, same: bool, crossed: bool = False) -> str:
    """Say what is wrong with a pair at a step, from 1; empty where nothing is.

    ``crossed``: whether results that follow are to be others than the own problem has with the donor's result.
    """
    if own.graph is None or donor.graph is None:
        return "one of the two has no worked solution"
    texts, leaves = _changed_text(own.question, donor.question), _changed_leaves(own.graph, donor.graph)
    if texts is None or leaves is None:
        return "more than numbers is another"
    if sorted(texts) != sorted((old, new) for _, old, new in leaves):
        return "the numbers that are others in the question are not those that are others in the solution"
    if twice := [old for old, _ in texts if _said(own.question).count(old) != 1]:
        return f"{twice[0]} stands in the question more than once"
    changed = _changed_steps(own.graph, donor.graph)
    if isinstance(changed, str):
        return changed
    read = {_step_of(own.graph, index) for index, _, _ in leaves}
    if donor.gold_number.value != _results(donor.graph)[-1] or own.gold_number.value != _results(own.graph)[-1]:
        return "the gold answer is not the last result"
    if (step in changed) == same:
        return f"the result of step {step} is {'another' if same else 'the same'}"
    if same and step == len(own.graph.steps):
        made_of = len(leaves) == 2 and read <= _leading(own.graph, step)
        return "" if made_of else f"it is not two numbers that step {step} is made of that are others"
    follows = {each for each in range(1, len(own.graph.steps) + 1) if read & _leading(own.graph, each)}
    if changed != follows or len(own.graph.steps) not in changed:
        return f"results of steps {sorted(changed)} are others, and {sorted(follows)} follow of what changed"
    first, *second = sorted(read, key=lambda each: each != step)
    if not same and first != step:
        return f"the changed number is read by step {first}"
    if not crossed or same or step == len(own.graph.steps):
        return "" if len(leaves) == 1 else f"{formatting.counted(len(leaves), 'number')} of the question changed"
    if len(leaves) != 2 or not second or step not in _leading(own.graph, second[0]):
        return "it is not one number of the step and one of a step after it that are others"
    return _as_with_the_result(own.graph, donor.graph, step)


def _as_with_the_result(own: Graph, donor: Graph, step: int) -> str:
    """Say where a donor has what the own problem would have with its result of a step, and is not to."""
    values: dict[int, Fraction] = {own.steps[step - 1].root: _results(donor)[step - 1]}
    for index, each in enumerate(own.operations):
        if index in values or not {each.left_from, each.right_from} & set(values):
            continue
        left, right = values.get(each.left_from, Fraction(each.left)), values.get(each.right_from, Fraction(each.right))
        values[index] = _OPERATORS[each.op](left, right)
    for at, (written, theirs) in enumerate(zip(own.steps, _results(donor), strict=True), 1):
        if at != step and values.get(written.root) == theirs:
            return f"the result of step {at} follows of that of step {step} in the donor too"
    return ""


def _said(question: str) -> list[Fraction]:
    return [Fraction(piece) for piece in _PIECES.findall(question) if piece.isdecimal()]


def _changed_text(own: str, donor: str) -> list[tuple[Fraction, Fraction]] | None:
    """Return the numbers that are others in a question, old and new; None where anything else is another."""
    pieces = [_PIECES.findall(own), _PIECES.findall(donor)]
    if len(pieces[0]) != len(pieces[1]):
        return None
    others = [(old, new) for old, new in zip(*pieces, strict=True) if old != new]
    if not all(old.isdecimal() and new.isdecimal() for old, new in others):
        return None
    return [(Fraction(old), Fraction(new)) for old, new in others]


def _changed_leaves(own: Graph, donor: Graph) -> list[tuple[int, Fraction, Fraction]] | None:
    """Return the given numbers that are others: operation, old, new; None where the solutions are made otherwise."""
    if len(own.operations) != len(donor.operations) or len(own.steps) != len(donor.steps):
        return None
    if any((a.first, a.root) != (b.first, b.root) for a, b in zip(own.steps, donor.steps, strict=True)):
        return None
    found = []
    for index, (mine, theirs) in enumerate(zip(own.operations, donor.operations, strict=True)):
        wired = (mine.op, mine.left_from, mine.right_from) == (theirs.op, theirs.left_from, theirs.right_from)
        if not wired:
            return None
        sides = ((mine.left_from, mine.left, theirs.left), (mine.right_from, mine.right, theirs.right))
        found += [(index, Fraction(old), Fraction(new)) for source, old, new in sides if source < 0 and old != new]
    return found


def _changed_steps(own: Graph, donor: Graph) -> set[int] | str:
    """Return the steps whose results are others once both are worked out; what is wrong where one is not so."""
    worked: list[tuple[Fraction, Fraction]] = []
    for index, pair in enumerate(zip(own.operations, donor.operations, strict=True)):
        values = []
        for side, each in enumerate(pair):
            left, right = (
                Fraction(given) if source < 0 else worked[source][side]
                for source, given in ((each.left_from, each.left), (each.right_from, each.right))
            )
            if each.op == "/" and right == 0:
                return "it divides by zero"
            values.append((_OPERATORS[each.op](left, right), Fraction(each.value), left, right))
        (mine, written, *from_mine), (theirs, donor_s, *from_theirs) = values
        if from_mine == from_theirs and written == donor_s:
            worked.append((written, written))  # as it was written, rounding included
        elif mine != written or theirs != donor_s:
            return f"the result of step {_step_of(own, index)} is not what its numbers make"
        else:
            worked.append((mine, theirs))
    roots = [each.root for each in own.steps]
    return {at for at, root in enumerate(roots, 1) if root >= 0 and worked[root][0] != worked[root][1]}


def _results(graph: Graph) -> list[Fraction]:
    return [Fraction(step.result.value) for step in graph.steps]


def _step_of(graph: Graph, index: int) -> int:
    return max(at for at, step in enumerate(graph.steps, 1) if step.first <= index)


def _leading(graph: Graph, step: int) -> set[int]:
    """Steps, from 1, that a step is made of, itself included: walked back from it."""
    waiting, seen = [graph.steps[step - 1].root], set[int]()
    while waiting:
        index = waiting.pop()
        if index >= 0 and index not in seen:
            seen.add(index)
            waiting += [graph.operations[index].left_from, graph.operations[index].right_from]
    return {_step_of(graph, index) for index in seen}
