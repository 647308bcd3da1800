import pytest

from ctlab.claims import Direction, Family, Kind, compared_pairs, plan
from ctlab.statistics.power.paired_power import detectable_difference
from tests.claims.making import claim

FAMILY = Family(
    name="demo",
    claims=(
        claim(),
        claim(Direction.EQUIVALENT, id="same", kind=Kind.EQUIVALENCE, margin=0.02),
        claim(Direction.INCREASE, id="grows", kind=Kind.INTERACTION, feature="n_operations", scale="log-odds"),
        claim(Direction.CHANGE, id="differ", kind=Kind.NOT_ALL_EQUAL, conditions=("baseline", "a", "b", "c")),
    ),
)


def test_one_row_a_claim_at_the_familys_level():
    rows = plan([FAMILY], 1319)
    assert [row.claim_id for row in rows] == ["ct0-lowers-accuracy", "same", "grows", "differ"]
    assert {row.alpha for row in rows} == {0.05 / 4}
    assert all(row.detectable is None or row.detectable > 0 for row in rows)


def test_a_difference_is_what_the_exact_test_finds():
    assert plan([FAMILY], 1319)[0].detectable == detectable_difference(0.1, 1319, alpha=0.0125)


def test_an_equivalence_says_margin_power_and_need():
    row = plan([FAMILY], 1319, discordance=0.03)[1]
    assert (row.detectable, row.unit) == (None, "points")
    assert row.provable < 0.02
    assert row.power > 0.9
    assert row.needed < 1319


@pytest.mark.parametrize("n", [1, 49])
def test_fewer_than_fifty_problems_promise_nothing(n):
    families = [FAMILY, Family(name="demo", claims=(claim(Direction.INCREASE, kind=Kind.MEAN),))]
    for row in plan(families, n):
        assert (row.detectable, row.provable, row.power, row.needed) == (None, None, None, None)
        assert "fewer than 50 decide nothing" in row.note


def test_a_pilot_gives_each_claim_its_own_discordance():
    rows = plan([FAMILY], 1319, discordance={"ct0-lowers-accuracy": 0.2})
    assert rows[0].discordance == 0.2
    assert rows[1].discordance == 0.1


def test_every_registered_claim_has_a_row():
    from hypotheses.registry import FAMILIES

    rows = plan(FAMILIES, 1319)
    assert len(rows) == sum(len(family.claims) for family in FAMILIES)
    for row in rows:
        promised = [each for each in (row.detectable, row.provable) if each is not None]
        assert len(promised) == 1 or (not promised and row.note)


def test_a_pilots_pairs_are_those_of_the_kind():
    assert compared_pairs(FAMILY.claims[3]) == [("a", "b"), ("a", "c"), ("b", "c")]


def test_a_pilot_gives_each_claim_its_own_rate():
    assert plan([FAMILY], 1319, rate={"grows": 0.5})[2].detectable < plan([FAMILY], 1319, rate=0.9)[2].detectable
    assert plan([FAMILY], 1319, rate=0.5)[0] == plan([FAMILY], 1319)[0]


def test_a_mean_promises_nothing_before_a_pilot_has_shown_its_spread():
    family = Family(name="demo", claims=(claim(Direction.INCREASE, kind=Kind.MEAN, scale="lengths", margin=0.1),))
    (row,) = plan([family], 1319)
    assert (row.detectable, row.provable, row.discordance, row.unit) == (None, None, None, "lengths")
    (row,) = plan([family], 1319, spread={"ct0-lowers-accuracy": 0.5})
    assert row.detectable > 0
