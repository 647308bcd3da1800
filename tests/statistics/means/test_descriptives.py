import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ctlab.errors import StatisticsError
from ctlab.statistics.means.descriptives import describe


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=12))
def test_interval_is_students(values):
    found = describe(np.array(values)[:, None])
    error = stats.sem(values)
    low, high = (
        stats.t.interval(0.95, len(values) - 1, loc=np.mean(values), scale=error) if error else [np.mean(values)] * 2
    )
    np.testing.assert_allclose([found.low[0], found.high[0]], [low, high], rtol=1e-9, atol=1e-9)


def test_a_missing_number_counts_nowhere():
    found = describe(np.array([[1.0, np.nan, np.nan], [3.0, 4.0, np.nan]]))
    assert found.n.tolist() == [2, 1, 0]
    assert found.mean[:2].tolist() == [2.0, 4.0]
    assert np.isnan(found.mean[2])
    assert np.isnan(found.low[1:]).all()


@pytest.mark.parametrize(
    ("values", "words"), [(np.zeros((0, 2)), "at least one problem"), (np.array([np.inf]), "infinite")]
)
def test_nothing_from_nothing(values, words):
    with pytest.raises(StatisticsError, match=words):
        describe(values)
