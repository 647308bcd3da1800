import numpy as np
import pytest

from ctlab import formatting
from ctlab.claims import Direction, Kind, Verdict, judge
from ctlab.errors import RegistryError
from ctlab.statistics import rank_correlation
from tests.claims.kinds.making_kinds import claim, effect, promise
from tests.statistics.fake_runs import Question

MORE = claim(Direction.INCREASE, kind=Kind.CORRELATION, feature="n_operations", conditions=("baseline", "ct0_blocked"))


def measured(slope, n=300, direction="increase"):
    generator = np.random.default_rng(5)
    x = generator.normal(size=n)
    return rank_correlation(x, slope * x + generator.normal(size=n), Question(direction, alpha=0.01))


@pytest.mark.parametrize(
    ("slope", "n", "verdict", "why"),
    [
        (0.5, 300, Verdict.SUPPORTED, "The interval lies above 0, as claimed."),
        (-0.5, 300, Verdict.REFUTED, "The interval lies below 0, against the claim."),
        (0.05, 300, Verdict.INCONCLUSIVE, "The interval contains 0: the data fit the claim and its opposite."),
        (0.9, 49, Verdict.INCONCLUSIVE, "Under 50 problems nothing is decided: there are 49 (the whole sample)."),
    ],
)
def test_every_verdict_has_its_reason(slope, n, verdict, why):
    judgement = judge(MORE, measured(slope, n), alpha=0.01)
    assert (judgement.verdict, judgement.why) == (verdict, why)


def test_a_change_is_supported_and_never_refuted():
    change = claim(Direction.CHANGE, kind=Kind.CORRELATION, conditions=("baseline", "ct0_blocked"))
    assert judge(change, measured(-0.5, direction="change"), alpha=0.01).verdict == Verdict.SUPPORTED
    assert judge(change, measured(0.0, direction="change"), alpha=0.01).verdict == Verdict.INCONCLUSIVE


def test_a_constant_feature_is_inconclusive_and_says_so():
    constant = rank_correlation([1] * 60, range(60), Question("increase", alpha=0.01))
    judgement = judge(MORE, constant, alpha=0.01)
    assert judgement.verdict == Verdict.INCONCLUSIVE
    assert judgement.reason.startswith(
        "no estimate (n = 60). Not decided: the first measurement is 1 for every problem"
    )


def test_its_noun_says_of_what():
    rules = MORE.kind.rules
    impact = measured(0.5).with_details(of_impact=True)
    assert rules.noun(MORE, impact) == "rank correlation of (operations) with the loss of “correct” under ct0_blocked"
    assert rules.noun(MORE, measured(0.5)) == "rank correlation of (operations) with what is measured"
    assert (
        rules.null(MORE, measured(0.5))
        == f"{formatting.RHO} ≤ 0 for the rank correlation of (operations) with what is measured"
    )
    assert rules.noun(MORE, effect(unit="lengths")) == "effect"


def test_a_plan_promises_what_a_normal_sample_finds():
    assert promise(MORE, n=1319).detectable == pytest.approx(0.0915, abs=0.003)
    assert promise(MORE, n=1319).unit == "correlation"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"direction": Direction.EQUIVALENT, "margin": 0.1},
            "increase, decrease or change, got 'equiv",
        ),
        ({"direction": Direction.INCREASE, "margin": 1.0}, "the margin of a correlation lies below 1, got 1"),
        ({"direction": Direction.INCREASE, "feature": "n operations"}, "A feature reads 'NAME'"),
    ],
)
def test_what_no_test_could_judge_is_refused_when_it_is_written(fields, said):
    with pytest.raises(RegistryError, match=said):
        claim(kind=Kind.CORRELATION, **fields)
