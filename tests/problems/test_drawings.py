"""A claim about a set is a claim about its later drawings; of a set from elsewhere there are none."""

import pytest

from ctlab.problems import drawing_of
from ctlab.problems.drawings import EMBEDDED_SETS


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("tiny", "tiny"),
        ("tiny-3", "tiny"),
        ("tiny-graphs", "tiny-graphs"),
        ("tiny-graphs-longer", "tiny-graphs-longer"),
        ("tiny-graphs-longer-2", "tiny-graphs-longer"),
        ("gsm8k", "gsm8k"),
        ("mine-2", "mine-2"),
        ("tiny-99", "tiny-99"),
    ],
)
def test_the_first_drawing_of_a_set(name, first):
    assert drawing_of(name) == first


def test_every_later_drawing_has_a_first_one():
    assert {drawing_of(name) for name in EMBEDDED_SETS} <= set(EMBEDDED_SETS)
