"""The legend below the claims: letters, and why an interval has its level."""

import pytest

from ctlab.lab.legend import LETTERS, legend


def row(level=0.9875, alpha=0.00625, status="judged", estimate=0.1):
    return {"id": "a", "status": status, "alpha": alpha, "effect": {"estimate": estimate, "level": level}}


@pytest.mark.parametrize(
    ("level", "formula"), [(0.9875, "1 − 2α = 98.75 %"), (0.99375, "1 − α = 99.38 %"), (0.9996, None)]
)
def test_a_level_is_explained_where_it_follows_from_the_claim_s_own_level(level, formula):
    letters, *levels = legend([row(level)])
    assert letters == LETTERS
    said = f"interval: its level is that of the test, {formula} for a; α = .0063 is its share of its family's"
    assert levels == ([said] if formula else [])


@pytest.mark.parametrize("other", [row(status="skipped"), row(estimate=None), row(alpha=0), row() | {"effect": None}])
def test_a_claim_without_a_number_explains_nothing(other):
    assert legend([other]) == [LETTERS]
    assert legend([other, row()])[1].endswith("for a; α = .0063 is its share of its family's")
