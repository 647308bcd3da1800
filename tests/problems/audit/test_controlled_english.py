import pytest

from ctlab.problems.audit.controlled_english import read_fact, read_question, stem


def test_facts_rules_and_what_is_asked():
    asked = read_question(
        "Every lempus is a yumpus. Numpuses are not wooden. Each impus is an opaque. Max is a vumpus. "
        "Polly is not shy. Is Max a yumpus or an impus?"
    )
    assert (asked.who, asked.facts) == ("Max", (("vumpus", True),))
    assert asked.rules == (("lempus", ("yumpus", True)), ("numpus", ("wooden", False)), ("impus", ("opaque", True)))
    assert asked.options == (("yumpus", True), ("impus", True))
    assert ("polly", "shy") in asked.said


def test_a_statement_that_is_true_or_false():
    asked = read_question("Max is shy. True or false: Max is not shy.")
    assert asked.options == (("shy", False),)


@pytest.mark.parametrize(
    "question",
    [
        "How many cards has Max?",
        "Max is a vumpus.",
        "Max is a vumpus. Max likes cards. Is Max a yumpus or an impus?",
        "Is greed the most prevalent of the Seven Deadly Sins?",
        "",
    ],
)
def test_other_questions_are_left_alone(question):
    assert read_question(question) is None


@pytest.mark.parametrize(
    ("words", "term"),
    [
        (("numpus", "Numpuses", "numpuses"), "numpus"),
        (("cat", "cats"), "cat"),
        (("butterfly", "butterflies"), "butterfly"),
        (("luminous",), "luminous"),
        (("fox", "foxes"), "fox"),
        (("grass",), "grass"),
    ],
)
def test_singular_and_plural_are_one_term(words, term):
    assert {stem(word) for word in words} == {term}


def test_a_step_is_a_fact_with_its_full_stop_or_without():
    assert read_fact("Sally is not an impus") == read_fact(" Sally is not an impus.") == ("Sally", ("impus", False))
    assert read_fact("Every lempus is a yumpus.") is None
