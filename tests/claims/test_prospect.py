import pytest

from ctlab.claims import Direction, Family, Kind, compared_pairs, plan
from ctlab.statistics.power.paired_power import detectable_difference, equivalence_power
from tests.claims.making import claim

FAMILY = Family(
    name="demo",
    claims=(
        claim(),
        claim(Direction.EQUIVALENT, id="same", kind=Kind.EQUIVALENCE, margin=0.02),
        claim(Direction.INCREASE, id="grows", kind=Kind.INTERACTION, feature="n_operations"),
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
    assert row.detectable is None
    assert row.power == equivalence_power(0.02, 0.03, 1319, alpha=0.0125)
    assert row.provable < 0.02
    assert equivalence_power(0.02, 0.03, row.needed, alpha=0.0125) == pytest.approx(0.8, abs=0.02)


def test_an_equivalence_says_whether_its_own_margin_can_be_proven():
    notes = {share: plan([FAMILY], 1319, discordance=share)[1].note for share in (0.03, 0.07, 0.2)}
    assert notes[0.03].startswith("claims ±2.0 points, proven with 9")
    assert notes[0.03].endswith(" power; if the true difference is 0")
    few, none = (plan([FAMILY], 1319, discordance=share)[1] for share in (0.07, 0.2))
    assert f"proven with only {few.power:.0%}".replace("%", " % power: 80 % takes about ") in few.note
    assert f"which is hardly ever SUPPORTED here: 80 % takes about {none.needed:,} problems; if" in none.note
    assert (none.provable > 0.02, none.power < 0.05, none.needed > 1319) == (True, True, True)


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


@pytest.mark.parametrize(
    ("kind", "pairs"),
    [
        (Kind.DIFFERENCE, [("baseline", "a")]),
        (Kind.MORE_THAN, [("a", "b")]),
        (Kind.NOT_ALL_EQUAL, [("a", "b"), ("a", "c"), ("b", "c")]),
        (Kind.TREND, [("baseline", "a"), ("a", "b"), ("b", "c")]),
        (Kind.ADDITIVITY, [("baseline", "a"), ("b", "c")]),
    ],
)
def test_the_pairs_whose_discordance_counts(kind, pairs):
    assert compared_pairs(claim(Direction.INCREASE, kind=kind, conditions=("baseline", "a", "b", "c"))) == pairs


def test_the_rate_before_matters_where_odds_are_compared():
    low, high = (plan([FAMILY], 1319, rate=rate)[2] for rate in (0.5, 0.9))
    assert low.detectable < high.detectable
    assert (
        high.note == "about; difference in loss between halves of the problems, 90 % right before; judged in log-odds"
    )
    assert plan([FAMILY], 1319, rate=0.5)[0] == plan([FAMILY], 1319)[0]


def test_a_mean_promises_nothing_before_a_pilot_has_shown_its_spread():
    family = Family(name="demo", claims=(claim(Direction.INCREASE, kind=Kind.MEAN, scale="lengths", margin=0.1),))
    (row,) = plan([family], 1319)
    assert (row.detectable, row.provable, row.discordance, row.unit) == (None, None, None, "lengths")
    assert row.note == "about 0.068 standard deviations of what the test measures, which only judging it computes"
    (row,) = plan([family], 1319, spread={"ct0-lowers-accuracy": 0.5})
    # statsmodels: TTestPower().solve_power(nobs=1319, alpha=0.05, power=0.8, alternative="larger") = 0.0685
    assert row.detectable == pytest.approx(0.0685 * 0.5, rel=1e-3)
