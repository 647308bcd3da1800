"""What follows from a question's facts and rules, by a reasoner that shares nothing with any model or generator.

Every rule is an implication between two literals, read in both directions: what is not a yumpus is no lempus. Facts and
such rules about one thing are clauses of two literals, for which propagating the opposite of a statement to a
contradiction decides whether it follows (Aspvall, Plass and Tarjan 1979).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ctlab.problems.audit.controlled_english import Asked, Literal

Implications = Mapping[Literal, list[Literal]]


def follows(asked: Asked, literal: Literal) -> bool:
    """Whether a statement about the thing asked about follows from what the question says."""
    implied = _implications(asked.rules)
    return _contradicts(_reached([*asked.facts, (literal[0], not literal[1])], implied))


def consistent(asked: Asked) -> bool:
    """Whether what is said of the thing asked about holds together; from a contradiction everything follows."""
    return not _contradicts(_reached(asked.facts, _implications(asked.rules)))


def hops(asked: Asked, literal: Literal) -> int | None:
    """Fewest rules from a fact to a statement; None where rules lead there only backwards, or not at all."""
    forward: dict[Literal, list[Literal]] = defaultdict(list)
    for kind, what in asked.rules:
        forward[kind, True].append(what)
    seen, level, steps = set(asked.facts), list(asked.facts), 0
    while level:
        if literal in seen:
            return steps
        level = [what for known in level for what in forward[known] if what not in seen]
        seen.update(level)
        steps += 1
    return None


def _implications(rules: Iterable[tuple[str, Literal]]) -> Implications:
    implied: dict[Literal, list[Literal]] = defaultdict(list)
    for kind, (term, positive) in rules:
        implied[kind, True].append((term, positive))
        implied[term, not positive].append((kind, False))
    return implied


def _reached(start: Iterable[Literal], implied: Implications) -> set[Literal]:
    reached = set(start)
    waiting = list(reached)
    while waiting:
        for literal in implied.get(waiting.pop(), ()):
            if literal not in reached:
                reached.add(literal)
                waiting.append(literal)
    return reached


def _contradicts(literals: set[Literal]) -> bool:
    return any((term, not positive) in literals for term, positive in literals)
