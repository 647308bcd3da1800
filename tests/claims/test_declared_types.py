from collections.abc import Mapping
from typing import Any

import pytest

from ctlab.claims.declared_types import check_types, fits
from ctlab.claims.registered import Event, Registered, What


@pytest.mark.parametrize(
    ("value", "hint", "is_so"),
    [
        (1, int, True),
        (True, int, False),
        (1.0, int, False),
        (1, float, True),
        (float("nan"), float, False),
        (float("inf"), float | None, False),
        (None, float | None, True),
        ((0.1, 0.2), tuple[float, float] | None, True),
        ((0.1,), tuple[float, float], False),
        ((1, 2, 3), tuple[int, ...], True),
        ((1, "2"), tuple[int, ...], False),
        (frozenset({"a"}), frozenset[str], True),
        (frozenset({1}), frozenset[str], False),
        (["a"], list[str], True),
        ("a", list[str], False),
        ({"a": "b"}, Mapping[str, str], True),
        ({"a": 1}, Mapping[str, str], False),
        ({"a": [1, {"b": None}]}, Mapping[str, Any], False),
        ({"a": [1, {"b": "c"}, True]}, Mapping[str, Any], True),
        ({"a": float("nan")}, Mapping[str, Any], False),
        (What.ACCEPTED, What, True),
        ("accepted", What, False),
    ],
)
def test_what_fits_a_declared_type(value, hint, is_so):
    assert fits(value, hint) is is_so


def test_a_field_that_does_not_hold_what_it_declares_is_named():
    check_types(Event(date="2026-11-26", what=What.WITHDRAWN, interval=(0.0, 1.0)))
    with pytest.raises(ValueError, match="date cannot be 20261126"):
        check_types(Event(date=20261126, what=What.WITHDRAWN))
    with pytest.raises(ValueError, match="does cannot be 'accepted'"):
        check_types(Registered(form={}, does="accepted"))
