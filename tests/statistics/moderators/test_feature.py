import math
from types import SimpleNamespace

import pytest

from ctlab.errors import StatisticsError
from ctlab.problems import Problem
from ctlab.records.fields import Fields
from ctlab.records.own_functions import Own, OwnFeature
from ctlab.statistics import feature_values
from ctlab.statistics.moderators.feature import feature_codes, feature_groups


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
    with pytest.raises(StatisticsError, match=r"must be a finite number, .*, got inf for problem"):
        feature_values(problems(max_number=[math.inf]), "max_number")


def rows(**columns):
    """Problems whose rows have these columns."""
    found = []
    for row, values in enumerate(zip(*columns.values(), strict=True)):
        fields = Fields(dict(zip(columns, values, strict=True)))
        found.append(Problem(question=f"Row {row}?", gold=row, fields=fields))
    return found


@pytest.mark.parametrize(
    ("column", "feature", "values", "binary"),
    [
        ([1, 2.5, None], "level", [1.0, 2.5, None], False),
        ([1, 2.5, None], "level >= 2", [0.0, 1.0, None], True),
        ([-3, 3, 0], "level >= -3", [1.0, 1.0, 1.0], True),
        (["1", " 2.5", ""], "level", [1.0, 2.5, None], False),
        ([True, False, None], "level", [1.0, 0.0, None], True),
        ([True, False, None], "level == true", [1.0, 0.0, None], True),
        (["algebra", "two words", None], "level == two words", [0.0, 1.0, None], True),
        ([3, 3.0, 4], "level == 3", [1.0, 1.0, 0.0], True),
        ([10, 100, 0], "log10 level", [1.0, 2.0, None], False),
    ],
)
def test_columns_of_rows_are_features(column, feature, values, binary):
    assert feature_values(rows(level=column), feature) == (values, binary)


def test_texts_are_groups_and_no_numbers():
    asked = rows(kind=["b", "a", None, "b"])
    assert feature_groups(asked, "kind") == ["b", "a", None, "b"]
    assert feature_codes(asked, "kind") == [1.0, 0.0, None, 1.0]
    with pytest.raises(StatisticsError, match=r"'kind' is a text such as 'b', which is no number; .* 'kind == b'"):
        feature_values(asked, "kind")
    with pytest.raises(StatisticsError, match="has 11 texts, and at most 10 can be adjusted for"):
        feature_codes(rows(kind=[f"kind {row}" for row in range(11)]), "kind")


def test_what_ctlab_measures_comes_before_a_suite_s_own_and_that_before_columns():
    asked = rows(n_tokens=[100, 100], level=[7, 8])
    assert feature_values(asked, "n_tokens")[0] == [2.0, 2.0]
    own = SimpleNamespace(problems=asked, own=Own(features={"level": OwnFeature("level", lambda problem: 1)}))
    assert feature_values(own, "level")[0] == [1.0, 1.0]
    assert feature_values(asked, lambda problem: problem.fields["level"] > 7) == ([0.0, 1.0], True)


def test_the_nearest_feature_is_proposed():
    with pytest.raises(StatisticsError, match=r"no feature 'difficulties'; did you mean 'difficulty'.* difficulty"):
        feature_values(rows(difficulty=[1]), "difficulties")
