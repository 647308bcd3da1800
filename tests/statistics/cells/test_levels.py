from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from ctlab.statistics.cells.levels import strata_of


def problems(values, name="n_operations"):
    return [SimpleNamespace(features=SimpleNamespace(**{name: value})) for value in values]


def test_few_levels_are_strata_and_a_missing_value_is_in_none():
    strata, left_out = strata_of(problems([3, 1, None, 3]), "n_operations")
    assert [(each.name, each.value, each.rows) for each in strata] == [
        ("n_operations = 1", 1.0, (1,)),
        ("n_operations = 3", 3.0, (0, 3)),
    ]
    assert left_out == 1


def test_yes_and_no_are_two_strata():
    strata, _ = strata_of(problems([True, False, True], "has_division"), "has_division")
    assert [(each.name, each.rows) for each in strata] == [("has_division", (0, 2)), ("not has_division", (1,))]


@given(st.lists(st.one_of(st.none(), st.integers(0, 60)), min_size=1, max_size=200))
def test_every_problem_with_a_value_is_in_exactly_one(values):
    strata, left_out = strata_of(problems(values, "n_tokens"), "n_tokens")
    rows = sorted(row for each in strata for row in each.rows)
    assert rows == [row for row, value in enumerate(values) if value is not None]
    assert left_out == values.count(None)
    for each in strata:  # equal values are never parted
        inside = {values[row] for row in each.rows}
        assert all(row in each.rows for row, value in enumerate(values) if value in inside)


def test_many_levels_are_fifths():
    strata, _ = strata_of(problems([*range(60), *[59] * 40], "n_tokens"), "n_tokens")
    assert [(each.name, each.value, len(each.rows)) for each in strata] == [
        ("n_tokens 0 to 19", None, 20),
        ("n_tokens 20 to 39", None, 20),
        ("n_tokens 40 to 58", None, 19),
        ("n_tokens 59 to 59", None, 41),
    ]


def test_texts_of_a_problem_s_own_row_are_strata():
    rows = [SimpleNamespace(features=SimpleNamespace(), fields={"type": text}) for text in ("b", "a", "b")]
    strata, left_out = strata_of(rows, "type")
    assert [(each.name, each.value, each.rows) for each in strata] == [
        ("type = a", None, (1,)),
        ("type = b", None, (0, 2)),
    ]
    assert left_out == 0
