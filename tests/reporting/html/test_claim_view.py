"""Words beside a verdict: what qualifies it goes wherever it goes."""

import pytest

from ctlab.reporting.html.claim_view import _badges
from ctlab.reporting.model.claim_row import ClaimRow


def row(**fields):
    return ClaimRow.model_construct(exploratory=False, status="judged", flags=(), **fields)


@pytest.mark.parametrize(
    ("flag", "badge"),
    [
        ("recorded: baseline has no certificate", "recorded"),
        ("problems: 3 of 500 gold answers do not follow from their question", "wrong golds"),
    ],
)
def test_a_flag_that_every_reader_must_see_is_a_badge(flag, badge):
    assert _badges(row().model_copy(update={"flags": (flag,)}), None) == (badge,)
    assert _badges(row().model_copy(update={"flags": ("another thing",)}), None) == ()
