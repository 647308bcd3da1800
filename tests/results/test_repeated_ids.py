"""Answers to one problem that nothing tells apart: which are repeats, and what is said of them."""

import pytest

from ctlab.records.result_row import ResultRow
from ctlab.results.repeated_ids import numbered


def rows(ids, answers=None):
    answers = answers or [str(at) for at in range(len(ids))]
    return [
        ResultRow(name=f"line {at + 1}", problem=id, answer=answer)
        for at, (id, answer) in enumerate(zip(ids, answers, strict=True))
    ]


@pytest.mark.parametrize(
    ("ids", "repeats", "notes"),
    [
        ("abc", [0, 0, 0], ()),
        ("1232", [0, 0, 0, 1], ("id '2' stands twice (line 2, line 4) with different answers: counted as repeats",)),
        ("aabb", [0, 1, 0, 1], ("every id stands twice: counted as repeats",)),
        (
            "xaaaa",
            [0, 0, 1, 2, 3],
            ("id 'a' stands 4 times (line 2, line 3, line 4 …) with different answers: counted as repeats",),
        ),
        ("zz", [0, 1], ("id 'z' stands twice (line 1, line 2) with different answers: counted as repeats",)),
    ],
)
def test_ids_that_stand_several_times_are_repeats_and_are_named(ids, repeats, notes):
    told, said = numbered(rows(ids))
    assert [row.repeat for row in told] == repeats
    assert said == notes


def test_the_same_answer_twice_is_said_to_be_the_same():
    (said,) = numbered(rows("aba", ["7", "8", "7"]))[1]
    assert "with the same answer" in said


def test_of_many_ids_three_are_named():
    (said,) = numbered(rows("abcdeabcdz"))[1]
    assert said.count("stands twice") == 3
    assert "; and 1 more id: counted as repeats" in said


def test_repeats_that_the_file_tells_apart_are_not_spoken_of():
    told = [ResultRow(name=f"row {at}", problem="a", answer="", repeat=at) for at in (2, 0)]
    assert numbered(told) == (tuple(told), ())
