"""Exchanges asked of every step: a donor that is chosen by one step mostly differs at others."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ctlab.interventions.donor_rule import Matching
from ctlab.measures.exchange import Exchange, exchanges, matching_of, steps_of
from ctlab.measures.fitting_donors import fitting_donors
from ctlab.measures.possible_answers import PossibleAnswers
from ctlab.problems import Problem

if TYPE_CHECKING:
    from ctlab.outcomes import Run


def at_every_step(runs: Sequence["Run"]) -> Iterator[tuple["Run", int, list[Exchange]]]:
    """Yield every run at every step: what became of problems whose donor fits at that step as well.

    Notes
    -----
    A hash chose the donor among those that fit the condition's own step. Of these, given that the chosen one fits at
    the other step too, each that does is equally likely to have been chosen: so they are what chance is reckoned by.
    """
    known: dict[tuple[Matching, int], Mapping[str, PossibleAnswers]] = {}
    for run in runs:
        matching, found = matching_of(run), exchanges(run)
        for step in range(1, max((steps_of(each.problem) for each in found), default=0) + 1):
            key = (matching, step)
            if key not in known:
                known[key] = _that_fit_too(run.problems, *key)
            fitting = known[key]
            here = (each for each in found if each.problem.id in fitting)
            yield run, step, [replace(each, step=step, possible=fitting[each.problem.id]) for each in here]


def _that_fit_too(problems: tuple[Problem, ...], matching: Matching, step: int) -> Mapping[str, PossibleAnswers]:
    """Return, for each problem whose donor fits at that step too, what all donors that fit both make of the answer."""
    chosen, there = fitting_donors(problems, matching), fitting_donors(problems, replace(matching, step=step))
    by_id = {problem.id: problem for problem in problems}
    results = {problem.id: problem.graph.results for problem in problems if problem.graph is not None}
    found = {}
    for problem, names in chosen.items():
        fit = set(there.get(problem, ()))
        if names and names[0] in fit:
            led = Counter(results[name][step - 1] for name in names if name in fit)
            found[problem] = PossibleAnswers(problem=by_id[problem], step=step, results=led)
    return found
