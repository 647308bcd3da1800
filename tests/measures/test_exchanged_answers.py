"""What becomes of the answer when a thought is exchanged: counted on answers that are written down."""

from dataclasses import replace

import numpy as np
import pytest

from ctlab.errors import PairingError, StatisticsError
from ctlab.interventions import BASELINE, Condition
from ctlab.interventions.donors import all_donors, donors
from ctlab.measures import exchange_rates, exchanges, follows_beyond_chance, follows_beyond_control
from ctlab.outcomes import Run
from ctlab.problems import Problem, load_problems
from ctlab.records.generation import Generation

PROBLEMS = load_problems("tiny").limited(200).problems
BY_ID = {problem.id: problem for problem in PROBLEMS}


def condition(by="matched", step=2, name="c", **fields):
    form = {"thoughts": ["CT1"], "by": by, "step": step, **fields}
    return Condition.from_json({"name": name, "interventions": [form]})


def answered(which, say, problems=PROBLEMS):
    """A run in which ``say`` makes the answer of a problem and its donor; the own gold answer without a donor."""
    chosen = donors(problems, which.matching)
    generations = []
    for problem in problems:
        donor = BY_ID.get(chosen.get(problem.id))
        number = problem.gold if donor is None else say(problem, donor)
        text = "" if number is None else f"The answer is: {number}"
        generations.append(
            Generation(problem_id=problem.id, token_ids=(), text=text, donor="" if donor is None else donor.id)
        )
    return Run.of(which, problems, generations)


def expected(problem, donor, step=2):
    return problem.graph.results_with(step, donor.graph.results[step - 1])[-1]


def follow(problem, donor):
    return expected(problem, donor)


def keep(problem, donor):
    return problem.gold


def total(run):
    return exchange_rates(run)[-1]


def test_answers_that_follow_the_donor_are_told_from_those_that_stay():
    matching = condition().matching
    n = len(donors(PROBLEMS, matching))
    assert 100 < n < len(PROBLEMS)
    rates = total(answered(condition(), follow))
    assert (rates["n"], rates["without_donor"]) == (n, len(PROBLEMS) - n)
    assert (rates["follows"], rates["keeps"], rates["copies"], rates["neither"]) == (n, 0, 0, 0)
    rates = total(answered(condition(), keep))
    assert (rates["follows"], rates["keeps"], rates["copies"], rates["neither"]) == (0, n, 0, 0)
    rates = total(answered(condition(), lambda *_: None))
    assert (rates["follows"], rates["keeps"], rates["neither"], rates["by_chance"]) == (0, 0, n, 0)
    rates = total(answered(condition(), lambda problem, donor: donor.gold))
    at_last_step = sum(expected(*pair) == pair[1].graph.gold for pair in pairs(matching))
    assert rates["follows"] == at_last_step
    assert rates["copies"] + rates["keeps"] + rates["follows"] == n


def pairs(matching):
    return [(BY_ID[one], BY_ID[other]) for one, other in donors(PROBLEMS, matching).items()]


def test_rates_are_by_number_of_steps_and_add_up():
    mixed = answered(condition(), lambda problem, donor: [follow, keep][len(problem.question) % 2](problem, donor))
    *groups, whole = exchange_rates(mixed)
    assert [row["steps"] for row in groups] == [1, 2, 3, 4, 5]
    assert groups[0]["n"] == 0  # a problem of one step has no second one
    assert groups[0]["without_donor"] == sum(len(problem.graph.steps) == 1 for problem in PROBLEMS)
    for field in ("n", "without_donor", "follows", "keeps", "copies", "neither", "by_chance"):
        assert sum(row[field] for row in groups) == pytest.approx(whole[field])
    for row in (*groups, whole):
        assert row["follows"] + row["keeps"] + row["copies"] + row["neither"] == row["n"]


def test_following_is_beyond_chance_and_staying_is_not():
    assert follows_beyond_chance(answered(condition(), follow)).mean() > 0.8
    kept = follows_beyond_chance(answered(condition(), keep))
    assert (kept == 0).all()  # the own answer follows of no donor's result


