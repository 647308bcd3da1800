"""Negations, doubts and hesitation before an answer."""

import pytest

from ctlab.outcomes import Outcome, classify
from ctlab.outcomes.kinds.doubt import negations
from ctlab.problems import Problem

TRUE = Problem(question="Is it?", gold="True", kind="boolean")
PARIS = Problem(question="What is the capital of France?", gold="Paris", kind="entity")
CHOICE = Problem(question="Which?", gold="B", kind="choice")


@pytest.mark.parametrize(
    "text",
    [
        "I don't think it's true.",
        "I don't believe it is true",
        "I doubt it is true",
        "It is unlikely to be true",
        "I disagree that it is true",
        "anything but true",
        "It would be wrong to say yes.",
        "I don't think so",
        "The answer is: I don't think so.",
        "I think not.",
        "I doubt it.",
        "It is false that it is true",
        "That is not the case.",
        "nobody thinks it is true",
        "There's no way it is true",
        "It is hard to believe it is true",
        "It isn't the case that it's true",
        "It is not possible for it to be true",
    ],
)
def test_a_negation_turns_the_word_round(text):
    found = classify(TRUE, text)
    assert (found.outcome, found.extraction.ambiguous) == (Outcome.NEGATED, False)


@pytest.mark.parametrize(
    "text",
    [
        "I think so.",
        "I don't think it is false",
        "It is unlikely to be false",
        "nothing but true",
        "all true",
        "There is no doubt that it is true",
        "Without a doubt it is true",
        "Yes, I don't think he is wrong.",
        "He is not wooden but true",
        "It is true. I don't think it is false.",
    ],
)
def test_what_is_not_negated_stays(text):
    found = classify(TRUE, text)
    assert (found.outcome, found.extraction.ambiguous) == (Outcome.CORRECT, False)


@pytest.mark.parametrize("text", ["I don't doubt it is true", "It is not unlikely that it is true"])
def test_two_negations_are_none_and_it_is_said(text):
    assert negations(text.removesuffix("true")) == 2
    found = classify(TRUE, text)
    assert (found.outcome, found.extraction.ambiguous) == (Outcome.CORRECT, True)


@pytest.mark.parametrize(
    "text",
    [
        "I am not sure, maybe Paris",
        "No one knows, but Paris",
        "I don't know, probably Paris",
        "I'm not sure but I think Paris",
        "Perhaps Paris",
        "The answer is maybe Paris.",
    ],
)
def test_a_hesitation_is_no_part_of_a_name_and_it_is_said(text):
    found = classify(PARIS, text)
    assert (found.outcome, found.extraction.ambiguous) == (Outcome.CORRECT, True)


@pytest.mark.parametrize("text", ["anything but Paris", "I doubt it is Paris", "I don't think it is Paris"])
def test_a_name_that_is_denied_is_negated(text):
    found = classify(PARIS, text)
    assert (found.outcome, found.extraction.ambiguous) == (Outcome.NEGATED, True)


def test_a_title_that_hesitates_is_read_whole():
    song = Problem(question="Which song?", gold="Maybe Baby", kind="entity")
    assert classify(song, "Maybe Baby").outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    "text",
    ["Anything but B", "All but B", "Everything but B.", "any option other than B", "I first thought B, but no."],
)
def test_an_option_that_is_left_out_is_rejected(text):
    found = classify(CHOICE, text)
    assert (found.outcome, found.extraction.ambiguous) == (Outcome.NEGATED, True)


@pytest.mark.parametrize(("text", "answer"), [("A B C", "B or C"), ("B is most tempting; however C.", "C")])
def test_several_options_are_ambiguous(text, answer):
    found = classify(CHOICE, text)
    assert (found.extraction.answer, found.extraction.ambiguous) == (answer, True)


@pytest.mark.parametrize("text", ["nothing but B", "none but B"])
def test_an_option_that_alone_is_left_is_chosen(text):
    assert classify(CHOICE, text).outcome is Outcome.CORRECT
