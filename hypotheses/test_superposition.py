"""Where thoughts put probability in a graph: the whole frontier, the way alone, or what does not follow."""

import pytest

from ctlab.claims import Verdict
from ctlab.measures import (
    SHARE,
    beside_beyond_unreachable,
    frontier_beyond_unreachable,
    largest_share,
    mass_narrows,
    reachable_change,
    way_beyond_beside,
)
from ctlab.statistics import measured_mean
from hypotheses.registry import SUPERPOSITION

pytestmark = pytest.mark.wide
EARLY = (0, 1)
"""CT0 and CT1: a hop and two, which every way of these graphs has."""


@pytest.mark.claim(SUPERPOSITION["frontier-beyond-unreachable"])
def test_frontier_beyond_unreachable(claim, problems, entities, entities_cut):
    effect = measured_mean(
        frontier_beyond_unreachable(entities, problems, EARLY),
        claim,
        bounds=SHARE,
        control=frontier_beyond_unreachable(entities_cut, problems, EARLY),
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(SUPERPOSITION["beside-the-way-beyond-unreachable"])
def test_beside_the_way_beyond_unreachable(claim, problems, entities, entities_cut):
    effect = measured_mean(
        beside_beyond_unreachable(entities, problems, EARLY),
        claim,
        bounds=SHARE,
        control=beside_beyond_unreachable(entities_cut, problems, EARLY),
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(SUPERPOSITION["way-beyond-frontier"])
def test_way_beyond_frontier(claim, problems, entities, entities_cut):
    effect = measured_mean(
        way_beyond_beside(entities, problems, EARLY),
        claim,
        bounds=SHARE,
        control=way_beyond_beside(entities_cut, problems, EARLY),
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(SUPERPOSITION["search-narrows"])
def test_search_narrows(claim, problems, entities, entities_cut):
    effect = measured_mean(
        mass_narrows(entities, problems, 0, 2), claim, bounds=SHARE, control=mass_narrows(entities_cut, problems, 0, 2)
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(SUPERPOSITION["thoughts-are-single-threaded"])
def test_thoughts_are_single_threaded(claim, problems, entities, entities_cut):
    effect = measured_mean(
        largest_share(entities, problems, (0, 1, 2)),
        claim,
        bounds=(0.0, 1.0),
        control=largest_share(entities_cut, problems, (0, 1, 2)),
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(SUPERPOSITION["search-goes-on-through-ct0"])
def test_search_goes_on_through_ct0(claim, problems, entities, entities_ct0_blocked):
    effect = measured_mean(reachable_change(entities, entities_ct0_blocked, problems, 2), claim, bounds=SHARE)
    assert claim.judge(effect) == Verdict.SUPPORTED
