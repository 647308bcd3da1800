"""Who says what is right, and where the tool and our reader differ."""

import pytest

from ctlab.errors import InputError
from ctlab.judging import scoring
from ctlab.judging.paired_rows import match
from ctlab.judging.scoring import score
from tests.judging.rows import results

LETTERS = ("A", "B")


def pairs(first, second):
    return match(results(first), results(second), LETTERS).pairs


def rows(*answers, gold="18", scores=None):
    scores = scores or [None] * len(answers)
    return [{"answer": answer, "gold": gold, "score": value} for answer, value in zip(answers, scores, strict=True)]


def test_the_tool_decides_where_it_scored_everything():
    found = score(pairs(rows("#### 18", scores=[0.0]), rows("#### 5", scores=[1.0])), LETTERS)
    assert (found.way, found.before, found.after) == ("tool", ((0.0,),), ((1.0,),))
    assert found.compared == 2
    assert [(each.letter, each.row.score, each.right) for each in found.disagreements] == [
        ("A", 0.0, True),
        ("B", 1.0, False),
    ]


def test_our_reading_decides_where_it_is_asked_for_or_alone():
    asked = score(pairs(rows("#### 18", scores=[0.0]), rows("#### 5", scores=[1.0])), LETTERS, way="ours")
    alone = score(pairs(rows("#### 18"), rows("#### 5")), LETTERS)
    for found in (asked, alone):
        assert (found.way, found.kind, found.before, found.after) == ("ours", "number", ((1.0,),), ((0.0,),))


def test_the_gold_of_one_file_serves_both():
    second = [{"answer": "#### 18"}]
    assert score(pairs(rows("#### 17"), second), LETTERS).after == ((1.0,),)


def test_any_of_several_golds_is_right():
    assert score(pairs(rows("#### 18", gold=("17", "18")), rows("#### 3", gold=("17", "18"))), LETTERS).before == (
        (1.0,),
    )


def test_an_answer_that_failed_is_no_wrong_answer():
    """Some tools give it a score of 0 all the same."""
    failed = {"answer": "", "gold": "18", "score": 0.0, "failure": "timeout"}
    first = [*rows("#### 18", "#### 18", scores=[1.0, 1.0]), failed]
    found = score(pairs(first, rows("#### 18", "#### 18", "#### 18", scores=[1.0] * 3)), LETTERS)
    assert (len(found.pairs), found.left_out) == (2, 1)
    assert found.notes == ("left out: 1 answer of A (line 3): something went wrong there, which is no wrong answer",)


def test_scores_that_are_mostly_there_are_kept_and_the_others_left_out():
    first = rows("#### 18", "#### 18", "#### 18", scores=[1.0, 1.0, None])
    found = score(pairs(first, rows("1", "2", "3", scores=[0.0, 0.0, 0.0])), LETTERS)
    assert (found.way, found.left_out, found.notes) == (
        "tool",
        1,
        ("left out: 1 answer of A (line 3): no score, or NaN, which is neither right nor wrong",),
    )


def test_our_reading_decides_where_one_file_has_no_score_at_all():
    """However many more rows the other has."""
    first = rows("#### 18", "#### 18", "#### 18", scores=[1.0] * 3)
    failed = [{"answer": "hm", "gold": "18", "failure": "timeout"}]
    found = score(pairs(first, [*rows("#### 18", "#### 5"), *failed]), LETTERS)
    assert (found.way, found.after) == ("ours", ((1.0,), (0.0,)))


def test_shares_of_a_point_are_compared_where_no_gold_is():
    found = score(pairs([{"score": 0.25}], [{"score": 0.75}]), LETTERS)
    assert (found.way, found.before, found.after) == ("tool", ((0.25,),), ((0.75,),))


def test_a_file_of_scores_alone_is_not_read():
    first = [{"score": 1.0, "gold": "18"}]
    found = score(pairs(first, rows("#### 18", scores=[1.0])), LETTERS)
    assert (found.compared, found.disagreements) == (1, ())
    with pytest.raises(InputError, match="A holds scores and no answers that could be read"):
        score(pairs(first, rows("#### 18", scores=[1.0])), LETTERS, way="ours")


def test_ambiguous_readings_are_counted_where_they_decide():
    sides = pairs(rows("The answer is 18 or 19", scores=[1.0]), rows("#### 18", scores=[1.0]))
    assert score(sides, LETTERS).notes == ()
    assert score(sides, LETTERS, way="ours").notes == (
        "1 answer is ambiguous: a careful person would hesitate how to read them",
    )


def test_of_very_many_a_sample_is_read_beside_the_tool(monkeypatch):
    monkeypatch.setattr(scoring, "READ_BESIDE", 10)
    many = [f"#### {n}" for n in range(40)]
    sides = pairs(rows(*many, scores=[0.0] * 40), rows(*many, scores=[0.0] * 40))
    assert score(sides, LETTERS).compared == 10
    assert score(sides, LETTERS, way="ours").compared == 80


@pytest.mark.parametrize(
    ("first", "second", "options", "said"),
    [
        ([{"answer": "1"}], [{"answer": "1"}], {}, "neither scores nor reference answers are in A and B"),
        ([{"score": 3.0}], [{"score": 1.0}], {}, "line 1 has the score 3, and scores from 0 to 1 are compared"),
        ([{"score": 1.0}], [{"score": 1.0}], {"way": "ours"}, "neither A nor B says the reference answers"),
        ([{"score": 1.0}], [{"score": 1.0}], {"way": "theirs"}, "scored by tool or ours, not by 'theirs'"),
        (rows("1"), rows("1"), {"kind": "letters"}, "there is no answer kind 'letters'"),
    ],
)
def test_what_says_nothing_of_right_and_wrong_is_one_sentence(first, second, options, said):
    with pytest.raises(InputError) as caught:
        score(pairs(first, second), LETTERS, **options)
    assert said in str(caught.value)


def test_right_and_wrong_are_those_of_the_classifier():
    """Questions are left out where numbers are read, to save memory; right and wrong must not depend on it."""
    from ctlab.outcomes import classify
    from ctlab.problems import Problem

    answers = ["#### 18", "A: 18.0", "", "eighteen", "She has 18 eggs, so 3*6=18.", "18 or 19", "$18.00", "-18", "  "]
    found = score(pairs(rows(*answers), rows(*answers)), LETTERS)
    problem = Problem(question="Janet has 18 eggs and sells 3. How many?", gold="18")
    right = [classify(problem, text).outcome == "CORRECT" for text in answers]
    assert [side[0] == 1.0 for side in found.before] == right
    assert {True, False} == set(right)
