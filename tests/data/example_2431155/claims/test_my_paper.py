import pytest
from claims.registry import CT1_MATTERS_MORE

from ctlab.claims import Verdict
from ctlab.statistics import stronger


@pytest.mark.claim(CT1_MATTERS_MORE)
def test_ct1_matters_more(claim, ct1_from_answer, ct5_from_answer):
    effect = stronger(ct1_from_answer, ct5_from_answer, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
