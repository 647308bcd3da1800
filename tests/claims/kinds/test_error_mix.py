from dataclasses import replace

import pytest

from ctlab.claims import EVERY_OUTCOME, Direction, Kind
from tests.claims.kinds.making_kinds import claim, effect, promise

SHIFTS = claim(Direction.CHANGE, kind=Kind.ERROR_MIX, outcome=EVERY_OUTCOME, scale="variation")
BY_A_TENTH = claim(Direction.CHANGE, kind=Kind.ERROR_MIX, outcome=EVERY_OUTCOME, scale="variation", margin=0.1)
RULES = SHIFTS.kind.rules


def variation(low, p, *, margin=0.0):
    ends = {"estimate": 0.15, "low": low, "high": 0.2, "p_value": p, "unit": "variation"}
    side = {"alternative": "greater", "margin": margin, "boundary": margin} if margin else {"alternative": "two-sided"}
    return replace(effect(counted=False), **ends, **side)


def test_without_a_margin_p_alone_decides_and_nothing_refutes():
    assert RULES.supports(variation(0.0, 0.001), 0.01)
    assert not RULES.supports(variation(0.05, 0.02), 0.01)
    assert RULES.level(SHIFTS, 0.01) == pytest.approx(0.98)


def test_a_margin_is_exceeded_from_one_side_only():
    assert (RULES.alternative(SHIFTS), RULES.alternative(BY_A_TENTH)) == ("two-sided", "greater")
    beyond, across = (variation(low, 0.001, margin=0.1) for low in (0.11, 0.09))
    assert RULES.supports(beyond, 0.01)
    assert not RULES.supports(across, 0.01)
    assert RULES.refutes(variation(0.1, 0.9, margin=0.3))


def test_its_words():
    assert RULES.noun(SHIFTS, variation(0.0, 0.5)) == "total variation"
    assert RULES.null(SHIFTS, variation(0.0, 0.5)) == "the kinds of errors do not shift from baseline to ct0_blocked"
    assert RULES.null(BY_A_TENTH, variation(0.0, 0.5, margin=0.1)) == (
        "the total variation between the errors under baseline and ct0_blocked is at most 10.0 %"
    )


def test_nothing_is_promised():
    assert promise(SHIFTS).note.startswith("not known beforehand: ")
