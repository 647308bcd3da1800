import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ctlab.measures.shuffled import beyond_shuffled, matches, projected
from ctlab.statistics.cells.cell import Place

HERE = Place(thought="CT0", place="step 1")


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=12))
def test_the_mean_is_the_share_of_matches_less_that_of_all_other_pairs(pairs):
    said, results = [said for said, _ in pairs], [frozenset({result}) for _, result in pairs]
    cell = beyond_shuffled(HERE, said, results, {1: range(len(pairs))})
    own = np.mean([each in found for each, found in zip(said, results, strict=True)])
    others = [said[i] in results[j] for i in range(len(pairs)) for j in range(len(pairs)) if i != j]
    assert np.isclose(cell.values.mean(), own - np.mean(others))
    assert np.isclose(cell.more["rate"], own)
    assert np.isclose(cell.more["chance"], np.mean(others))
    assert -2.0 <= cell.values.min() <= cell.values.max() <= 2.0


def test_who_is_alone_is_left_out_and_nothing_said_is_no_match():
    cell = beyond_shuffled(HERE, [1, 2, None, 4], [frozenset({1})] * 4, {1: [0, 2], 2: [1], 3: []})
    assert len(cell.values) == 2
    assert cell.more == {"rate": 0.5, "chance": 0.5}
    assert len(beyond_shuffled(HERE, [1], [frozenset({1})], {1: [0]}).values) == 0


def test_a_result_of_several_is_a_match_too():
    assert matches([(1,), (5,)], [frozenset({1, 5}), frozenset({2})]).tolist() == [[1, 0], [1, 0]]
    assert projected(np.array([[1.0, 0.0], [1.0, 0.0]])).tolist() == [0.5, -0.5]
