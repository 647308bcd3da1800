"""What follows from a question's facts and rules, by a reasoner that shares nothing with any model or generator.

Every rule says of a kind what it is or is not, so that facts and rules about one thing are Horn clauses, of which unit
propagation finds every contradiction (Dowling and Gallier 1984). A statement follows where its opposite leads to one:
that what is not wooden is no numpus, where numpuses are wooden, needs no rule of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ctlab.problems.audit.controlled_english import Asked, Literal

Rules = Mapping[str, list[Literal]]
"""What is said of a kind, by its term."""


def follows(asked: Asked, literal: Literal) -> bool:
    """Whether a statement about the thing asked about follows from what the question says."""
    return _contradicts(_reached([*asked.facts, (literal[0], not literal[1])], _rules(asked)))


def consistent(asked: Asked) -> bool:
    """Whether what is said of the thing asked about holds together; from a contradiction everything follows."""
    return not _contradicts(_reached(asked.facts, _rules(asked)))


def hops(asked: Asked, literal: Literal) -> int | None:
    """Fewest rules from a fact to a statement; None where rules lead there only backwards, or not at all."""
    return _reached(asked.facts, _rules(asked)).get(literal)


def _rules(asked: Asked) -> Rules:
    rules: dict[str, list[Literal]] = defaultdict(list)
    for kind, what in asked.rules:
        rules[kind].append(what)
    return rules


def _reached(start: Iterable[Literal], rules: Rules) -> dict[Literal, int]:
    """Everything that rules lead to, each with the fewest rules that it takes."""
    reached = dict.fromkeys(start, 0)
    level, steps = [*reached], 0
    while level:
        steps += 1
        told = [what for term, positive in level if positive for what in rules.get(term, ())]
        level = [what for what in dict.fromkeys(told) if what not in reached]
        reached.update(dict.fromkeys(level, steps))
    return reached


def _contradicts(literals: Mapping[Literal, int]) -> bool:
    return any((term, not positive) in literals for term, positive in literals)
