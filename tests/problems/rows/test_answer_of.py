import pytest

from ctlab.errors import ProblemSetError
from ctlab.inputs import WrittenNumber
from ctlab.problems.rows.answer_of import answer_of


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (7, ("number", 7)),
        ("2,125", ("number", "2,125")),
        (WrittenNumber("51.0"), ("number", "51")),
        (True, ("boolean", "true")),
        ("False", ("boolean", "false")),
        ("yes.", ("boolean", "true")),
        ("Sally is a sterpus.", ("entity", "Sally is a sterpus.")),
        ("Paris", ("entity", "Paris")),
    ],
    ids=repr,
)
def test_the_kind_of_an_answer_is_told_by_its_value(value, found):
    assert answer_of(value) == found


@pytest.mark.parametrize("value", [None, "", [3], {}, "so #### many", "1+2=<<1+2=3>>3", "Two lines\nof 3", "x" * 201])
def test_what_is_no_bare_answer_is_refused(value):
    with pytest.raises(ProblemSetError, match='an "answer"'):
        answer_of(value)
