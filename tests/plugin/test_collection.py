import pytest

from ctlab.claims import Claim, Direction, Family
from ctlab.lab.by_model import conditions_of
from ctlab.plugin.collection import Suite, claim_key, claims_of, find_claims, misuse_key
from ctlab.records import Control, Shows

SOURCE = """
import pytest
from tests.plugin.test_collection import FAMILY, LOWERS, OTHER, STRANGER

@pytest.fixture
def claim(): ...
@pytest.fixture
def baseline(): ...
@pytest.fixture
def ct4_blocked(): ...

"""


def claim(name, **fields):
    given = {"family": "demo", "statement": "It does.", "direction": Direction.DECREASE}
    return Claim(id=name, conditions=("baseline", "ct0_blocked"), **{**given, **fields})


LOWERS = claim("lowers", controls=(Control(condition="no_op", shows=Shows.NO_OP),))
OTHER = claim("other")
STRANGER = claim("stranger")
FAMILY = Family(name="demo", claims=(LOWERS, OTHER))
SUITE = Suite(
    families={"demo": FAMILY},
    conditions={"baseline", "ct0_blocked", "ct4_blocked", "no_op"},
    registry="hypotheses.registry",
)


@pytest.fixture
def collected(pytester):
    def make(source, suite=SUITE):
        items = pytester.getitems(SOURCE + source)
        find_claims(items, suite)
        return items

    return make


def misuse(items):
    return [item.stash.get(misuse_key, "") for item in items]


def test_a_claim_test_is_collected(collected):
    (item,) = collected("@pytest.mark.claim(LOWERS)\ndef test_it(claim, baseline): ...")
    assert item.stash[claim_key] is LOWERS
    assert misuse([item]) == [""]
    assert conditions_of(list(claims_of([item]))) == ("baseline", "ct0_blocked", "no_op")


def test_an_ordinary_test_is_left_alone(collected):
    (item,) = collected("def test_it(baseline): ...")
    assert claim_key not in item.stash
    assert misuse_key not in item.stash


def test_a_test_of_something_else_may_call_an_argument_claim(collected):
    (item,) = collected("@pytest.mark.parametrize('claim', [1])\ndef test_it(claim): ...")
    assert misuse([item]) == [""]


def test_a_parametrised_claim_is_one_claim_a_parameter(collected):
    items = collected(
        "CLAIMS = [pytest.param(each, marks=pytest.mark.claim(each), id=each.id) for each in (LOWERS, OTHER)]\n"
        "@pytest.mark.parametrize('x', CLAIMS)\n"
        "def test_it(claim, x): ..."
    )
    assert [item.stash[claim_key].id for item in items] == ["lowers", "other"]
    assert misuse(items) == ["", ""]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("@pytest.mark.claim\ndef test_it(claim): ...", "with a Claim, several or a Family, not ()"),
        ("@pytest.mark.claim('lowers')\ndef test_it(claim): ...", "several or a Family, not ('lowers',)"),
        ("@pytest.mark.claim(claim=LOWERS)\ndef test_it(claim): ...", "with a Claim, several"),
        ("@pytest.mark.claim(LOWERS, 'other')\ndef test_it(claim): ...", "Claim, several or a Family"),
        ("@pytest.mark.claim(FAMILY)\ndef test_it(): ...", "takes the fixture `claim`"),
        (
            "@pytest.mark.claim(LOWERS)\n@pytest.mark.claim(OTHER)\ndef test_it(claim): ...",
            "this one has 2 claim markers",
        ),
        ("@pytest.mark.claim(LOWERS)\ndef test_it(): ...", "takes the fixture `claim`"),
        ("@pytest.mark.claim(STRANGER)\ndef test_it(claim): ...", "'stranger' is not in the family 'demo'"),
        (
            "@pytest.mark.claim(LOWERS)\ndef test_it(claim, ct4_blocked): ...",
            "'ct4_blocked', which claim 'lowers' does not",
        ),
    ],
)
def test_misuse_names_the_rule(collected, source, message):
    (found,) = misuse(collected(source))
    assert message in found


