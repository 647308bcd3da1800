"""A claim whose words name one thought and whose conditions are about another is flagged, and no other one."""

from dataclasses import replace

import pytest

from ctlab.claims.evidence import evidence_flags
from ctlab.claims.named_thoughts import other_thoughts, thoughts_in
from ctlab.interventions import BASELINE, Condition
from fixtures.conditions import conditions
from hypotheses.registry import FAMILIES
from tests.claims.making import claim, runs


def condition(name, *interventions):
    return Condition.from_json({"name": name, "interventions": list(interventions)})


HIDES_CT3 = {"keys": ["CT3"], "readers": "answer"}


def said(conditions, **fields):
    given = {"baseline": BASELINE} | {each.name: each for each in conditions}
    return other_thoughts(claim(conditions=tuple(given), **fields), given)


def test_a_claim_about_another_thought_than_its_condition_is_named_once_with_all_that_says_so():
    assert said([condition("ct2_hidden", HIDES_CT3)], id="ct2-lowers", statement="Hiding CT2 lowers accuracy.") == (
        "other thoughts: hidden or replaced is CT3, and the name ct2_hidden, its id and its sentence say CT2",
    )


def test_a_loop_that_is_off_by_one_in_its_sentence_alone_is_found():
    about = said([condition("ct3_hidden", HIDES_CT3)], id="ct3-lowers", statement="Hiding CT4 lowers accuracy.")
    assert about == ("other thoughts: hidden or replaced is CT3, and its sentence says CT4",)


@pytest.mark.parametrize(
    ("interventions", "statement"),
    [
        ([HIDES_CT3], "Hiding CT3 makes CT4 another one."),  # a thought more than the condition is about
        ([HIDES_CT3], "Some thought from CT0 to CT5 is read."),
        ([HIDES_CT3], "Hiding a thought lowers accuracy."),
        ([HIDES_CT3 | {"readers": ["CT4"]}], "CT4 reads what is before it."),
        ([{"thoughts": ["CT3"], "by": "zero"}], "CT3 holds something."),
        ([{"keys": "thoughts", "readers": "answer"}], "CT1 alone does not decide."),
        ([{"keys": "question", "readers": "answer"}], "CT1 has read the question."),
    ],
)
def test_words_that_fit_are_not_flagged(interventions, statement):
    assert said([condition("treated", *interventions)], id="claim", statement=statement) == ()


def test_no_claim_of_the_suite_is_flagged():
    known = {each.name: each for each in conditions()}
    claims = [each for family in FAMILIES for each in family.claims]
    assert len(claims) > 60
    assert [flag for each in claims for flag in other_thoughts(each, known)] == []


def test_the_flag_stands_beside_the_verdict():
    given = runs()
    hides = condition("ct0_blocked", {"keys": ["CT0"], "readers": "later"}).interventions
    given["ct0_blocked"] = replace(given["ct0_blocked"], interventions=hides)
    kept = evidence_flags(claim(), given)
    assert not [flag for flag in kept if flag.startswith("other thoughts")]
    told = evidence_flags(claim(statement="Hiding CT1 lowers accuracy."), given)
    assert set(told) - set(kept) == {"other thoughts: hidden or replaced is CT0, and its sentence says CT1"}


def test_thoughts_are_read_from_names_and_sentences():
    assert thoughts_in("ct0_blocked, CT10 and CT2–CT4, not direct3 nor ct") == {0, 10, 2, 3, 4}
