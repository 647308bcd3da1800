"""No reason contradicts its own numbers: every clause of a `why` is held against them, over a sweep of counts."""

import re
from itertools import product

import pytest

from ctlab.claims import EVERY_OUTCOME, Direction, Kind, Verdict, judge
from ctlab.statistics import equivalence, paired_difference
from ctlab.statistics.joint.intersection_union import all_of, step_name
from tests.claims.making import ALPHA, EQUIVALENCE, claim

COUNTS = (0, 1, 4, 5, 22, 41, 74, 150, 400)
SIZES = (49, 60, 1319)
LEVELS = (0.05, ALPHA)
SWEPT = {
    "increase": claim(Direction.INCREASE),
    "decrease": claim(),
    "at least": claim(margin=0.05),
    "change": claim(Direction.CHANGE),
    "more than": claim(Direction.INCREASE, kind=Kind.MORE_THAN, conditions=("baseline", "a", "b")),
    "not all equal": claim(Direction.CHANGE, kind=Kind.NOT_ALL_EQUAL, conditions=("baseline", "a", "b")),
    "equivalence": EQUIVALENCE,
    "every outcome": claim(Direction.EQUIVALENT, kind=Kind.EQUIVALENCE, outcome=EVERY_OUTCOME, margin=0.02),
    "trend": claim(kind=Kind.TREND, conditions=("baseline", "half", "none")),
}


def measured(name, lost, gained, n, alpha):
    """What the statistic of a swept claim would return for these counts."""
    judged = SWEPT[name]

    def plain(alpha, lost=lost, gained=gained):
        if judged.direction == Direction.EQUIVALENT:
            return equivalence(lost, gained, n, margin=judged.margin, alpha=alpha)
        side = judged.direction.alternative
        return paired_difference(lost, gained, n, margin=judged.margin, alternative=side, alpha=alpha)

    if name == "every outcome":
        parts, others = ("CORRECT", "NONE", "LOGIC_ERROR"), (min(3, n // 9), 2)
    elif name == "trend":
        parts, others = [step_name(*step) for step in (("baseline", "half"), ("half", "none"))], (n // 3, n // 9)
    else:
        return plain(alpha)
    first, *rest = parts
    at = {
        level: {first: plain(level)} | {part: plain(level, *others) for part in rest}
        for level in (alpha, alpha / len(parts))
    }
    return all_of(at[alpha], at[alpha / len(parts)], null="some part fails")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name == "at least" else ()) for name in SWEPT]
)
def test_what_is_said_of_an_interval_is_so(name):
    """Over a sweep of counts: why a verdict, wherever it says something of the interval or of p, says what is there."""
    seen = set()
    for lost, gained, n, alpha in product(COUNTS, COUNTS, SIZES, LEVELS):
        if lost + gained > n:
            continue
        effect = measured(name, lost, gained, n, alpha)
        judgement = judge(SWEPT[name], effect, alpha=alpha)
        seen.add(judgement.verdict)
        check_said(judgement, alpha)
    assert seen >= {Verdict.SUPPORTED, Verdict.INCONCLUSIVE}
    assert (Verdict.REFUTED in seen) == (SWEPT[name].direction != Direction.CHANGE)


def check_said(judgement, alpha):
    """Hold every clause of a `why` against the numbers."""
    effect, why, verdict = judgement.effect, judgement.why, judgement.verdict
    where = (effect, why)
    assert why.endswith("."), where
    assert judgement.reason.startswith(("+", "−", "0.0")), where
    assert judgement.reason.endswith(f"{why} {judgement.outlook}".strip()), where
    assert bool(judgement.outlook) == (verdict == Verdict.INCONCLUSIVE and effect.n >= 50), where
    # Which of the verdicts it is the why of.
    assert why.endswith(", as claimed.") == (verdict == Verdict.SUPPORTED), where
    assert why.endswith(", against the claim.") == (verdict == Verdict.REFUTED), where
    # What it says of p.
    for words, so in (
        ("p is above α", effect.p_value > alpha),
        ("p is at most α", effect.p_value <= alpha),
        ("The null hypothesis is rejected", effect.p_value <= alpha),
        ("That is not enough for a difference", effect.p_value > alpha),
        ("Under 50 problems", effect.n < 50),
    ):
        assert words not in why or so, where
    # What it says of the interval: the deciding one, or that of the part that refutes.
    low, high = (effect.low, effect.high)
    if " of one part" in why:
        assert verdict == Verdict.REFUTED, where
        low, high = effect.refuting
    edge = effect.boundary
    inside, outside = -edge < low and high < edge, low > edge or high < -edge
    positions = {
        r"\blies above": low > edge,
        r"\blies below": high < edge,
        r"\blies within": inside,
        r"\blies outside": outside,
        "neither within nor outside": not inside and not outside,
        "does not lie within": not inside,
        "does not lie above": not low > edge,
        "does not lie below": not high < edge,
        "does not contain": not low <= edge <= high,
        r"interval contains": low <= edge <= high,
    }
    said = [so for words, so in positions.items() if re.search(words, why)]
    assert all(said), where
    assert said or "interval" not in why, f"nothing holds what this says of the interval: {why}"
    assert said or effect.n < 50 or effect.alternative == "two-sided", where
    if "stricter level" in why:
        strict_low, strict_high = effect.refuting
        refuted = {"equivalence": strict_low > edge or strict_high < -edge, "less": strict_low > edge}
        assert not refuted[effect.alternative], where