@pytest.mark.parametrize("marked", ["FAMILY", "LOWERS, OTHER"])
def test_a_marker_of_several_claims_or_a_family_makes_a_test_of_each(collected, marked):
    items = collected(f"@pytest.mark.claim({marked})\ndef test_it(claim): ...")
    assert [item.name for item in items] == ["test_it[lowers]", "test_it[other]"]
    assert [item.stash[claim_key].id for item in items] == ["lowers", "other"]
    assert misuse(items) == ["", ""]


def test_a_claim_of_a_familys_test_is_judged_by_no_other(collected):
    own = "@pytest.mark.claim(OTHER)\ndef test_other(claim): ...\n"
    lowers, other, alone = misuse(collected(f"@pytest.mark.claim(FAMILY)\ndef test_it(claim): ...\n{own}"))
    assert (lowers, other) == ("", "")
    assert "'other' is judged by" in alone
    assert "test_it[other]" in alone


def test_a_claim_that_names_no_family_is_found_where_it_stands(collected):
    (item,) = collected(
        "import dataclasses\nNOBODYS = dataclasses.replace(LOWERS, family='')\n"
        "@pytest.mark.claim(NOBODYS)\ndef test_it(claim): ..."
    )
    assert misuse([item]) == [""]
    assert item.stash[claim_key].family == "demo"


def test_a_claim_is_judged_by_one_test(collected):
    source = "@pytest.mark.claim(LOWERS)\ndef test_{}(claim): ...\n"
    first, second = misuse(collected(source.format("a") + source.format("b")))
    assert first == ""
    assert "'lowers' is judged by" in second
    assert "test_a" in second


def test_an_edited_copy_of_a_registered_claim_is_refused(collected):
    suite = Suite(
        families={"demo": Family(name="demo", claims=(claim("lowers", margin=0.1),))},
        conditions=SUITE.conditions,
        registry="hypotheses.registry",
    )
    (found,) = misuse(collected("@pytest.mark.claim(LOWERS)\ndef test_it(claim): ...", suite))
    assert "differs from the one of the same id in hypotheses.registry" in found


def test_an_unknown_condition_is_named_with_the_known_ones(collected):
    suite = Suite(families=SUITE.families, conditions={"baseline", "no_op"}, registry="hypotheses.registry")
    (found,) = misuse(collected("@pytest.mark.claim(LOWERS)\ndef test_it(claim): ...", suite))
    assert found == "claim 'lowers' names the unknown condition 'ct0_blocked'; known: baseline, no_op"


def test_what_cannot_judge_needs_nothing_generated(collected):
    items = collected("@pytest.mark.claim(LOWERS)\ndef test_it(claim, ct4_blocked): ...")
    assert list(claims_of(items)) == []


REPEATED = """
@pytest.fixture
def __pytest_repeat_step_number(request): ...

@pytest.mark.claim(LOWERS)
@pytest.mark.parametrize("__pytest_repeat_step_number", range(3), indirect=True)
def test_it(claim, baseline, __pytest_repeat_step_number): ...
"""
"""What pytest-repeat makes of a test with ``--count=3``."""


def test_repeats_of_a_test_judge_its_claim(collected):
    items = collected(REPEATED)
    assert len(items) == 3
    assert misuse(items) == [""] * 3


def test_another_parameter_is_no_repeat(collected):
    items = collected(REPEATED.replace("__pytest_repeat_step_number", "position"))
    assert [("judged by" in words) for words in misuse(items)] == [False, True, True]


def test_another_test_is_no_repeat(collected):
    items = collected(REPEATED + "@pytest.mark.claim(LOWERS)\ndef test_again(claim, baseline): ...\n")
    assert [("judged by" in words) for words in misuse(items)] == [False, False, False, True]
