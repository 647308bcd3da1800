import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.interventions.resample_sources import direction, resample_sources

IDS = [f"p{n}" for n in range(40)]


@given(st.lists(st.text(max_size=6), min_size=2, max_size=30, unique=True), st.integers(0, 5))
def test_every_problem_is_the_source_of_one_other(ids, seed):
    sources = resample_sources(ids, seed)
    assert sorted(sources) == sorted(sources.values()) == sorted(ids)
    assert all(each != source for each, source in sources.items())


def test_the_order_of_problems_does_not_matter_and_the_seed_does():
    assert resample_sources(IDS, 1) == resample_sources(IDS[::-1], 1)
    different = [each for each in IDS if resample_sources(IDS, 1)[each] != resample_sources(IDS, 2)[each]]
    assert len(different) > 30


def test_over_seeds_every_other_problem_is_the_source_alike_often():
    """With 6 problems and 3,000 seeds each of 5 sources is expected 600 times; 5 standard deviations are 110."""
    given_by = [resample_sources(IDS[:6], seed)["p0"] for seed in range(3000)]
    assert all(abs(given_by.count(other) - 600) < 110 for other in IDS[1:6])


def test_a_direction_belongs_to_problem_thought_and_seed():
    one = direction("p1", 0, 0, 64)
    assert math.isclose(np.linalg.norm(one), 1)
    assert (one == direction("p1", 0, 0, 64)).all()
    others = [direction("p2", 0, 0, 64), direction("p1", 1, 0, 64), direction("p1", 0, 1, 64)]
    assert all(abs(one @ other) < 0.5 for other in others)


def test_directions_point_nowhere_in_particular():
    """Of n unit vectors in D dimensions the mean has a norm of about 1 / sqrt(n), its components 1 / sqrt(n D)."""
    many = np.stack([direction(f"p{n}", 0, 0, 32) for n in range(4000)])
    assert np.linalg.norm(many.mean(0)) == pytest.approx(1 / math.sqrt(4000), rel=0.5)
    assert (many**2).mean(0) == pytest.approx(np.full(32, 1 / 32), rel=0.15)
