import numpy as np
import pytest

from ctlab.claims import Direction, Kind, judge
from ctlab.errors import RegistryError
from ctlab.statistics import most_in_sweep
from tests.claims.kinds.making_kinds import ALPHA, claim, promise
from tests.statistics.fake_runs import Question
from tests.statistics.many.test_all_cells import outcomes
from tests.statistics.many.test_most import swept

MOST = claim(kind=Kind.MOST, margin=0.05, conditions=("baseline",))
ASKED = Question("decrease", margin=0.05, alpha=ALPHA)


def judged(*effects, **options):
    return judge(MOST, most_in_sweep(swept(outcomes(effects=effects, n=1000, **options)), ASKED), alpha=ALPHA)


def test_it_says_where_and_that_others_picked():
    found = judged(0.0, 0.0, 0.0, 0.3)
    assert found.verdict == "SUPPORTED"
    assert found.noun == "difference in the rate of “correct” at CT0, layer 1, head 1, which other problems picked"
    assert found.null == "rate of “correct” at CT0, layer 1, head 1 minus rate under baseline ≥ −5.0 points"
    assert "which is too large on average." in found.why
    assert "It moves the rate more than every other cell: further than the next, CT0, " in found.why
    assert found.effect.n == 500


def test_two_cells_that_lose_alike_are_not_told_apart():
    found = judged(0.0, 0.3, 0.0, 0.3, 0.3, 0.3)
    assert found.verdict == "SUPPORTED"
    assert "That it moves the rate more than every other cell is not shown: " in found.why


def test_cells_that_change_nothing_refute_it():
    right = np.repeat(outcomes(n=1000)[:1], 13, axis=0)
    found = judge(MOST, most_in_sweep(swept(right), ASKED), alpha=ALPHA)
    assert found.verdict == "REFUTED"
    assert "0.0 points, which is too large" in found.why


def test_half_of_few_problems_decides_nothing():
    found = judge(MOST, most_in_sweep(swept(outcomes(n=98, effects=(0.6,))), ASKED), alpha=ALPHA)
    assert found.verdict == "INCONCLUSIVE"
    assert promise(MOST, n=98).note.startswith("nothing: 49 problems")


def test_the_plan_is_that_of_half_of_the_problems():
    of_all, of_half = promise(claim(margin=0.05), n=659), promise(MOST, n=1319)
    assert of_half.detectable == of_all.detectable
    assert of_half.note == "beyond 5.0 points, of the picked cell, by the half of 659 problems that does not pick it"


def test_what_a_sweep_cannot_say_is_refused():
    with pytest.raises(RegistryError, match="judged by its right answers"):
        claim(kind=Kind.MOST, outcome="CALC_ERROR")
    for direction in (Direction.CHANGE, Direction.EQUIVALENT):
        with pytest.raises(RegistryError):
            claim(direction, kind=Kind.MOST, margin=0.05 if direction == Direction.EQUIVALENT else 0.0)
    with pytest.raises(RegistryError, match="margin"):
        claim(kind=Kind.MOST, margin=5)
