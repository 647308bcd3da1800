import pytest

from ctlab.lab.other_answers import about_other_answers
from ctlab.problems import Problem, ProblemSet
from ctlab.records.fields import Fields
from tests.claims.making import claim

ENTITIES = ProblemSet(
    "told", [Problem(question="a?", gold="a fig", kind="entity", fields=Fields({"steps": ["one", "two"]}))]
)
NUMBERS = ProblemSet("counted", [Problem(question="How many?", gold=3)])


@pytest.mark.parametrize(
    ("fields", "problems", "said"),
    [
        (
            {"outcome": "CALC_ERROR"},
            ENTITIES,
            "needs answers that are a number, for “calculation error”; answers to told are of the kind entity",
        ),
        (
            {"outcome": "OTHER_ENTITY_NAMED"},
            NUMBERS,
            "needs answers that are an entity, for “other entity, named in the question”; answers to counted are of "
            "the kind number",
        ),
        (
            {"feature": "n_operations >= 3"},
            ENTITIES,
            "needs the feature 'n_operations >= 3', which no problem of told has; answers to told are of the kind "
            "entity",
        ),
        (
            {"feature": "has_fractions"},  # False of every such question: there are no two groups to compare
            ENTITIES,
            "needs the feature 'has_fractions', which no problem of told has; answers to told are of the kind entity",
        ),
        (
            {"feature": "n_hops"},
            NUMBERS,
            "needs the feature 'n_hops', which no problem of counted has; answers to counted are of the kind number",
        ),
        (
            {"outcome": "WRONG_ITEM"},
            NUMBERS,
            "needs answers that are a set or a sequence, for “wrong item”; answers to counted are of the kind number",
        ),
    ],
)
def test_a_claim_about_other_answers_says_which_it_needs(fields, problems, said):
    assert about_other_answers(claim(**fields), problems) == said


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({}, ENTITIES),
        ({"outcome": "NONSENSE"}, ENTITIES),
        ({"outcome": "OTHER_ENTITY_NAMED"}, ENTITIES),
        ({"feature": "n_hops"}, ENTITIES),
        ({"feature": "n_tokens"}, ENTITIES),
        ({"outcome": "CALC_ERROR"}, NUMBERS),
        ({"feature": "n_operations"}, NUMBERS),  # without a worked solution: its statistic says what is missing
        ({"feature": "of_a_suite_s_own"}, ENTITIES),
    ],
)
def test_other_claims_meet_no_obstacle(fields, problems):
    assert about_other_answers(claim(**fields), problems) == ""
