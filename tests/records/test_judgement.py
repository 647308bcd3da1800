import json

import pytest

from ctlab.claims import judge
from ctlab.records import Judgement
from ctlab.statistics import paired_difference
from tests.claims.making import ALPHA, claim

SENTENCES = ("why", "outlook", "null", "compared", "counts", "noun")
OPEN = judge(claim(), paired_difference(40, 25, 1319, alternative="less", alpha=ALPHA), alpha=ALPHA)


def test_round_trip_through_json():
    assert Judgement.from_json(json.loads(json.dumps(OPEN.to_json()))) == OPEN
    assert all(getattr(OPEN, name) for name in SENTENCES)


@pytest.mark.parametrize("name", SENTENCES)
def test_a_row_from_before_there_were_sentences_is_read(name):
    row = {field: value for field, value in OPEN.to_json().items() if field != name}
    assert getattr(Judgement.from_json(row), name) == (None if name == "compared" else "")
