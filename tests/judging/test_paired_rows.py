"""Which answers belong together: by id, question or place, and nothing where they contradict each other."""

import pytest

from ctlab.errors import InputError
from ctlab.judging.paired_rows import match
from tests.judging.rows import results, scored

LETTERS = ("A", "B")


def test_ids_are_matched_in_any_order_and_what_is_alone_is_named():
    first = results([{"problem": name} for name in "abc"])
    second = results([{"problem": name} for name in "dca"])
    found = match(first, second, LETTERS)
    assert (found.how, [pair.problem for pair in found.pairs]) == ("id", ["a", "c"])
    assert found.alone == (("b",), ("d",))


def test_repeats_of_a_problem_are_one_pair():
    first = results([{"problem": name, "repeat": repeat} for name in "ab" for repeat in range(3)])
    found = match(first, results([{"problem": "b"}, {"problem": "a"}]), LETTERS)
    assert [(len(pair.before), len(pair.after)) for pair in found.pairs] == [(3, 1), (3, 1)]


def test_ids_that_stand_for_other_questions_give_way_to_questions():
    """One tool counts from 0 and another from 1: all ids but one are in both files, and each is another problem."""
    texts = [f"How many are {n} and {n}?" for n in range(6)]
    first = results([{"problem": str(n), "question": text} for n, text in enumerate(texts)])
    second = results([{"problem": str(n + 1), "question": f"{text} "} for n, text in enumerate(texts)])
    found = match(first, second, LETTERS)
    assert found.how == "question"
    assert [(pair.before[0].problem, pair.after[0].problem) for pair in found.pairs] == [
        (str(n), str(n + 1)) for n in range(6)
    ]
    assert found.notes == ("matched by question, because one id stands for different questions in the two files",)


def test_few_shared_ids_give_way_to_shared_questions():
    first = results([{"problem": str(n), "question": f"Question {n}?"} for n in range(10)])
    second = results([{"problem": f"x{n}" if n else "0", "question": f"Question {n}?"} for n in range(10)])
    found = match(first, second, LETTERS)
    assert (found.how, len(found.pairs)) == ("question", 10)
    assert found.notes == ("matched by question, because most ids are in one file alone",)


def test_a_prompt_that_holds_the_question_is_the_same_question():
    first = results([{"problem": "1", "question": "Who is it?"}])
    second = results([{"problem": "1", "question": "Question: Who  is it?\nAnswer:"}])
    assert match(first, second, LETTERS).how == "id"
    assert match(results([{"problem": "1", "question": "Who is..."}]), second, LETTERS).how == "id"


def test_other_questions_without_a_way_out_are_refused():
    first = results([{"problem": "1", "question": "Who?"}, {"problem": "2", "question": "Where?"}])
    second = results([{"problem": "1", "question": "What?"}, {"problem": "2"}])
    with pytest.raises(InputError, match="problem '1' is 'Who\\?' in A and 'What\\?' in B: these are other problems"):
        match(first, second, LETTERS)


def test_gold_answers_that_mostly_differ_are_another_set():
    first = results([{"problem": str(n), "gold": str(n)} for n in range(10)])
    second = results([{"problem": str(n), "gold": str(n + 1)} for n in range(10)])
    with pytest.raises(InputError, match=r"10 of 10 \(100.0 %\) reference answers differ .* matched by id"):
        match(first, second, LETTERS)


def test_a_gold_that_was_mended_is_said_and_no_more():
    first = results([{"problem": str(n), "gold": str(n)} for n in range(10)])
    second = results([{"problem": str(n), "gold": "99" if n == 3 else f"so it is #### {n}"} for n in range(10)])
    found = match(first, second, LETTERS)
    assert len(found.pairs) == 10
    assert found.notes == (
        "the reference answers of 1 problem differ between the files, such as '3' and '99' of problem '3'",
    )


def test_places_match_only_where_both_files_have_nothing_else_and_the_same_length():
    found = match(scored([1, 0], positional=True), scored([0, 0], positional=True), LETTERS)
    assert found.how == "position"
    assert "nothing in the files shows that both are in the same order" in found.notes
    with pytest.raises(InputError, match="A has 2 of them and B 3, so that their places say nothing"):
        match(scored([1, 0], positional=True), scored([0, 0, 1], positional=True), LETTERS)
    with pytest.raises(InputError, match="in B no column names the problems, in the other file one does"):
        match(scored([1, 0, 1]), scored([0, 0], positional=True), LETTERS)


def test_ids_that_are_places_match_places():
    first = results([{"problem": str(n), "score": n % 2} for n in (2, 0, 1)])
    found = match(first, scored([0, 1, 0], positional=True), LETTERS)
    assert found.how == "position"
    assert [(pair.before[0].problem, pair.after[0].problem) for pair in found.pairs] == [
        ("2", "2"),
        ("0", "0"),
        ("1", "1"),
    ]


def test_one_other_gold_shows_that_places_are_shifted():
    first = results([{"gold": str(n)} for n in range(10)], positional=True)
    second = results([{"gold": "7" if n == 3 else str(n)} for n in range(10)], positional=True)
    with pytest.raises(InputError, match="another order"):
        match(first, second, LETTERS)


def test_files_of_two_sets_share_nothing():
    with pytest.raises(InputError, match=r"A and B share no problem id .* and no question; give files of one problem"):
        match(results([{"problem": "a"}]), results([{"problem": "b"}]), LETTERS)
