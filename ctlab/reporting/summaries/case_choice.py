"""Which problems become case studies: a stated, seeded rule over impact, outcome and number of operations."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ctlab.reporting.model.outcome_table import Answer, Prediction
from ctlab.reporting.model.record import BASELINE
from ctlab.reporting.model.sensitivity_table import ProblemRow

CASES = 12
"""How many cases are chosen when there are enough problems: what a person reads in one sitting."""

SEED = 0
"""Seed of the choice."""

_QUOTAS = {"broken": 6, "fixed": 2, "changed, still wrong": 1, "unchanged, wrong": 1, "unchanged, right": 2}
"""How many cases of each impact; what one cannot fill goes to the next that can."""

RULE = (
    "For one condition, problems are grouped by impact (broken, fixed, changed but still wrong, unchanged and wrong, "
    "unchanged and right), by the outcome under the condition and by the number of operations (1 to 2, 3, 4 or more, "
    "unknown). Each impact gets a fixed number of cases; its groups take turns, and a group gives the problem whose "
    "id, hashed with the seed, is smallest. The unchanged problems, of which label and answer are the same with and "
    "without the condition, are the controls."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A problem that was chosen, and of how many like it."""

    problem_id: str
    """Its id."""
    impact: str
    """What became of it."""
    outcome: str
    """Label of its answer under the condition."""
    operations: int | None
    """Operations of its worked solution; None where there is none."""
    of: int
    """Problems of the same impact, label and size, of which it is one."""


def choose_cases(
    predictions: Sequence[Prediction],
    problems: Sequence[ProblemRow],
    condition: str,
    *,
    number: int = CASES,
    seed: int = SEED,
) -> list[Choice]:
    """Choose case studies of one condition; rows are those of the full tables, joined by problem id."""
    before, after = _by_problem(predictions, BASELINE), _by_problem(predictions, condition)
    operations = {row.problem_id: row.n_operations for row in problems}
    groups: dict[str, dict[tuple[str, str], list[str]]] = {impact: {} for impact in _QUOTAS}
    for name in sorted(before.keys() & after.keys(), key=lambda name: _order(name, seed)):
        group = (after[name].outcome, _size(operations.get(name)))
        groups[_impact(before[name], after[name])].setdefault(group, []).append(name)
    return [
        Choice(
            problem_id=name,
            impact=impact,
            outcome=after[name].outcome,
            operations=operations.get(name),
            of=len(groups[impact][after[name].outcome, _size(operations.get(name))]),
        )
        for impact, name in _take(groups, number)
    ]


def _by_problem(predictions: Sequence[Prediction], condition: str) -> dict[str, Prediction]:
    return {row.problem_id: row for row in predictions if row.condition == condition}


def _order(name: str, seed: int) -> str:
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()


def _impact(before: Answer, after: Answer) -> str:
    if not before.right and not after.right:
        return "unchanged, wrong" if _answer(before) == _answer(after) else "changed, still wrong"
    return {(True, False): "broken", (False, True): "fixed", (True, True): "unchanged, right"}[
        before.right, after.right
    ]


def _answer(answer: Answer) -> tuple[str | None, ...]:
    """Label and number of an answer, and its text where it has no number."""
    return (answer.outcome, answer.prediction, answer.text if answer.prediction is None else None)


def _size(operations: int | None) -> str:
    if operations is None:
        return "unknown"
    return "1 to 2" if operations <= 2 else "3" if operations == 3 else "4 or more"


def _take(groups: Mapping[str, Mapping[tuple[str, str], Sequence[str]]], number: int) -> list[tuple[str, str]]:
    """Fill each impact's share in turns over its groups, then hand out what is left in the order of the impacts."""
    queues = {impact: _in_turns(inside) for impact, inside in groups.items()}
    total = sum(_QUOTAS.values())
    taken = {impact: min(len(queue), _QUOTAS[impact] * number // total) for impact, queue in queues.items()}
    left = min(number, sum(map(len, queues.values()))) - sum(taken.values())
    while left > 0:
        for impact, queue in queues.items():
            if left > 0 and taken[impact] < len(queue):
                taken[impact] += 1
                left -= 1
    return [(impact, name) for impact, queue in queues.items() for name in queue[: taken[impact]]]


def _in_turns(groups: Mapping[tuple[str, str], Sequence[str]]) -> list[str]:
    """One of each group, then the second of each, and so on; groups in the order of their names."""
    ordered = [groups[key] for key in sorted(groups)]
    longest = max(map(len, ordered), default=0)
    return [group[turn] for turn in range(longest) for group in ordered if turn < len(group)]
