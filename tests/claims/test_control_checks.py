from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from ctlab.claims import Kind, judge
from ctlab.claims.control_checks import check_controls
from ctlab.claims.evidence import contradictions
from ctlab.records import Control, ControlState, Shows, Verdict
from ctlab.statistics import measured_mean
from tests.claims.making import CONTROLLED, claim, runs
from tests.statistics.fake_runs import FakeRun, Question, certificate

HOLDS, CONTRADICTS, CANNOT_TELL = ControlState.HOLDS, ControlState.CONTRADICTS, ControlState.CANNOT_TELL


def states(given):
    return [result.state for result in check_controls(CONTROLLED, given)]


def test_all_hold():
    results = check_controls(CONTROLLED, runs())
    assert [result.state for result in results] == [HOLDS] * 3
    assert results[0].detail == "all 1319 answers are identical to baseline's"
    assert "12.5 edges a problem" in results[2].detail


def test_a_no_op_that_changes_one_answer_contradicts():
    given = runs()
    changed = ("CORRECT" if given["no_op"].labels[-1] != "CORRECT" else "NONE",)
    given["no_op"] = FakeRun("no_op", given["no_op"].labels[:-1] + changed, certificate=certificate("no_op"))
    result = check_controls(CONTROLLED, given)[0]
    assert (result.state, result.detail) == (CONTRADICTS, "1 of 1319 answers differ from baseline's")


def test_a_no_op_that_is_the_baselines_own_run_contradicts():
    given = runs()
    given["no_op"] = given["baseline"]
    result = check_controls(CONTROLLED, given)[0]
    assert result.state == CONTRADICTS
    assert "no rows of its own: 1319 of 1319 answers are those of baseline's rows" in result.detail


def test_a_no_op_that_is_a_copy_of_the_baselines_answers_contradicts():
    given = runs()

    class Copy(FakeRun):
        generations = given["baseline"].generations

    given["no_op"] = Copy("no_op", given["no_op"].labels, certificate=certificate("no_op", weakened=0))
    result = check_controls(CONTROLLED, given)[0]
    assert (result.state, "no rows of its own" in result.detail) == (CONTRADICTS, True)


def test_a_treatment_that_is_a_copy_of_the_baselines_answers_is_none():
    given = runs()

    class Copy(FakeRun):
        generations = given["baseline"].generations

    given["ct0_blocked"] = Copy("ct0_blocked", given["ct0_blocked"].labels, certificate=certificate("ct0_blocked"))
    found = contradictions(CONTROLLED, given, ())
    assert found == ("ct0_blocked has no rows of its own: 1319 of 1319 answers are baseline's",)


def test_a_no_op_whose_rows_nobody_noted_cannot_tell():
    given = runs()

    class Old(FakeRun):
        @property
        def generations(self):
            return tuple(SimpleNamespace(**{**vars(each), "row": ""}) for each in super().generations)

    given["no_op"] = Old("no_op", given["no_op"].labels, certificate=certificate("no_op", weakened=0))
    result = check_controls(CONTROLLED, given)[0]
    assert (result.state, "nothing says which rows made them" in result.detail) == (CANNOT_TELL, True)


def test_a_no_op_is_judged_by_its_token_ids_not_by_its_outcomes():
    given = runs()
    given["no_op"] = FakeRun("no_op", given["no_op"].labels, texts=("other",) * 1319)
    assert states(given)[0] == CONTRADICTS


@pytest.mark.parametrize(
    ("negative", "state"), [((4, 3), HOLDS), ((62, 10), CANNOT_TELL), ((180, 10), CONTRADICTS), ((0, 180), CONTRADICTS)]
)
def test_the_negative_control_against_its_margin(negative, state):
    result = check_controls(CONTROLLED, runs(negative=negative))[1]
    assert result.state == state
    assert "points" in result.detail
    assert "±5.0" in result.detail


def test_the_negative_control_looks_at_the_claims_outcome():
    given = runs(negative=(180, 0))
    other = claim(controls=CONTROLLED.controls, outcome="CALC_ERROR")
    assert check_controls(other, given)[1].state == HOLDS


