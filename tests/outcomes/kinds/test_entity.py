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
        "sterpus",
        "a sterpus",
        "The answer is sterpus.",
        "She is a sterpus.",
        "It must be a sterpus",
        "I think Sally is a sterpus.",
        "Sally is a sterpus and not a hilpus.",
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
        ("Sally is a hilpus or a sterpus.", "HEDGED"),
        ("hilpus", "OTHER_ENTITY_NAMED"),
        ("a wumpus", "OTHER_ENTITY_NOT_NAMED"),
        ("not a sterpus", "NEGATED"),
        ("Every sterpus is a lempus. Every hilpus is a sterpus. Every terpus is a rempus.", "NONSENSE"),
        ("Sally is a terpus. Every terpus is a rempus.", "NONSENSE"),
        ("Please tell us more.", "NONSENSE"),
        ("The sky is blue today.", "NONSENSE"),
        ("I don't know.", "NONE"),
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


@pytest.mark.parametrize(
    ("text", "expected", "ambiguous"),
    [
        ("Sally is not a hilpus, so Sally is a sterpus.", "CORRECT", False),
        ("Sally is not a hilpus; hence she is a sterpus", "CORRECT", False),
        ("Sally is not a hilpus, which means Sally is a sterpus.", "CORRECT", False),
        ("Sally is a terpus, thus a rempus, and thus a sterpus.", "CORRECT", False),
        ("Sally is a sterpus because she is not a hilpus.", "CORRECT", False),
        ("Because every rempus is a sterpus, Sally is a sterpus.", "CORRECT", False),
        ("I'm not certain, but Sally is a sterpus.", "CORRECT", True),
        ("Sally isn't a hilpus. Hence, Sally is a sterpus.", "CORRECT", True),
        ("Sally is not a sterpus, so Sally is a hilpus.", "OTHER_ENTITY_NAMED", False),
        ("Sally is a hilpus because every rempus is a sterpus.", "OTHER_ENTITY_NAMED", False),
        ("Tom is a hilpus, so Tom is a sterpus.", "OTHER_ENTITY_NAMED", False),
        ("Sally is a hilpus, so Sally is not a sterpus.", "NEGATED", True),
        ("Sally is a sterpus, so Sally is not a hilpus.", "UNEXPLAINED", True),
    ],
)
def test_the_conclusion_answers_and_a_negation_counts_in_its_own_clause(text, expected, ambiguous):
    found = classify(SALLY, text)
    assert (found.outcome, found.extraction.ambiguous) == (expected, ambiguous)


def test_a_bare_name_is_right_only_where_the_reference_says_that_a_name_is_it():
    taller = Problem(question=QUESTION, gold="Sally is taller than Tom.", kind="entity")
    assert classify(taller, "Tom").outcome is not Outcome.CORRECT
    longer = Problem(question=QUESTION, gold="Sally is a very big old sterpus.", kind="entity")
    assert classify(longer, "sterpus").outcome is Outcome.UNEXPLAINED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sterpus", "CORRECT"),
        ("a hilpus", "WRONG_OPTION"),
        ("a hilpus or a sterpus", "HEDGED"),
        ("lempus", "OTHER_ENTITY_NAMED"),
    ],
)
def test_options_that_are_sentences_are_named_by_what_they_say(text, expected):
    options = ("Sally is a hilpus.", "Sally is a sterpus.")
    whole = Problem(question=QUESTION, gold="Sally is a sterpus.", kind="entity", options=options)
    assert classify(whole, text).outcome == expected


def test_a_bare_name_that_two_options_say_is_not_right():
    options = ("Tom is a sterpus.", "Sally is a sterpus.")
    who = Problem(question=QUESTION, gold="Sally is a sterpus.", kind="entity", options=options)
    assert classify(who, "a sterpus").outcome is not Outcome.CORRECT
    assert classify(who, "Tom is a sterpus.").outcome is Outcome.WRONG_OPTION


@pytest.mark.parametrize("text", ["U.S.A.", "the U.S.A.", "u.s.a", "U. S. A.", "USA"])
def test_dots_of_initials_count_for_nothing(text):
    country = Problem(question="Who won?", gold="United States", kind="entity", aliases=("USA",))
    assert classify(country, text).outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    "text", ["We Were Soldiers", "No Country for Old Men", "every breath you take", "I think Lyon"]
)
def test_a_name_with_the_words_of_a_sentence_stays_a_name(text):
    assert classify(PARIS, text).outcome is Outcome.OTHER_ENTITY_NOT_NAMED


@pytest.mark.parametrize("text", ["Please tell us more.", "Can you rephrase that?", "Thank you for asking!"])
def test_a_sentence_that_names_nothing_is_none_of_the_names(text):
    assert classify(PARIS, text).outcome is Outcome.NONSENSE


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
