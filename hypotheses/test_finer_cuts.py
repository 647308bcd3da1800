"""CT0 hidden in one attention head, and from itself."""

import pytest

from ctlab.claims import Verdict
from ctlab.statistics import cochran_q, stronger
from hypotheses.registry import FINER_CUTS


@pytest.mark.claim(FINER_CUTS["heads-differ"])
def test_heads_differ(claim, ct0_heads):
    effect = cochran_q(ct0_heads, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(FINER_CUTS["ct0-reads-itself"])
def test_ct0_reads_itself(claim, baseline, ct0_blocked_itself, ct0_blocked):
    effect = stronger(ct0_blocked_itself, ct0_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