@pytest.mark.parametrize(
    ("proof", "state"),
    [
        (certificate("ct0_blocked", weakened=0), CONTRADICTS),
        (certificate("ct0_blocked", moves=False), CONTRADICTS),
        (None, CANNOT_TELL),
    ],
)
def test_an_intervention_must_bite(proof, state):
    assert states(runs(certificates={"ct0_blocked": proof}))[2] == state


@pytest.mark.parametrize(
    ("weakened", "replaced", "words"),
    [
        (24, 0, "ct0_blocked weakened 3 edges a problem; largest change 1.5"),
        (0, 8, "ct0_blocked replaced 1 thought a problem; largest change 1.5"),
        (20, 16, "ct0_blocked weakened 2.5 edges and replaced 2 thoughts a problem; largest change 1.5"),
    ],
)
def test_an_intervention_that_bites_says_what_it_did(weakened, replaced, words):
    proof = certificate("ct0_blocked", weakened=weakened, replaced=replaced)
    result = check_controls(CONTROLLED, runs(certificates={"ct0_blocked": proof}))[2]
    assert (result.state, result.detail) == (HOLDS, words)


def test_a_control_that_was_not_run_cannot_tell():
    given = runs()
    del given["no_op"], given["question_control_later"]
    assert states(given) == [CANNOT_TELL, CANNOT_TELL, HOLDS]


def test_without_runs_there_is_nothing_to_check():
    assert check_controls(CONTROLLED, {}) == ()


MEASURED = claim(
    "increase", kind=Kind.MEAN, margin=0.1, controls=(Control(condition="question_control_later", shows=Shows.NOT_SO),)
)


@pytest.mark.parametrize(("centre", "state"), [(0.0, HOLDS), (0.1, CANNOT_TELL), (0.5, CONTRADICTS)])
def test_the_claim_must_not_hold_of_its_control(centre, state):
    values = np.tile([-0.2, 0.2], 50)
    effect = measured_mean(values + 1.0, Question("increase", margin=0.1, alpha=0.01), control=values + centre)
    (result,) = check_controls(MEASURED, runs(), effect)
    assert result.state == state
    assert "where the claim must not hold" in result.detail
    assert "95 % interval" in result.detail
    assert (judge(MEASURED, effect, alpha=0.01, runs=runs()).verdict == Verdict.VOID) == (state == CONTRADICTS)


def test_a_control_that_was_not_measured_cannot_tell():
    effect = measured_mean(np.tile([0.8, 1.2], 50), Question("increase", margin=0.1))
    (result,) = check_controls(MEASURED, runs(), effect)
    assert (result.state, result.detail) == (
        CANNOT_TELL,
        "it was not measured; give the statistic its numbers as `control`",
    )


def test_a_declared_no_op_may_be_what_the_claim_must_not_hold_of():
    given = runs()
    control = Control(condition="no_op", shows=Shows.NOT_SO)
    claimed = replace(CONTROLLED, controls=(control,))
    assert contradictions(claimed, given, ()) == ()
    asked = replace(claimed, controls=(Control(condition="no_op", shows=Shows.BITES),))
    assert "no_op weakened no attention edge" in contradictions(asked, given, ())[0]


def test_a_claim_about_every_outcome_is_controlled_by_every_outcome():
    given = runs(negative=(0, 0))
    labels = given["baseline"].labels
    rows = [row for row, label in enumerate(labels) if label == "LOGIC_ERROR"]
    moved = tuple("NONSENSE" if row in rows[:150] else label for row, label in enumerate(labels))
    given["question_control_later"] = FakeRun(
        "question_control_later", moved, certificate=certificate("question_control_later")
    )
    about = {"kind": Kind.EQUIVALENCE, "margin": 0.02, "controls": CONTROLLED.controls}
    assert check_controls(claim("equivalent", **about), given)[1].state == HOLDS, "as many are correct"
    result = check_controls(claim("equivalent", outcome="EVERY", **about), given)[1]
    assert result.state == CONTRADICTS
    assert "the outcome that moved most, against a margin of ±5.0" in result.detail
    same = check_controls(claim("equivalent", outcome="EVERY", **about), runs(negative=(4, 3)))[1]
    assert same.state == HOLDS
