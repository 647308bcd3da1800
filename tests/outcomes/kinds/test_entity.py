import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.outcomes import Outcome, classify
from ctlab.problems import Problem

QUESTION = (
    "Every terpus is a rempus. Every rempus is a sterpus. Sally is a terpus. Tom is a hilpus. Every hilpus is a "
    "lempus. Is Sally a hilpus or a sterpus?"
)
SALLY = Problem(question=QUESTION, gold="Sally is a sterpus.", kind="entity")
OPEN = Problem(question=QUESTION, gold="Sally is a sterpus.", kind="entity", options=("hilpus", "sterpus"))
PARIS = Problem(question="What is the capital of France?", gold="Paris", kind="entity", aliases=("City of Paris",))


@pytest.mark.parametrize(
    "text",
    [
        "Sally is a sterpus.",
        "sally is  a STERPUS",
        "### Sally is a sterpus.",
        "Sally is a sterpus.<|endoftext|>Tom",
        "The answer is: Sally is a sterpus.</s>",
        "Sally is a terpus.\nEvery terpus is a rempus.\n### Sally is a sterpus.",
        "Sally is a terpus. Every terpus is a rempus. Sally is a sterpus.",
        "\N{FULLWIDTH LATIN CAPITAL LETTER S}ally is a sterpus\N{ZERO WIDTH SPACE}.",
        "Sally is not a hilpus but a sterpus.",
    ],
)
def test_the_same_words_are_right(text):
    assert classify(SALLY, text).outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "NONE"),
        ("...", "NONSENSE"),
        ("Sally is a hilpus. " * 9, "NONSENSE"),
        (QUESTION, "NONSENSE"),
        ("Sally is a hilpus.", "OTHER_ENTITY_NAMED"),
        ("Tom is a sterpus.", "OTHER_ENTITY_NAMED"),
        ("Sally is a wumpus.", "OTHER_ENTITY_NOT_NAMED"),
        ("Sally is not a sterpus.", "NEGATED"),
        ("Sally isn't a sterpus", "NEGATED"),
        ("It is not true that Sally is a sterpus.", "NEGATED"),
        ("Sally is a hilpus or a sterpus.", "OTHER_ENTITY_NAMED"),
        ("Sally is a", "UNEXPLAINED"),
        ("Sally is a sterpus is a hilpus.", "UNEXPLAINED"),
    ],
)
def test_each_answer_has_its_outcome(text, expected):
    assert classify(SALLY, text).outcome == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sally is a hilpus.", "WRONG_OPTION"),
        ("a hilpus", "WRONG_OPTION"),
        ("a sterpus", "CORRECT"),
        ("It is a sterpus", "CORRECT"),
        ("She is a sterpus.", "CORRECT"),
        ("Sally is a sterpus, not a hilpus.", "CORRECT"),
        ("It is true that Sally is a sterpus", "CORRECT"),
        ("Sally is a hilpus, not a sterpus.", "WRONG_OPTION"),
        ("Sally is not a hilpus.", "UNEXPLAINED"),
        ("It is false that Sally is a hilpus.", "UNEXPLAINED"),
        ("Sally is neither a hilpus nor a sterpus.", "NEGATED"),
        ("Sally is a lempus.", "OTHER_ENTITY_NAMED"),
        ("Sally is a hilpus or a sterpus.", "HEDGED"),
        ("either a sterpus or a hilpus", "HEDGED"),
        ("Tom is a sterpus.", "OTHER_ENTITY_NAMED"),
    ],
)
def test_options_tell_the_wrong_candidate_and_a_hedge(text, expected):
    found = classify(OPEN, text)
    assert found.outcome == expected
    assert found.extraction.ambiguous is (expected == "HEDGED")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Paris", "CORRECT"),
        ("the city of Paris", "CORRECT"),
        ("Paris. It is the capital of France.", "CORRECT"),
        ("It's Paris.", "CORRECT"),
        ("not Lyon but Paris", "CORRECT"),
        ("France", "OTHER_ENTITY_NAMED"),
        ("Lyon", "OTHER_ENTITY_NOT_NAMED"),
        ("not Paris", "NEGATED"),
        ("Paris or Lyon", "HEDGED"),
        ("St. Louis", "OTHER_ENTITY_NOT_NAMED"),
    ],
)
def test_a_bare_name(text, expected):
    assert classify(PARIS, text).outcome == expected


def test_a_negated_reference_answer_is_negated_by_its_opposite():
    never = Problem(question=QUESTION, gold="Sally is not a hilpus.", kind="entity")
    assert classify(never, "Sally is not a hilpus").outcome is Outcome.CORRECT
    assert classify(never, "Sally is a hilpus").outcome is Outcome.NEGATED


def test_a_broken_form_is_told_from_another_entity():
    assert classify(SALLY, "### Sally is a hilpus.", ["### N"]).outcome is Outcome.OTHER_ENTITY_NAMED
    assert classify(SALLY, "Sally is a hilpus.", ["### N"]).outcome is Outcome.FORM_BROKEN


@given(st.text(max_size=60))
def test_no_text_is_beyond_it(text):
    found = classify(OPEN, text)
    assert not found.failure
    assert found.outcome in Outcome


@given(st.text(min_size=1, max_size=30).filter(lambda text: any(map(str.isalnum, text))))
def test_every_reference_answer_that_is_one_line_is_read_as_itself(gold):
    plain = "".join(character for character in gold if character.isalnum() or character in " -'") or "x"
    if any(map(str.isalnum, plain)):
        assert classify(Problem(question="a?", gold=plain, kind="entity"), plain).outcome is Outcome.CORRECT
