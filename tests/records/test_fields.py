"""A row's own columns are equal by what they hold, and can be a key."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctlab.records.fields import NO_FIELDS, Fields

COLUMNS = st.dictionaries(st.text(), st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))


@settings(max_examples=30)
@given(COLUMNS)
def test_equal_columns_are_one_key_in_any_order(columns):
    turned = Fields(dict(reversed(columns.items())))
    assert Fields(columns) == turned
    assert hash(Fields(columns)) == hash(turned)
    assert dict(Fields(columns)) == columns


@pytest.mark.parametrize("other", [{}, {"level": "2"}, {"level": 2, "more": None}, {"Level": 2}])
def test_other_columns_are_others(other):
    assert Fields({"level": 2}) != Fields(other)


def test_none_are_none():
    assert (len(NO_FIELDS), bool(NO_FIELDS), NO_FIELDS) == (0, False, Fields({}))
    assert repr(Fields({"level": 2})) == "Fields({'level': 2})"
