"""Groups of problems: each with its verdict, and whether they differ at all."""

import random

import pytest

from ctlab.errors import InputError
from ctlab.judging import judge_results
from ctlab.judging.by_field import _p_alike
from ctlab.records import Verdict


def files(losses, n=100):
    """Two files of groups of which each loses this many problems, and gains none."""
    sides = [[], []]
    for level, lost in losses.items():
        for place in range(n):
            for side, right in zip(sides, (True, place >= lost), strict=True):
                side.append({"id": f"{level}-{place}", "score": right, "level": level, "place": place})
    return sides


def test_each_group_is_judged_and_groups_that_differ_are_said_to():
    found = judge_results(*files({"easy": 0, "hard": 40}), by="level").grouped
    assert [(group.value, group.verdict) for group in found.groups] == [
        ("easy", Verdict.INCONCLUSIVE),
        ("hard", Verdict.SUPPORTED),
    ]
    assert found.p_alike == pytest.approx(1 / 2000)
    assert "not the same in all groups" in found.note
    assert found.groups[1].rates == (1.0, 0.6)


def test_groups_that_lose_alike_are_not_said_to_differ():
    found = judge_results(*files({1: 20, 2: 21, 10: 19}), by="level").grouped
    assert [group.value for group in found.groups] == ["1", "2", "10"]
    assert found.p_alike > 0.5
    assert "a verdict here and none there is no difference between groups" in found.note


def test_small_groups_decide_nothing():
    found = judge_results(*files({"few": 30}, n=40), *[], by="level").grouped
    assert [group.verdict for group in found.groups] == [Verdict.INCONCLUSIVE]


def test_problems_without_a_value_are_a_group_of_their_own():
    sides = files({"easy": 10})
    for side in sides:
        side += [{"id": place, "score": 1} for place in range(60)]
    assert [group.value for group in judge_results(*sides, by="level").grouped.groups] == ["easy", "(none)"]


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("colour", "no row has the field 'colour' (--by); of fields with at most 20 values there are 'level'"),
        ("place", "the field 'place' has 100 values, and at most 20 are groups; of such fields there are 'level'"),
    ],
)
def test_a_field_that_makes_no_groups_is_refused(field, said):
    with pytest.raises(InputError) as caught:
        judge_results(*files({"easy": 10}), by=field)
    assert said in str(caught.value)


@pytest.mark.slow
def test_p_of_groups_that_are_drawn_alike_is_uniform():
    """A permutation p errs as often as it says: of 200 samples 5 % are 10 ± 3."""
    chance, small = random.Random(5), 0
    for _ in range(200):
        sides = [[], []]
        for place in range(120):
            for side in sides:
                side.append({"id": place, "score": chance.random() < 0.5, "level": place % 3})
        differences = [float(b["score"]) - float(a["score"]) for a, b in zip(*sides, strict=True)]
        small += _p_alike(differences, [place % 3 for place in range(120)], 3) <= 0.05
    assert 2 <= small <= 20
