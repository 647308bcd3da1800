"""Holm over several questions."""

import pytest

from ctlab.judging.paired_scores import PairedScores
from ctlab.judging.question import differ
from ctlab.judging.step_down import holm, step_down
from ctlab.records import Verdict


def test_adjusted_p_is_that_of_statsmodels():
    from statsmodels.stats.multitest import multipletests

    values = [0.01, 0.04, 0.03, 0.005, 0.6]
    expected = multipletests(values, method="holm")[1]
    assert [holm(dict(enumerate(values)))[place] for place in range(5)] == pytest.approx(list(expected))


def scores(lost, gained, n=400):
    before = [(1.0,)] * lost + [(0.0,)] * (n - lost)
    after = [(0.0,)] * lost + [(1.0,)] * gained + [(0.0,)] * (n - lost - gained)
    return PairedScores.of(before, after)


def test_each_question_is_judged_at_the_level_that_is_left():
    asked = [
        (differ("A", letter), part)
        for letter, part in zip("BCD", (scores(9, 9), scores(40, 5), scores(14, 3)), strict=True)
    ]
    found = step_down(asked, 0.05)
    assert [decision.alpha for decision, _ in found] == pytest.approx([0.05, 0.05 / 3, 0.05 / 2])
    assert [decision.verdict for decision, _ in found] == [Verdict.INCONCLUSIVE, Verdict.SUPPORTED, Verdict.SUPPORTED]


def test_after_the_first_that_is_not_shown_the_level_stays():
    # p = .0213 of each: beyond .05 / 3, below .05 / 2 and .05.
    asked = [(differ("A", letter), scores(12, 3)) for letter in "BCD"]
    found = step_down(asked, 0.05)
    assert {decision.alpha for decision, _ in found} == {0.05 / 3}
    assert {decision.verdict for decision, _ in found} == {Verdict.INCONCLUSIVE}
    assert all(adjusted > 0.05 for _, adjusted in found)


def test_a_question_alone_is_judged_as_it_is():
    ((decision, adjusted),) = step_down([(differ("A", "B"), scores(14, 3))], 0.05)
    assert (decision.alpha, adjusted) == (0.05, decision.effect.p_value)
