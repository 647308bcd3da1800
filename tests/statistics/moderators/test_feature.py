import math
from types import SimpleNamespace

import pytest

from ctlab.errors import StatisticsError
from ctlab.statistics import feature_values


def problems(**columns):
    rows = zip(*columns.values(), strict=True)
    return [SimpleNamespace(features=SimpleNamespace(**dict(zip(columns, row, strict=True)))) for row in rows]


def test_numbers_yes_and_no_and_what_is_missing():
    assert feature_values(problems(n_operations=[1, 3, None]), "n_operations") == ([1.0, 3.0, None], False)
    assert feature_values(problems(has_division=[True, False, None]), "has_division") == ([1.0, 0.0, None], True)
    assert feature_values(problems(n_operations=[2, 3, None]), "n_operations >= 3") == ([0.0, 1.0, None], True)
    assert feature_values(problems(max_number=[100, 0, None]), "log10 max_number") == ([2.0, None, None], False)


@pytest.mark.parametrize("feature", ["n_operations > 3", "sqrt max_number", "", "n operations", "log10 n >= 3 "])
def test_forms_that_are_none(feature):
    with pytest.raises(StatisticsError, match="A feature reads"):
        feature_values(problems(n_operations=[1]), feature)


def test_unknown_and_infinite_features():
    with pytest.raises(StatisticsError, match="no feature 'length'"):
        feature_values(problems(n_operations=[1]), "length")
    with pytest.raises(StatisticsError, match="must be a finite number, got inf"):
        feature_values(problems(max_number=[math.inf]), "max_number")
