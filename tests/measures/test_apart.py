"""Exchanges that share no problem: by brute force, and what they are good for."""

from itertools import combinations
from statistics import NormalDist

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ctlab.interventions.donor_rule import Matching
from ctlab.interventions.donors import donors
from ctlab.measures.apart import apart
from ctlab.problems import load_problems

groups = st.lists(st.sets(st.sampled_from("abcdefgh"), min_size=2, max_size=3), max_size=8)


@given(groups)
def test_no_name_stands_twice_and_nothing_more_fits(names):
    kept = apart(names)
    assert kept == sorted(set(kept))
    assert all(names[one].isdisjoint(names[other]) for one, other in combinations(kept, 2))
    used = set().union(*(names[row] for row in kept)) if kept else set()
    assert all(used & names[row] for row in range(len(names)) if row not in kept)


def test_a_test_of_exchanges_keeps_its_level_only_where_they_are_apart():
    """Answers follow where both problems are good, a quarter of the time: 600 studies at the level .05."""
    problems = load_problems("tiny").problems
    place = {problem.id: row for row, problem in enumerate(problems)}
    found = [
        (place[one], place[other]) for one, other in donors(problems, Matching(step=1, same=False, seed=0)).items()
    ]
    kept = [found[row] for row in apart([{str(one), str(other)} for one, other in found])]
    erred = {
        len(pairs): np.mean([_rejects(pairs, len(problems), seed) for seed in range(600)]) for pairs in (found, kept)
    }
    assert len(kept) > len(found) * 0.45
    assert erred[len(kept)] < 0.08  # .05 and three standard errors
    assert erred[len(found)] > 0.09


def _rejects(pairs, problems, seed):
    good = np.random.default_rng(seed).random(problems) < 0.5
    asked, lent = np.array(pairs).T
    follows = (good[asked] & good[lent]).astype(float)
    z = (follows.mean() - 0.25) / (follows.std(ddof=1) / np.sqrt(len(follows)))
    return z > NormalDist().inv_cdf(0.95)
