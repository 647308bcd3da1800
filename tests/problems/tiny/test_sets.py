"""Later embedded sets: announced before they are drawn, then drawn apart from earlier ones by the same generator."""

from collections import Counter

import pytest

from ctlab.errors import ProblemSetError
from ctlab.problems import announced, load_problems, to_be_drawn
from ctlab.problems.tiny import embedded_set
from ctlab.problems.tiny.drawing import SIZE, drawn_stories
from ctlab.problems.tiny.seeds import SEEDS

FOR_TESTS = "a seed of the tests, which is nobody's set"


@pytest.fixture(scope="module")
def drawn():
    return drawn_stories(SEEDS["tiny-2"] or FOR_TESTS, embedded_set.chains())


def test_it_shares_no_question_and_no_chain_with_the_first(drawn):
    first = embedded_set.rows("tiny")
    assert len(drawn) == len(first) == SIZE
    assert not {story.question for story in drawn} & {row["question"] for row in first}
    assert not {story.chain for story in drawn} & embedded_set.chains()
    assert len({story.question for story in drawn}) == len({story.chain for story in drawn}) == SIZE


def test_apart_from_nothing_they_would_share_chains():
    """Without the exclusion there would be an overlap, so that the test above can fail."""
    assert {story.chain for story in drawn_stories(FOR_TESTS)} & embedded_set.chains()


def test_it_has_as_many_problems_of_each_number_of_operations(drawn):
    first = Counter(row["answer"].count("<<") for row in embedded_set.rows("tiny"))
    assert Counter(len(story.equations) for story in drawn) == first


def test_the_same_seed_draws_the_same_and_another_one_others():
    assert drawn_stories(FOR_TESTS) == drawn_stories(FOR_TESTS)
    assert drawn_stories(FOR_TESTS)[0] != drawn_stories(FOR_TESTS + ".")[0]


def test_before_it_is_drawn_it_has_a_name_and_no_problems(monkeypatch):
    monkeypatch.setitem(SEEDS, "tiny-2", "")
    assert to_be_drawn("tiny-2")
    with pytest.raises(ProblemSetError, match="'tiny-2' have not been drawn yet"):
        load_problems("tiny-2")
    words = announced("tiny-2")
    assert words.startswith("tiny-2: 1319 problems drawn by source ")
    monkeypatch.setitem(SEEDS, "tiny-2", FOR_TESTS)
    assert not to_be_drawn("tiny-2")
    assert announced("tiny-2") == words, "what was announced does not depend on the seed"
    assert announced("tiny-2", 60) == f"{words}, the first 60"


def test_sets_from_elsewhere_are_never_announced():
    assert announced("gsm8k") == ""
    assert not to_be_drawn("gsm8k")
    assert not to_be_drawn("tiny")


each_later = pytest.mark.parametrize("name", [name for name, seed in SEEDS.items() if seed and name != "tiny"])


@each_later
def test_the_shipped_file_is_what_the_generator_draws(name):
    drawn = [{"question": story.question, "answer": story.solution} for story in embedded_set.stories(name)]
    assert drawn == embedded_set.rows(name)


@each_later
def test_a_later_set_shares_no_question_and_no_chain_with_those_before_it(name):
    before = list(SEEDS)[: list(SEEDS).index(name)]
    questions = {row["question"] for row in embedded_set.rows(name)}
    for earlier in before:
        assert not questions & {row["question"] for row in embedded_set.rows(earlier)}
        assert not embedded_set.chains(name) & embedded_set.chains(earlier)
