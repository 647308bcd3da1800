from dataclasses import replace

import pytest

from ctlab.claims import Direction, Kind, judge
from ctlab.claims.room import with_room
from ctlab.interventions import Condition
from ctlab.outcomes import Run
from ctlab.problems import Problem
from ctlab.records import Verdict
from ctlab.records.generation import Generation
from ctlab.records.own_functions import Own, OwnOutcome
from ctlab.statistics import rate_difference, rate_equivalence, stronger
from tests.claims.making import ALPHA, claim
from tests.statistics.fake_runs import FakeRun, Question, pair

N = 1000


def judged(of, before, after):
    """Judge a claim on two runs in which so many answers are correct, the same ones first."""
    runs = {
        name: FakeRun(name, ("CORRECT",) * correct + ("LOGIC_ERROR",) * (N - correct))
        for name, correct in (("baseline", before), ("ct0_blocked", after))
    }
    asked = Question(str(of.direction), of.margin, ALPHA)
    measure = rate_equivalence if of.direction == Direction.EQUIVALENT else rate_difference
    return judge(of, measure(of.outcome, *runs.values(), asked), alpha=ALPHA, runs=runs)


def equivalent(**fields):
    return claim(Direction.EQUIVALENT, kind=Kind.EQUIVALENCE, margin=0.02, **fields)


def test_hidden_without_effect_is_not_supported_by_a_floor():
    judgement = judged(equivalent(), 3, 3)
    assert judgement.verdict == Verdict.INCONCLUSIVE
    assert judgement.why == (
        "Not decided: there is no room to fall that 2.0 points could be seen in: 3 of 1,000 (0.3 %) answers under "
        "baseline are “correct”."
    )
    assert judgement.effect.p_value < ALPHA  # which is what would have supported it


@pytest.mark.parametrize(
    ("of", "enough", "short"),
    [
        (equivalent(), 40, 39),  # twice two points of 1,000
        (claim(margin=0.02), 40, 39),
        (claim(), 10, 9),
        (claim(Direction.INCREASE, margin=0.02), 960, 961),
        (claim(Direction.INCREASE), 990, 991),
        (equivalent(outcome="LOGIC_ERROR"), 980, 981),  # where 19 are wrong, no kind of error can rise by 20
    ],
)
def test_where_room_ends(of, enough, short):
    # An equivalence of a kind of error has room in what is wrong beyond those that have it already.
    filler = {"CALC_ERROR"} if of.outcome == "LOGIC_ERROR" else set()
    for correct, room in ((enough, True), (short, False)):
        runs = {
            name: FakeRun(name, ("CORRECT",) * correct + tuple(filler or {"LOGIC_ERROR"}) * (N - correct))
            for name in ("baseline", "ct0_blocked")
        }
        asked = Question(str(of.direction), of.margin, ALPHA)
        measure = rate_equivalence if of.direction == Direction.EQUIVALENT else rate_difference
        judgement = judge(of, measure(of.outcome, *runs.values(), asked), alpha=ALPHA, runs=runs)
        assert ("no room" in judgement.effect.undecided) is not room


def test_room_that_the_treatment_makes_counts_for_a_kind_of_error():
    runs = dict(zip(("baseline", "ct0_blocked"), pair(300, 0, N, kept=700), strict=True))
    runs = {name: FakeRun(name, run.labels) for name, run in runs.items()}
    of = equivalent(outcome="LOGIC_ERROR")
    effect = rate_equivalence("LOGIC_ERROR", *runs.values(), Question("equivalent", 0.02, ALPHA))
    assert judge(of, effect, alpha=ALPHA, runs=runs).verdict == Verdict.REFUTED


def test_a_comparison_of_two_conditions_needs_room_below_the_one_that_costs_less():
    of = claim(Direction.INCREASE, kind=Kind.MORE_THAN, conditions=("baseline", "ct0_blocked", "ct4_blocked"))
    floor = {
        name: FakeRun(name, ("CORRECT",) * correct + ("LOGIC_ERROR",) * (N - correct))
        for name, correct in (("baseline", 900), ("ct0_blocked", 1), ("ct4_blocked", 3))
    }
    effect = stronger(floor["ct0_blocked"], floor["ct4_blocked"], Question("increase", 0.0, ALPHA))
    judgement = judge(of, effect, alpha=ALPHA, runs=floor)
    assert judgement.verdict == Verdict.INCONCLUSIVE
    assert "3 of 1,000 (0.3 %) answers under ct4_blocked" in judgement.why


def test_nothing_is_said_without_the_runs():
    runs = pair(300, 10, N)
    effect = rate_difference("CORRECT", *runs, Question("decrease", 0.0, ALPHA))
    assert judge(claim(), effect, alpha=ALPHA).effect == effect


def test_an_own_outcome_can_rise_among_right_answers_too():
    own = Own(outcomes={"IS_LONG": OwnOutcome("IS_LONG", lambda problem, text: len(text) > 20)})
    said = {"baseline": "The answer is: {}", "ct0_blocked": "The answer is: {}"}
    problems = tuple(Problem(question=f"What is {k} plus 1?", gold=k + 1) for k in range(100))
    runs = {}
    for name, text in said.items():
        answers = [Generation(problem_id=each.id, token_ids=(), text=text.format(each.gold)) for each in problems]
        runs[name] = Run.of(Condition(name=name), problems, answers, own=own)
    assert all(runs["baseline"].correct())
    same = claim(Direction.EQUIVALENT, kind=Kind.EQUIVALENCE, margin=0.1, outcome="IS_LONG")
    effect = rate_equivalence("IS_LONG", *runs.values(), Question("equivalent", 0.1, ALPHA))
    assert with_room(same, effect, runs).undecided == ""
    wrong = replace(same, outcome="LOGIC_ERROR")  # of which there can be no more than there are wrong answers
    assert "no room to rise" in with_room(wrong, effect, runs).undecided
