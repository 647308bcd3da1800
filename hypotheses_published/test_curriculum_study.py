"""What the curriculum study claims of four models, judged from what it published answer by answer."""

import pytest

from ctlab.claims import Verdict
from hypotheses_published.registry import (
    PAUSE_AGAINST_COCONUT,
    PAUSE_OUT_OF_DISTRIBUTION,
    RECYCLED_CONTENT,
    SEQUENTIAL_PASSES,
    WRITTEN_AGAINST_COCONUT,
)


@pytest.mark.claim(PAUSE_AGAINST_COCONUT)
def test_pause_against_coconut(claim):
    assert claim.judge(claim.effect()) == Verdict.SUPPORTED


@pytest.mark.claim(PAUSE_OUT_OF_DISTRIBUTION)
def test_pause_out_of_distribution(claim):
    assert claim.judge(claim.effect()) == Verdict.SUPPORTED


@pytest.mark.claim(RECYCLED_CONTENT)
def test_recycled_content(claim):
    assert claim.judge(claim.effect()) == Verdict.SUPPORTED


@pytest.mark.claim(SEQUENTIAL_PASSES)
def test_sequential_passes(claim):
    assert claim.judge(claim.effect()) == Verdict.SUPPORTED


@pytest.mark.claim(WRITTEN_AGAINST_COCONUT)
def test_written_against_coconut(claim):
    assert claim.judge(claim.effect()) == Verdict.SUPPORTED
