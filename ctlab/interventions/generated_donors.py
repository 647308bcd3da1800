"""Donors that are made of the problems themselves: alike but for one result, or one edge of the graph."""

from collections.abc import Mapping
from functools import lru_cache

from ctlab.interventions.donor_rule import CROSSED, Matching
from ctlab.problems import Problem
from ctlab.problems.counterfactuals.edge_redirected import redirected
from ctlab.problems.counterfactuals.numbers_changed import Changeable, changeable, changed
from ctlab.problems.counterfactuals.pair import Pair


# A table asks for each step, twice; a mapping of 1,319 problems takes some 3 MB.
@lru_cache(maxsize=32)
def generated_pairs(problems: tuple[Problem, ...], matching: Matching) -> Mapping[str, Pair]:
    """Make the pair of each problem that has one, by its id; shared, so that nobody may change it."""
    step, same, crossed, seed = matching.step, matching.same, matching.pairs == CROSSED, matching.seed
    found: dict[str, Pair | None] = {
        name: changed(own, step=step, same=same, crossed=crossed, seed=seed)
        for name, own in _changeable(problems).items()
    }
    for problem in problems:
        if problem.kind == "entity":
            found[problem.id] = redirected(problem, hop=step, same=same, crossed=crossed, seed=seed)
    return {name: pair for name, pair in found.items() if pair is not None}


@lru_cache(maxsize=2)
def _changeable(problems: tuple[Problem, ...]) -> Mapping[str, Changeable]:
    """Remember what can be changed in a set's numbers, which is most of the work, whatever the step."""
    return changeable(problems)
