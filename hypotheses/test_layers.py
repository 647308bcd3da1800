"""Where inside the network a thought's result is, by what the answer does when it is exchanged there."""

import pytest

from ctlab.claims import Verdict
from ctlab.measures import DIFFERENCE_OF_SHARES, EXCHANGED, EXCHANGES_AT_LAYERS, exchanged_layers, follows_more
from ctlab.statistics import measured_mean, some_measured_mean
from hypotheses.registry import LAYERS

pytestmark = pytest.mark.wide


@pytest.mark.claim(LAYERS["exchanging-a-residual-stream-exchanges-the-answer"])
def test_exchanging_a_residual_stream_exchanges_the_answer(claim, baseline, each_residual_matched):
    effect = some_measured_mean(
        exchanged_layers(each_residual_matched),
        claim,
        asks=EXCHANGES_AT_LAYERS,
        labels=EXCHANGED,
        bounds=DIFFERENCE_OF_SHARES,
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(LAYERS["values-carry-the-result-beyond-keys"])
def test_values_carry_the_result_beyond_keys(claim, baseline, ct1_values_matched, ct1_keys_matched):
    effect = measured_mean(follows_more(ct1_values_matched, ct1_keys_matched), claim, bounds=DIFFERENCE_OF_SHARES)
    assert claim.judge(effect) == Verdict.SUPPORTED