def test_chance_is_how_often_an_answer_would_follow_if_another_donor_had_been_chosen():
    """Averaged over every donor that could have been chosen, following beyond chance is exactly 0."""
    matching = condition().matching
    fitting = all_donors(PROBLEMS, matching)
    followed = 0
    for each in exchanges(
        answered(condition(), lambda problem, donor: expected(problem, BY_ID[fitting[problem.id][-1]]))
    ):
        others = [replace(each, donor=BY_ID[donor]) for donor in fitting[each.problem.id]]
        assert np.mean([other.follows - other.by_chance for other in others]) == pytest.approx(0)
        followed += each.by_chance
    assert followed > 3


def test_chance_counts_every_donor_that_fits_with_the_one_that_was_chosen():
    run = answered(condition(), follow)
    for each in exchanges(run)[:20]:
        fitting = all_donors(PROBLEMS, condition().matching)[each.problem.id]
        leading = [expected(each.problem, BY_ID[donor]) for donor in fitting]
        assert each.by_chance == pytest.approx(leading.count(each.expected) / len(leading))
        assert each.donor.id == fitting[0]


def test_the_control_s_donors_lead_to_the_own_answer():
    control = answered(condition("matched-same"), keep)
    rates = total(control)
    assert rates["n"] == rates["keeps"] == len(donors(PROBLEMS, condition("matched-same").matching)) > 20
    assert (rates["follows"], rates["by_chance"]) == (None, None)
    assert all(each.expected == each.problem.graph.gold for each in exchanges(control))
    with pytest.raises(StatisticsError, match=r"have the problem's own result.* control of a run"):
        follows_beyond_chance(control)


def test_following_beyond_the_control_is_paired_by_problem():
    control = answered(condition("matched-same", name="control"), keep)
    both = {*donors(PROBLEMS, condition().matching)} & {*donors(PROBLEMS, condition("matched-same").matching)}
    values = follows_beyond_control(answered(condition(), follow), control)
    assert len(both) / 3 < len(values) < len(both)  # no problem stands in two
    assert (values == 1).all()
    assert (follows_beyond_control(answered(condition(), keep), control) == 0).all()


def test_what_is_no_control_is_refused():
    run = answered(condition(), follow)
    for other in (run, answered(condition("matched-same", step=1), keep)):
        with pytest.raises(StatisticsError, match="control of an exchange at step 2 patches by 'matched-same'"):
            follows_beyond_control(run, other)
    with pytest.raises(PairingError, match="holds"):
        follows_beyond_control(run, answered(condition("matched-same"), keep, PROBLEMS[:150]))


def test_what_exchanges_nothing_is_refused():
    generations = [Generation(problem_id=problem.id, token_ids=(), text="5") for problem in PROBLEMS]
    with pytest.raises(StatisticsError, match="'baseline' exchanges no thought for a donor's"):
        exchange_rates(Run.of(BASELINE, PROBLEMS, generations))
    with pytest.raises(StatisticsError, match="do not say whose thoughts were fed"):
        exchange_rates(Run.of(condition(), PROBLEMS, generations))


def test_donors_of_another_problem_set_are_refused():
    run = answered(condition(), follow)
    part = Run.of(run.condition, run.problems[:60], run.generations[:60])
    with pytest.raises(PairingError, match="read the run with all the problems that it was made with"):
        exchanges(part)
    none = [replace(each, donor="") if number % 2 else each for number, each in enumerate(run.generations)]
    with pytest.raises(PairingError, match="was given the thought of no donor"):
        exchanges(Run.of(run.condition, run.problems, none))


def test_rounding_in_the_own_solution_is_no_other_answer():
    """With the own result the own answer follows as it was written, and not as it would be without rounding."""
    problems = [
        Problem(question=f"{name}?", solution=solution, gold=gold)
        for name, solution, gold in (
            ("a", "<<2*5=10>> <<10/3=3.33>>", "3.33"),
            ("b", "<<9+1=10>> <<10/4=2.5>>", "2.5"),
        )
    ]
    BY_ID.update({problem.id: problem for problem in problems})
    control = answered(condition("matched-same", step=1), keep, tuple(problems))
    assert total(control)["keeps"] == 2
    assert [str(each.expected) for each in exchanges(control)] == ["333/100", "5/2"]
