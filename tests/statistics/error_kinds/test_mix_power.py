import numpy as np
import pytest

from ctlab.statistics.error_kinds import mix_power
from ctlab.statistics.error_kinds.mix_power import problems_for_power, together_power

SHIFTED = np.array([[60.0, 30, 0], [10, 60, 0], [0, 20, 220]])
"""Label A or B or correct, before (rows) and after (columns): A turns into B more often than B into A."""


def test_the_short_way_finds_what_resampling_every_table_finds(monkeypatch):
    quick = together_power(SHIFTED, 0.01, 0.0)
    monkeypatch.setattr(mix_power, "_NEAR", 1e9)
    assert quick == pytest.approx(together_power(SHIFTED, 0.01, 0.0), abs=0.015)


def test_more_problems_reach_what_one_sample_does_not():
    power = together_power(SHIFTED / 2, 0.01, 0.0)
    needed = problems_for_power(SHIFTED / 2, 0.01, 0.0, power)
    assert power < 0.8
    assert together_power(SHIFTED / 2, 0.01, 0.0, times=needed / 200) >= 0.8


def test_a_margin_takes_more():
    assert together_power(SHIFTED, 0.01, 0.1) < together_power(SHIFTED, 0.01, 0.0)


def test_nothing_wrong_under_both_is_never_supported():
    assert together_power(np.diag([0.0, 0.0, 100.0]), 0.05, 0.0) == 0.0
    assert problems_for_power(np.diag([50.0, 50.0, 100.0]), 0.05, 0.0, 0.0) is None
