from dataclasses import replace

from ctlab.claims import EACH_TREATED, Control, Direction, Family, Shows
from tests.claims.making import claim

NO_OP = Control(condition="no_op", shows=Shows.NO_OP)
BITES = Control(condition=EACH_TREATED, shows=Shows.BITES)
OWN = (Control(condition="a", shows=Shows.BITES),)
BARE = claim(Direction.INCREASE, family="f", conditions=("baseline", "a", "b"), controls=())


def test_a_claim_without_controls_has_its_familys():
    shared = Family(name="f", claims=(BARE,), controls=(NO_OP, BITES))
    (held,) = shared.claims
    assert held.controls == (NO_OP, replace(BITES, condition="a"), replace(BITES, condition="b"))
    assert held.all_conditions == ("baseline", "a", "b", "no_op")
    assert replace(held, controls=()) == BARE
    assert shared[BARE.id] is held


def test_a_claim_with_controls_keeps_its_own():
    own = replace(BARE, controls=OWN)
    assert Family(name="f", claims=(own,), controls=(NO_OP,)).claims == (own,)


def test_a_family_without_controls_changes_nothing():
    assert Family(name="f", claims=(BARE,)).claims == (BARE,)


def test_sharing_twice_is_sharing_once():
    shared = Family(name="f", claims=(BARE,), controls=(NO_OP, BITES))
    assert replace(shared, alpha=0.01).claims == shared.claims
