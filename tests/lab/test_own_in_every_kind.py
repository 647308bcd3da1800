"""Outcomes and features of one's own work in every kind of claim: one that restates ctlab's gives ctlab's numbers."""

import re

import pytest

import ctlab
from ctlab.claims import Claim, Kind
from ctlab.claims.kinds.base import Takes
from ctlab.errors import ClaimError
from tests.fakes import FakeEngine
from tests.plugin.suite import problems

CT0 = ("baseline", "ct0_blocked")
THREE = (*CT0, "ct1_blocked")
NAMED = {
    Kind.DIFFERENCE: ("decrease", CT0, 0.0),
    Kind.EQUIVALENCE: ("equivalent", CT0, 0.2),
    Kind.MORE_THAN: ("increase", THREE, 0.0),
    Kind.RATIO: ("increase", THREE, 1.5),
    Kind.ADDITIVITY: ("increase", (*THREE, "ct2_blocked"), 0.0),
    Kind.MAIN_EFFECT: ("decrease", (*THREE, "ct2_blocked"), 0.0),
    Kind.OVER_SEEDS: ("change", (*THREE, "ct2_blocked"), 0.0),
    Kind.TREND: ("decrease", ("baseline", "ct1_blocked", "ct0_blocked"), 0.0),
    Kind.NOT_ALL_EQUAL: ("change", THREE, 0.0),
    Kind.INTERACTION: ("increase", CT0, 0.0),
    Kind.CORRELATION: ("increase", CT0, 0.0),
    Kind.NEEDED_WHERE: ("decrease", THREE, 0.05),
    Kind.IDLE: ("equivalent", THREE, 0.3),
}
"""Kinds that compare the rate of an outcome: direction, conditions, margin."""
FEATURED = (Kind.INTERACTION, Kind.CORRELATION, Kind.NEEDED_WHERE)


def is_right(problem, text, found):
    return found.outcome == "CORRECT"


def third(problem):
    return int(problem.gold_number.value) % 3


def third_again(problem):
    return int(problem.gold_number.value) % 3


def is_even(problem):
    return "yes" if third(problem) == 2 else "no"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    (folder / "problems.jsonl").write_text(problems(120), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)  # where the engine logs
        yield made(folder)


def made(folder):
    return ctlab.Lab(
        FakeEngine(size=60),
        folder / "problems.jsonl",
        store=folder / "store",
        outcomes={"IS_RIGHT": is_right},
        features={"third": third, "third_again": third_again, "is_even": is_even},
        progress=False,
    )


def asked(kind, outcome, feature=""):
    direction, conditions, margin = NAMED[kind]
    scale = {"scale": "ratio"} if kind == Kind.RATIO else {}
    name = re.sub("[^a-z0-9]+", "-", f"{kind} {outcome} {feature}".lower()).strip("-")
    given = {"kind": kind, "direction": direction, "conditions": conditions, "margin": margin, "feature": feature}
    return Claim(id=name, statement="S.", outcome=outcome, **given, **scale)


def numbers(lab, claim):
    found = lab.judge(claim)
    effect = found.effect
    return (
        found.verdict,
        effect.n,
        repr((effect.estimate, effect.low, effect.high, effect.p_value)),
        bool(effect.undecided),
    )


@pytest.mark.parametrize("kind", NAMED)
def test_an_outcome_of_one_s_own_gives_the_numbers_of_the_one_it_restates(lab, kind):
    feature = "third" if kind in FEATURED else ""
    assert numbers(lab, asked(kind, "IS_RIGHT", feature)) == numbers(lab, asked(kind, "CORRECT", feature))


@pytest.mark.parametrize("feature", ["{} >= 1", "{}", "{} == 2"])
@pytest.mark.parametrize("kind", FEATURED)
def test_a_feature_of_one_s_own_is_read_in_every_form(lab, kind, feature):
    one, other = (numbers(lab, asked(kind, "CORRECT", feature.format(name))) for name in ("third", "third_again"))
    assert one == other
    if feature == "{} == 2":
        assert one == numbers(lab, asked(kind, "CORRECT", "is_even == yes"))


@pytest.mark.parametrize("kind", [Kind.ERROR_MIX, Kind.ERROR_COMPOSITION, Kind.ERROR_LABELS])
def test_a_claim_about_labels_refuses_an_outcome_of_one_s_own(lab, kind):
    with pytest.raises(ClaimError, match=rf"the kind '{kind}' compares ctlab's labels, .* IS_RIGHT is none of them"):
        lab.judge(Claim(id="a", statement="S.", kind=kind, outcome="IS_RIGHT", conditions=CT0))


def test_every_kind_is_looked_at():
    other = {kind for kind in Kind if kind.rules.takes == Takes.MEASUREMENTS or kind.rules.about_errors}
    assert {*NAMED} | other == {*Kind}
    assert not {*NAMED} & other
