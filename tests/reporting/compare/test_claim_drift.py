"""Which interval a drift gets, and when there is none."""

import pytest

from ctlab.reporting.answer_files import write_answers
from ctlab.reporting.compare.claim_drift import TwoRuns, drift_of
from ctlab.reporting.compare.known_answers import KnownAnswer, answers_in
from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.reporting.schema import complete
from ctlab.reporting.summaries.all_answers import AnswerTable
from tests.reporting.fake_report import fake_report
from tests.reporting.small_runs import problems, run


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


def labelled(rights):
    words = {True: ("CORRECT", "2"), False: ("CALC_ERROR", "3")}
    return {
        str(number): KnownAnswer(
            right=right, outcome=words[right][0], answer=words[right][1], place=number, question="", gold="2"
        )
        for number, right in enumerate(rights)
    }


def test_the_same_answers_leave_nothing_to_be_unsure_of():
    """Whatever the effect is made of: also where the reports do not hold its parts."""
    same = {"baseline": labelled(ALL), "ct0_blocked": labelled(HALF)}
    rate = claim(ALL, HALF, compared=None)
    row, why = drift_of(rate, rate, TwoRuns(answers=(same, same)))
    assert (row.how, row.estimate, row.low, row.high, row.changed, why) == ("same answers", 0.0, 0.0, 0.0, 0, "")
    other = {**same, "ct0_blocked": labelled([*HALF[:-1], True])}
    row, _ = drift_of(rate, rate, TwoRuns(answers=(same, other)))
    assert (row.how, row.low < 0.0 < row.high) == ("any dependence", True)


def test_right_and_wrong_alone_do_not_show_that_answers_are_the_same():
    row, _ = drift_of(claim(ALL, HALF), claim(ALL, HALF), TwoRuns(answers=(RUN, RUN)))
    assert (row.how, row.changed) == ("paired", 0)


def test_the_files_that_runs_write_are_paired(tmp_path):
    """answers.json of a run against that of its first problems, of which one flipped."""
    sides = []
    for name, n, wrong in (("all", 12, [0, 1, 9]), ("first", 6, [0])):
        asked = problems(n)
        given = {"baseline": run("baseline", asked), "ct0_blocked": run("ct0_blocked", asked, wrong=wrong)}
        write_answers(tmp_path / name, AnswerTable(given))
        sides.append(claim([True] * n, [number not in wrong for number in range(n)]))
    answers = answers_in(tmp_path / "all"), answers_in(tmp_path / "first")
    row, _ = drift_of(*sides, TwoRuns(answers=answers))
    assert (row.how, row.n, row.changed, row.estimate) == ("paired", 6, 1, pytest.approx(1 / 6))
