"""Interchanges: a thought of a pair is fed, and the answer is held to what the donor's result makes of the own problem.

A pair differs in one result and what follows of it (docs/counterfactual.md). What is expected of the own problem is
known before anything is answered, for numbers and for candidates of a graph alike.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ctlab.errors import PairingError, StatisticsError
from ctlab.interventions.donor_rule import Matching
from ctlab.interventions.generated_donors import generated_pairs
from ctlab.measures.apart import apart
from ctlab.measures.exchange import matching_of, steps_of
from ctlab.measures.fitting_donors import fitting_donors
from ctlab.measures.possible_answers import PossibleAnswers, answer_with, results_of
from ctlab.outcomes.against_golds import is_right
from ctlab.problems import Number, Problem, same_number
from ctlab.problems.counterfactuals.pair import Answer, Pair

if TYPE_CHECKING:
    from ctlab.outcomes import Run


@dataclass(frozen=True, kw_only=True)
class Interchange:
    """One problem that was fed a thought of its pair, and its answer."""

    problem: Problem
    """What was asked."""
    donor: Problem
    """Whose thought was fed."""
    step: int
    """Step of the worked solution, or hop of the graph, from 1, that the pair was made at."""
    expected: Answer
    """What the own problem's answer is with the donor's result; the own gold answer where the result is the same."""
    alternatives: Mapping[Answer, int]
    """How many pairs could have been taken, this one included, by what they lead to."""
    number: Number | None
    """The number that was answered; None without any, and where answers are none."""
    text: str
    """What was answered."""

    @cached_property
    def follows(self) -> bool:
        """Whether the answer is what is expected."""
        return self.says(self.expected)

    @cached_property
    def keeps(self) -> bool:
        """Whether the answer is the problem's own gold answer."""
        return self.says(_gold(self.problem))

    @cached_property
    def copies(self) -> bool:
        """Whether the answer is the donor's gold answer, and that is another than the own one."""
        gold = _gold(self.donor)
        return gold != _gold(self.problem) and self.says(gold)

    @property
    def is_last(self) -> bool:
        """Whether the step is the last one, so that whoever holds its result holds the answer."""
        return self.step == length_of(self.problem)

    @property
    def can_differ(self) -> bool:
        """Whether pairs that could have been taken lead to different answers."""
        return len(self.alternatives) > 1

    @cached_property
    def by_chance(self) -> float:
        """How probably an answer that does not depend on the pair is what is expected: the share of those that fit."""
        met = sum(count for answer, count in self.alternatives.items() if self.says(answer))
        return met / sum(self.alternatives.values())

    @property
    def names(self) -> frozenset[str]:
        """Ids of the problem that was asked and of the one that lent its thought."""
        return frozenset((self.problem.id, self.donor.id))

    def says(self, value: Answer) -> bool:
        """Whether the answer is this value."""
        if isinstance(value, str):
            found = is_right(replace(self.problem, gold=value, aliases=()), self.text)
            return found is not None and found.right
        return self.number is not None and same_number(self.number, Number.of(value))


def interchanges(run: "Run") -> list[Interchange]:
    """Return what became of each problem that has a pair, in problem order; the others were left as they are.

    Under a condition that patches by ``matched`` or ``matched-same`` with ``pairs``; without, donors may differ in more
    than one result, and what is expected is reckoned alike.

    Raises
    ------
    StatisticsError
        When the condition takes no donor's thought, or the answers do not say whose it was (recorded answers).
    PairingError
        When donors are noted that are no pairs of these problems.
    """
    matching = matching_of(run)
    if not any(generation.donor for generation in run.generations):
        raise StatisticsError(
            f"The answers under {run.condition.name!r} do not say whose thoughts were fed; generate them with ctlab."
        )
    pairs = dict(_pairs(run.problems, matching))
    found = []
    for problem, generation, label in zip(run.problems, run.generations, run.classifications, strict=True):
        pair = pairs.get(problem.id)
        if generation.donor != ("" if pair is None else pair.donor.id):
            raise PairingError(
                f"Problem {problem.id} was given the thought of {generation.donor or 'no donor'} under "
                f"{run.condition.name!r}, and that is not its pair among these problems; read the run with all the "
                f"problems that it was made with."
            )
        if pair is not None:
            found.append(
                Interchange(
                    problem=problem,
                    donor=pair.donor,
                    step=matching.step,
                    expected=pair.expected,
                    alternatives=pair.alternatives,
                    number=label.prediction if problem.kind == "number" else None,
                    text=generation.text if problem.kind != "number" else "",
                )
            )
    return found


def length_of(problem: Problem) -> int:
    """Count the steps of a problem's worked solution, or the hops of its graph; 0 where neither can be read."""
    return steps_of(problem) if problem.kind == "number" else problem.features.n_hops or 0


def kept_apart(found: Sequence[Interchange]) -> list[Interchange]:
    """Return those of which no two share a problem: of generated pairs nearly all, since each problem has its own."""
    return [found[row] for row in apart([each.names for each in found])]


def _pairs(problems: tuple[Problem, ...], matching: Matching) -> Iterator[tuple[str, Pair]]:
    if matching.generated:
        yield from generated_pairs(problems, matching).items()
        return
    by_id = {problem.id: problem for problem in problems}
    for name, donors in fitting_donors(problems, matching).items():
        if not donors:
            continue
        step, donor = matching.step, by_id[donors[0]]
        results = Counter(results_of(by_id[each])[step - 1] for each in donors)
        possible = PossibleAnswers(problem=by_id[name], step=step, results=results)
        expected = answer_with(by_id[name], step, results_of(donor)[step - 1])
        yield name, Pair(donor=donor, expected=expected, alternatives=dict(possible.answers.items()), change="")


def _gold(problem: Problem) -> Answer:
    if problem.kind != "number":
        return problem.gold_text
    return problem.gold_number.value
