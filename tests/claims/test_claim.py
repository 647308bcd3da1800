import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.claims import Claim, Direction, Family, Kind, SweptAxes
from ctlab.claims.registered import WORDS, Registered
from ctlab.errors import RegistryError
from tests.claims.making import CONTROLLED, CONTROLS, claim

OTHER = claim(id="another-claim")


def family(*claims, alpha=0.05):
    return Family(name="demo", claims=claims, alpha=alpha)


def test_round_trip_through_json():
    assert Claim.from_json(json.loads(json.dumps(CONTROLLED.to_json()))) == CONTROLLED


def test_a_statement_that_no_file_can_hold_is_refused():
    with pytest.raises(RegistryError, match="half a surrogate pair"):
        claim(statement="Hiding CT0 lowers \ud800.")


def test_a_positive_control_says_why_and_no_other_claim_is_another_claim_for_it():
    known = dataclasses.replace(CONTROLLED, positive_control="it was trained to")
    assert Claim.from_json(json.loads(json.dumps(known.to_json()))) == known
    assert known.to_json()["positive_control"] == "it was trained to"
    assert "positive_control" not in CONTROLLED.to_json()
    assert Registered.of(CONTROLLED).changes(Registered.of(known)) == ""  # what is claimed is the same


def test_every_condition_that_judging_needs_is_named_once():
    assert CONTROLLED.all_conditions == ("baseline", "ct0_blocked", "no_op", "question_control_later")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"id": "CT0_lowers"}, "lower-case words joined by hyphens"),
        ({"id": ""}, "lower-case words joined by hyphens"),
        ({"statement": " "}, "needs a statement"),
        ({"margin": -0.1}, "at least 0, got -0.1"),
        ({"margin": float("nan")}, "at least 0, got nan"),
        ({"direction": Direction.EQUIVALENT}, "needs a margin above 0"),
        ({"direction": Direction.CHANGE, "margin": 0.1}, "takes no margin"),
        ({"needs": "X"}, r"needs must be G \(generations\), A"),
    ],
)
def test_claims_that_no_test_could_judge(fields, message):
    with pytest.raises(RegistryError, match=message):
        claim(**fields)


def test_families_refuse_strangers_twins_and_nobody():
    with pytest.raises(RegistryError, match="says family 'other' and stands in family 'demo'"):
        family(claim(family="other"))
    with pytest.raises(RegistryError, match="is there twice"):
        family(OTHER, OTHER)
    with pytest.raises(RegistryError, match="has no claims"):
        family()
    with pytest.raises(RegistryError, match="alpha must lie between"):
        family(OTHER, alpha=0.7)


def test_a_family_gives_its_claims_by_id():
    both = family(claim(), OTHER)
    assert both["another-claim"] is OTHER
    with pytest.raises(
        RegistryError, match="has no claim 'nothing-like'; its claims are ct0-lowers-accuracy, another-claim"
    ):
        both["nothing-like"]
    with pytest.raises(RegistryError, match="has no claim 'an-other-claim'; did you mean 'another-claim'"):
        both["an-other-claim"]


@pytest.mark.parametrize(("field", "text"), [("kind", "differnce"), ("direction", "up")])
def test_a_kind_or_direction_that_there_is_not(field, text):
    with pytest.raises(RegistryError, match=f"there is no {field} '{text}'; (there are|did you mean 'difference')"):
        claim(**{field: text})


def test_a_kind_or_direction_may_be_typed_as_text():
    typed = claim(kind="more than", direction="increase")
    assert (typed.kind, typed.direction) == (Kind.MORE_THAN, Direction.INCREASE)
    assert typed.kind is Kind.MORE_THAN


CHANGED = {
    "statement": "Hiding CT0 from later positions lowers accuracy.",
    "direction": Direction.INCREASE,
    "kind": Kind.MORE_THAN,
    "outcome": "CALC_ERROR",
    "margin": 0.01,
    "feature": "n_operations",
    "scale": "log-odds",
    "conditions": ("baseline", "ct1_blocked"),
    "problems": "ood_dag",
    "controls": CONTROLS,
    "source": "elsewhere",
    "needs": "A",
    "positive_control": "it was trained to",
    "sweep": SweptAxes(positions="all"),
}


def test_everything_in_a_claim_but_its_words_is_what_is_claimed():
    # Only some kinds adjust, which has tests of its own below.
    assert set(CHANGED) | {"id", "family", "adjust"} == {field.name for field in dataclasses.fields(Claim)}
    for name, value in CHANGED.items():
        changed = Registered.of(claim()).changes(Registered.of(claim(**{name: value})))
        assert changed.startswith(f"its {name} ") or name in WORDS, name
        assert changed == "" or name not in WORDS, name


def test_another_sweep_is_another_claim_and_one_without_is_what_it_was():
    plain, swept = claim(), claim(sweep=SweptAxes(positions="all", layers=(0, 1)))
    assert "sweep" not in plain.to_json()
    assert Claim.from_json(swept.to_json()) == swept
    said = Registered.of(swept).changes(Registered.of(claim(sweep=SweptAxes(positions="all", layers="all"))))
    assert said == 'its sweep was {"positions": "all", "layers": [0, 1]} and is {"positions": "all", "layers": "all"}'
    with pytest.raises(
        RegistryError, match=r"sweep is what it goes over, got 'all'; write SweptAxes\(positions='all'\)"
    ):
        claim(sweep="all")


ADJUSTED = {"kind": Kind.AUC, "direction": Direction.INCREASE, "scale": "probability"}


def test_what_is_held_fixed_is_part_of_a_claim_and_nothing_of_one_that_holds_nothing_fixed():
    plain, adjusted = claim(**ADJUSTED), claim(**ADJUSTED, adjust=("n_operations",))
    assert Registered.of(plain).changes(Registered.of(adjusted)).startswith("its adjust was ")
    assert "adjust" not in plain.to_json()
    assert "problems" not in plain.to_json()
    assert Claim.from_json(adjusted.to_json()) == adjusted
    assert Claim.from_json(plain.to_json()) == plain


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"adjust": ("n_operations",)}, "the kind 'difference' adjusts for nothing"),
        ({**ADJUSTED, "adjust": ("n_tokens", "n_tokens")}, "adjust names 'n_tokens' twice"),
        ({**ADJUSTED, "adjust": ("",)}, "adjust is a tuple of features, and holds ''"),
    ],
)
def test_what_cannot_be_held_fixed(fields, message):
    with pytest.raises(RegistryError, match=message):
        claim(**fields)


@given(st.integers(1, 40), st.floats(0.001, 0.4), st.data())
def test_a_claims_level_depends_on_the_registered_family_only(size, alpha, data):
    registered = family(*(claim(id=f"claim-{k}") for k in range(size)), alpha=alpha)
    selected = data.draw(st.permutations(registered.claims))[: data.draw(st.integers(1, size))]
    # Whatever was selected, in whatever order: α is asked of the family as registered.
    assert {registered.claim_alpha for _ in selected} == {alpha / size}
    assert registered.claim_alpha * size == pytest.approx(alpha)
