"""Gold answers that are more than a number: ``42 apples`` is read as 42, and another number may stand beside."""

from collections.abc import Sequence

from ctlab.inputs import shown
from ctlab.problems.audit.finding import Finding, Instance, Located, finding
from ctlab.problems.text.numbers import parse_number, same_number
from ctlab.problems.text.quantities import read_quantity

_LONGEST = 40
"""Characters of a worked solution that can be a bare number: an answer of a model in a file of results."""


def said_with_words(rows: Sequence[Located]) -> tuple[Finding, ...]:
    """Find numbers that were read out of more than a number, and an answer beside the gold that is another number."""
    worded: list[Instance] = []
    contrary: list[Instance] = []
    numbers = [row for row in rows if row.problem.kind == "number"]
    for row in numbers:
        problem, gold = row.problem, row.problem.gold
        if isinstance(gold, str) and any(map(str.isalpha, gold)) and read_quantity(gold) is None:
            said = f"{shown(gold)} is read as {problem.gold_text}: {problem.question}"
            worded.append(Instance(places=(row.place,), text=said))
        beside = parse_number(problem.solution) if len(problem.solution) <= _LONGEST else None
        if beside is not None and not same_number(beside, problem.gold_number):
            said = f"gold {problem.gold_text}, answer {beside}: {problem.question}"
            contrary.append(Instance(places=(row.place,), text=said))
    n, golds = len(numbers), "gold answers"
    return (
        *finding("gold-against-answer", contrary, n, golds, "are not the answer that stands beside them (results?)"),
        *finding("gold-with-words", worded, n, golds, "have words behind the number", fails=False),
    )
