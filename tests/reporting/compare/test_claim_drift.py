"""Which interval a drift gets, and when there is none."""

import pytest

from ctlab.reporting.compare.claim_drift import TwoRuns, drift_of
from ctlab.reporting.compare.known_answers import KnownAnswer
from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.reporting.schema import complete
from tests.reporting.fake_report import fake_report


def answers(rights, first=0):
    return {
        str(number): KnownAnswer(right=right, outcome=None, answer=None, place=number, question="", gold="")
        for number, right in enumerate(rights, start=first)
    }


def claim(baseline, treated, **fields) -> ClaimRow:
    """A claim with the effect that these answers have."""
    (row, *_) = complete(fake_report(conditions=2)).claims
    estimate = (sum(treated) - sum(baseline)) / len(baseline)
    effect = row.effect.model_copy(
        update={"estimate": estimate, "low": estimate - 0.1, "high": estimate + 0.1, "n": len(baseline)}
    )
    plain = (estimate - 0.05, estimate + 0.05)
    given = {"compared": ("baseline", "ct0_blocked"), "effect": effect, "interval_95": plain}
    return row.model_copy(update=given | fields)


ALL = [True] * 60
HALF = [True, False] * 30
RUN = {"baseline": answers(ALL), "ct0_blocked": answers(HALF)}


def test_a_run_and_its_first_problems_are_paired():
    first = {name: dict(list(row.items())[:20]) for name, row in RUN.items()}
    row, why = drift_of(claim(ALL, HALF), claim(ALL[:20], HALF[:20]), TwoRuns(answers=(RUN, first)))
    assert (row.how, row.n, row.estimate, why) == ("paired", 20, 0.0, "")


def test_a_treated_condition_that_moved_by_problem():
    moved = {"baseline": answers(ALL), "ct0_blocked": answers([False] * 60)}
    row, _ = drift_of(claim(ALL, HALF), claim(ALL, [False] * 60), TwoRuns(answers=(RUN, moved)))
    assert (row.how, row.estimate, row.moved) == ("paired", pytest.approx(-0.5), True)


def test_answers_that_are_not_what_the_effect_was_made_of_pair_nothing():
    other = {"baseline": answers(ALL), "ct0_blocked": answers([True] * 60)}
    row, _ = drift_of(claim(ALL, HALF), claim(ALL, HALF), TwoRuns(answers=(RUN, other)))
    assert (row.how, row.estimate) == ("any dependence", 0.0)
    assert (row.low, row.high) == (pytest.approx(-0.2), pytest.approx(0.2))


def test_runs_that_share_no_problem_are_independent():
    others = {"baseline": answers(ALL, first=60), "ct0_blocked": answers(HALF, first=60)}
    row, _ = drift_of(claim(ALL, HALF), claim(ALL, HALF), TwoRuns(answers=(RUN, others)))
    assert (row.how, row.level, row.high) == ("independent", 0.95, pytest.approx(0.05 * 2**0.5))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"outcome": "CALC_ERROR"}, "restated: the two runs measure two things"),
        (
            {"compared": ("baseline", "ct4_blocked")},
            "another part decides: baseline → ct0_blocked, then baseline",
        ),
    ],
)
def test_two_things_have_no_drift(changed, why):
    row, said = drift_of(claim(ALL, HALF), claim(ALL, HALF, **changed), TwoRuns(answers=(RUN, RUN)))
    assert row is None
    assert said.startswith(why)


def test_a_claim_that_one_run_did_not_measure_has_none_and_no_reason():
    assert drift_of(claim(ALL, HALF), claim(ALL, HALF, effect=None), TwoRuns(answers=(RUN, RUN))) == (None, "")
