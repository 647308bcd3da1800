import pytest

from ctlab.records.gathered_generations import GatheredGenerations
from ctlab.records.generation import Generation
from ctlab.records.packed_generations import PackedGenerations

IDS = ("p0", "p1", "p2", "p3")


def part(text, *ids):
    return PackedGenerations.of([Generation(problem_id=each, token_ids=(1,), text=f"{text} {each}") for each in ids])


def test_parts_in_whatever_order_become_a_run_in_the_order_of_places():
    found = GatheredGenerations(4)
    found.put(part("a", "p3", "p1"), 0, [3, 1])
    assert found.lacking() == [0, 2]
    found.put(part("b", "other", "p0", "p2"), 1, [0, 2])
    assert found.lacking() == []
    packed = found.packed(IDS)
    assert [each.text for each in packed] == ["b p0", "a p1", "b p2", "a p3"]
    assert packed.ids is IDS


@pytest.mark.parametrize("own_first", [True, False])
def test_what_stands_in_counts_for_less_whenever_it_comes(own_first):
    found = GatheredGenerations(4)
    own, other = (part("own", "p0", "p1"), [0, 1], False), (part("other", "p1", "p2", "p3"), [1, 2, 3], True)
    for answers, places, stands_in in (own, other) if own_first else (other, own):
        found.put(answers, 0, places, stands_in=stands_in)
    assert [each.text for each in found.packed(IDS)] == ["own p0", "own p1", "other p2", "other p3"]


def test_a_problem_that_nobody_asked_is_left_out_and_the_later_of_two_answers_counts():
    found = GatheredGenerations(2)
    found.put(part("a", "p0", "x", "p1"), 0, [0, -1, 1])
    found.put(part("b", "p1"), 0, [1])
    found.put(part("c", "y"), 0, [-1])
    assert [each.text for each in found.packed(IDS[:2])] == ["a p0", "b p1"]


def test_of_two_that_stand_in_the_later_counts_too():
    found = GatheredGenerations(1)
    found.put(part("a", "p0"), 0, [0], stands_in=True)
    found.put(part("b", "p0"), 0, [0], stands_in=True)
    assert [each.text for each in found.packed(IDS[:1])] == ["b p0"]
