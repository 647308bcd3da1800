"""What is wrong with a claim, a control or a family is said where it is written, in one sentence with its name."""

import pytest

from ctlab.claims import Claim, Control, Direction, Family, Kind, Shows, Verdict
from ctlab.claims.constructed import unfit_for_its_kind
from ctlab.errors import RegistryError
from ctlab.interventions import Condition
from tests.claims.making import claim

NO_OP = Control(condition="no_op", shows=Shows.NO_OP)
SIDED = {"kind": Kind.NOT_ALL_EQUAL, "conditions": ("baseline", "a", "b")}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "differnce"}, "there is no kind 'differnce'; did you mean 'difference'? There are difference, equi"),
        ({"kind": ["difference"]}, "there is no kind ['difference']; there are difference, "),
        ({"direction": "decreases"}, "there is no direction 'decreases'; did you mean 'decrease'?"),
        (
            {"direction": Verdict.SUPPORTED},
            "there is no direction <Verdict.SUPPORTED: 'SUPPORTED'>; there are",
        ),
        ({"outcome": "calc_error"}, "got 'calc_error'; did you mean 'CALC_ERROR'?"),
        ({"outcome": None}, "an outcome is named in capitals"),
        ({"conditions": "baseline"}, "a tuple of condition names, got 'baseline'; write ('baseline',), with a comma."),
        ({"conditions": ["baseline", "a"]}, "got ['baseline', 'a']; write ('baseline', 'a')."),
        ({"conditions": ("baseline", Condition(name="a"))}, "and holds the condition 'a'; write 'a'."),
        ({"conditions": ("baseline", "ct0 blocked")}, "'ct0 blocked' names no condition; write its Python identifier"),
        ({"conditions": ("baseline", "baseline")}, "conditions names 'baseline' twice; leave one out."),
        ({"conditions": ()}, "conditions is empty; name what is compared, the reference first."),
        ({"margin": 5}, "margin is a proportion of problems, and 5 would be 500 points; for 5 points write 0.05."),
        ({"margin": "0.05"}, "margin must be a number of at least 0, got '0.05'; write 0.02 for 2 points."),
        ({"margin": True}, "margin must be a number of at least 0, got True"),
        ({"margin": float("inf")}, "margin must be a number of at least 0, got inf"),
        ({"statement": None}, "statement is a text, got None; write it in quotes"),
        ({"family": " "}, "family is empty; write one, such as 'position'."),
        (
            {"direction": None},
            "the kind 'difference' needs a direction; write Direction.INCREASE, ",
        ),
        ({"direction": None, "kind": "interaction"}, "needs a direction; write Direction.INCREASE, Direction.DECREASE"),
        ({"feature": len}, "feature is a text, got <built-in function len>"),
        ({"source": 2024}, "source is a text, got 2024"),
        ({"controls": NO_OP}, "got the control 'no_op'; write (CONTROL,), with a comma."),
        ({"controls": [NO_OP]}, "got a list of 1; write it in round brackets, (FIRST, SECOND)."),
        ({"controls": ("no_op",)}, "and holds 'no_op'; put ctlab.claims.Control into it and nothing else."),
        ({"controls": None}, "got None; write () for none."),
        ({"controls": (NO_OP, NO_OP)}, "controls names the control 'no_op' twice; leave one out."),
        (
            {"kind": "equivalence", "margin": 0.02},
            "the kind 'equivalence' takes the direction equivalent, got",
        ),
        ({**SIDED, "direction": "increase"}, "the kind 'not all equal' takes the direction change, got 'increase'"),
        ({"kind": "error mix", "direction": "increase"}, "that kinds of errors shift at all has no side"),
    ],
)
def test_a_wrong_claim_says_its_id_and_what_to_write(fields, said):
    with pytest.raises(RegistryError) as refused:
        claim(**fields)
    assert said in str(refused.value)
    assert str(refused.value).startswith("Claim 'ct0-lowers-accuracy': ")


@pytest.mark.parametrize(
    ("given", "likely"),
    [("CT0_lowers accuracy", "ct0-lowers-accuracy"), ("a--b", "a-b"), (7, "ct0-lowers-accuracy"), ("?", "ct0-lowers-")],
)
def test_an_id_that_is_none_comes_with_one_that_is(given, likely):
    with pytest.raises(RegistryError, match=f"write '{likely}"):
        claim(id=given)


