"""Chance-corrected rates, held to a slow recomputation, to the shuffles, and to a bootstrap."""

import random

import numpy as np
import pytest

from ctlab.interventions import BASELINE
from ctlab.outcomes import Outcome, Run, chance_rates
from ctlab.outcomes.outcome import BY_NUMBER
from ctlab.outcomes.taxonomy import label
from ctlab.problems import load_problems
from ctlab.records.generation import Generation

PROBLEMS = load_problems("tiny").problems[:90]
FORMS = ("The answer is: N",)


def run_of(texts, problems=PROBLEMS):
    said = [Generation(problem_id=each.id, token_ids=(), text=text) for each, text in zip(problems, texts, strict=True)]
    return Run.of(BASELINE, problems, said, forms=FORMS)


@pytest.fixture(scope="module")
def run():
    """A third right, a third a factor of two off, the rest other problems' answers; some forms break."""
    rng = random.Random(5)
    golds = [problem.gold_number for problem in PROBLEMS]
    texts = []
    for problem in PROBLEMS:
        number = rng.choice([problem.gold_number, problem.gold_number.value * 2, rng.choice(golds)])
        texts.append(f"{rng.choice(['The answer is:'] * 9 + ['='])} {number}")
    return run_of(texts)


def slowly(run, outcome):
    """The corrected rate by its definition, problem by problem."""
    wrong = [(p, c.wrong_number) for p, c in zip(run.problems, run.classifications, strict=True) if c.wrong_number]
    chances = []
    for at, (problem, _) in enumerate(wrong):
        others = [label(problem, number) for k, (_, number) in enumerate(wrong) if k != at]
        others = [each for each in others if each is not Outcome.CORRECT]
        chances.append(sum(each is outcome for each in others) / len(others))
    share = sum(label(problem, number) is outcome for problem, number in wrong) / len(wrong)
    chance = sum(chances) / len(chances)
    return (share - chance) / (1 - chance)


@pytest.mark.parametrize("outcome", BY_NUMBER)
def test_the_mean_is_the_corrected_rate_by_definition(run, outcome):
    found = run.beyond_chance(outcome)
    assert found.values.mean() == pytest.approx(slowly(run, outcome), abs=1e-12)
    assert found.wrong == sum(each.wrong_number is not None for each in run.classifications)
    # Twenty shuffles of sixty answers know chance to a few points; what chance leaves magnifies them.
    shuffled = chance_rates(run)[outcome]
    assert (shuffled.rate, shuffled.chance) == (pytest.approx(found.rate), pytest.approx(found.chance, abs=0.04))


@pytest.mark.parametrize("outcome", [each for each in Outcome if each not in BY_NUMBER])
def test_what_the_text_decides_has_none(run, outcome):
    assert run.beyond_chance(outcome) is None


def test_a_value_is_the_derivative_to_a_problem_s_weight(run):
    """Doubling a problem moves the rate by its value; the infinitesimal jackknife against a finite one."""
    found = run.beyond_chance(Outcome.OFF_BY_FACTOR)
    texts = [said.text for said in run.generations]
    moved = []
    for left_out in range(30):
        rows = [row for row in range(len(texts)) if row != left_out]
        rest = run_of([texts[row] for row in rows], [PROBLEMS[row] for row in rows])
        moved.append(found.values.mean() - rest.beyond_chance(Outcome.OFF_BY_FACTOR).values.mean())
    predicted = (found.values[:30] - found.values.mean()) / (len(texts) - 1)
    assert np.corrcoef(moved, predicted)[0, 1] > 0.99
    assert np.allclose(moved, predicted, atol=0.004)


def test_labels_that_true_or_false_steps_give_are_no_chance():
    texts = [f"<<2+3={5 + k % 2}>>\nA: {1000 + k}" for k in range(len(PROBLEMS))]
    run = Run.of(
        BASELINE,
        PROBLEMS,
        [Generation(problem_id=p.id, token_ids=(), text=text) for p, text in zip(PROBLEMS, texts, strict=True)],
    )
    found = run.beyond_chance(Outcome.CALC_ERROR)
    assert (found.rate, found.chance) == (0.5, 0.0)
    assert found.values.mean() == pytest.approx(0.5)


def test_nothing_is_beyond_chance_where_there_is_nothing():
    right = run_of([f"The answer is: {problem.gold_number}" for problem in PROBLEMS])
    found = right.beyond_chance(Outcome.CALC_ERROR)
    assert (found.wrong, found.values.any()) == (0, False)
