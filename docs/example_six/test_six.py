"""Six claims of six kinds: the registry, and one test that judges each of them."""

from functools import partial

import pytest

from ctlab.claims import EACH_TREATED, Claim, Control, Direction, Family, Kind, Shows, Verdict

about_ct1 = partial(Claim, conditions=("baseline", "ct1_from_answer"))
SIX = Family(
    name="six",
    controls=(Control(condition=EACH_TREATED, shows=Shows.BITES),),
    claims=(
        about_ct1(id="lowers", statement="Hiding CT1 lowers accuracy.", direction=Direction.DECREASE),
        about_ct1(
            id="repeats",
            statement="Hiding CT1 leaves repeated numbers within 10 points.",
            kind=Kind.EQUIVALENCE,
            margin=0.1,
            outcome="REPEATS_A_NUMBER",
        ),
        about_ct1(
            id="more-than-ct5",
            statement="Hiding CT1 costs more than hiding CT5.",
            kind=Kind.MORE_THAN,
            conditions=("baseline", "ct1_from_answer", "ct5_from_answer"),
        ),
        about_ct1(
            id="costs-more-when-hard",
            statement="Hiding CT1 costs more on problems of difficulty 2 or more.",
            kind=Kind.INTERACTION,
            direction=Direction.INCREASE,
            feature="difficulty >= 2",
        ),
        about_ct1(
            id="longer-answers",
            statement="The more digits the answer has, the larger the impact of hiding CT1.",
            kind=Kind.CORRELATION,
            direction=Direction.INCREASE,
            feature="answer_digits",
        ),
        about_ct1(id="other-errors", statement="Hiding CT1 shifts the kinds of errors.", kind=Kind.ERROR_MIX),
    ),
)
FAMILIES = (SIX,)


@pytest.mark.claim(SIX)
def test_six(claim):
    assert claim.judge(claim.effect()) == Verdict.SUPPORTED