def test_a_margin_in_the_unit_of_a_measurement_or_a_ratio_may_be_any_number():
    for kind in (Kind.MEAN, Kind.RATIO):
        assert claim(Direction.INCREASE, kind=kind, margin=5, scale="lengths").margin == 5


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"shows": "noop"}, "Control 'no_op': there is no shows 'noop'; did you mean 'no-op'?"),
        ({"shows": "negligible", "margin": 5}, "5 would be 500 points; for 5 points write 0.05."),
        ({"shows": "negligible", "margin": "0.05"}, "margin must be a number of at least 0, got '0.05'"),
        ({"condition": Condition(name="x")}, "A control: condition is a text, got the condition 'x'; write 'x'."),
        ({"condition": ""}, "Control '': condition is empty"),
        ({"condition": "baseline"}, "Control 'baseline': it is compared with itself, which shows nothing"),
        ({"reference": None}, "reference is a text, got None"),
    ],
)
def test_a_wrong_control(fields, said):
    with pytest.raises(RegistryError) as refused:
        Control(**{"condition": "no_op", "shows": Shows.NO_OP, **fields})
    assert said in str(refused.value)


def test_what_a_control_shows_may_be_typed_as_text():
    assert Control(condition="no_op", shows="no-op") == NO_OP
    assert Control(condition="no_op", shows="no-op").shows is Shows.NO_OP


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"claims": claim()}, "got the claim 'ct0-lowers-accuracy'; write (CLAIM,), with a comma."),
        ({"claims": [claim()]}, "Family 'demo': claims is a tuple of claims, got a list of 1"),
        ({"claims": ("ct0-lowers-accuracy",)}, "and holds 'ct0-lowers-accuracy'; put claims into it"),
        ({"alpha": "0.05"}, "alpha must lie between 0 and 0.5, got '0.05'; 5 % is 0.05."),
        ({"alpha": 5}, "alpha must lie between 0 and 0.5, got 5; 5 % is 0.05."),
        ({"name": None}, "name is a text, got None"),
    ],
)
def test_a_wrong_family(fields, said):
    with pytest.raises(RegistryError) as refused:
        Family(**{"name": "demo", "claims": (claim(),), **fields})
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "conditions", "wanted"),
    [
        (Kind.DIFFERENCE, ("baseline",), "compares 2 conditions, the reference first, and it names 1 (baseline)"),
        (Kind.DIFFERENCE, ("baseline", "a", "b"), "and it names 3 (baseline, a, b)"),
        (Kind.MORE_THAN, ("baseline", "a"), "compares 3 conditions"),
        (Kind.TREND, ("baseline",), "compares 2 or more conditions"),
        (Kind.TREND, ("baseline", "a", "b"), ""),
        (Kind.MEAN, ("baseline",), ""),
    ],
)
def test_how_many_conditions_a_kind_compares(kind, conditions, wanted):
    assert wanted in unfit_for_its_kind(claim(kind=kind, conditions=conditions))
    assert bool(wanted) == bool(unfit_for_its_kind(claim(kind=kind, conditions=conditions)))


def test_a_claim_read_from_a_file_is_checked_likewise():
    with pytest.raises(RegistryError, match="there is no direction 'up'"):
        Claim.from_json({**claim().to_json(), "direction": "up"})


@pytest.mark.parametrize(
    ("kind", "side"),
    [
        ("equivalence", "equivalent"),
        ("idle", "equivalent"),
        ("more than", "increase"),
        ("ratio", "increase"),
        ("not all equal", "change"),
        ("error mix", "change"),
        ("error labels", "change"),
        ("error composition", "change"),
    ],
)
def test_a_kind_that_says_its_side_already_needs_no_direction(kind, side):
    made = Claim(id="a", statement="S.", kind=kind, margin=0.1, conditions=("baseline", "b", "c"))
    assert (made.direction, type(made.direction)) == (side, Direction)
    assert Claim.from_json(made.to_json()) == made


def test_every_other_kind_asks_for_its_side():
    implied = {kind for kind in Kind if kind.rules.implied is not None}
    assert all(kind.rules.implied in kind.rules.directions for kind in implied)
    for kind in set(Kind) - implied:
        with pytest.raises(RegistryError, match=rf"the kind '{kind}' needs a direction; write Direction\."):
            Claim(id="a", statement="S.", kind=kind, conditions=("baseline", "b"))


def test_a_claim_that_names_no_family_has_the_one_that_it_stands_in():
    nobodys = Claim(id="a", statement="S.", direction=Direction.DECREASE, conditions=("baseline", "b"))
    family = Family(name="mine", claims=(nobodys,), controls=(NO_OP,))
    assert nobodys.family == ""
    assert (family["a"].family, family["a"].controls) == ("mine", (NO_OP,))
    assert family.completed(family["a"]) is family["a"]
    with pytest.raises(RegistryError, match="says family 'mine' and stands in family 'yours'"):
        Family(name="yours", claims=family.claims)
