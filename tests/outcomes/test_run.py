from dataclasses import replace

import pytest

from ctlab.errors import PairingError
from ctlab.interventions import BASELINE, Condition
from ctlab.outcomes import Outcome, Run
from ctlab.problems import Problem, load_problems
from ctlab.records.generation import Generation


@pytest.fixture(scope="module")
def problems():
    return tuple(load_problems("tiny")[:3])


@pytest.fixture(scope="module")
def generations(problems):
    texts = [f"The answer is: {problems[0].gold}", "The answer is: -5000", ""]
    return tuple(
        Generation(problem_id=problem.id, token_ids=(), text=text)
        for problem, text in zip(problems, texts, strict=True)
    )


def test_a_run_counts_outcomes(problems, generations):
    run = Run.of(BASELINE, problems, generations)
    assert run.ids == tuple(problem.id for problem in problems)
    assert run.correct() == (True, False, False)
    assert run.has(Outcome.NONE) == (False, False, True)
    assert run.accuracy() == pytest.approx(1 / 3)
    assert run.certificate is None


def test_lengths_must_agree(problems, generations):
    run = Run.of(BASELINE, problems, generations)
    with pytest.raises(PairingError, match="3 problems and 2 generations"):
        Run.of(BASELINE, problems, generations[:2])
    with pytest.raises(PairingError, match="3 problems, 3 generations and 1 classifications"):
        Run(condition=BASELINE, problems=problems, generations=generations, classifications=run.classifications[:1])


def test_generations_come_in_problem_order(problems, generations):
    with pytest.raises(PairingError, match="row 1: the generation belongs to problem"):
        Run.of(BASELINE, problems, generations[::-1])


def test_a_problem_counts_once(problems, generations):
    with pytest.raises(PairingError, match="holds a problem twice"):
        Run.of(BASELINE, [problems[0]] * 2, [generations[0]] * 2)


def test_an_empty_run_is_refused():
    with pytest.raises(PairingError, match="has no problems"):
        Run.of(BASELINE, [], [])


def test_labels_by_other_forms_than_the_run_names_are_counted():
    asked = [Problem(question=f"What is {k} plus 1?", gold=k + 1) for k in range(4)]
    texts = ["The answer is: 1", "/ 5", "The answer is: 9", "* 6"]
    said = [Generation(problem_id=p.id, token_ids=(1,), text=text) for p, text in zip(asked, texts, strict=True)]
    condition, forms = Condition(name="c"), {"The answer is: N"}
    run = Run.of(condition, asked, said, forms=forms)
    assert (run.forms, run.mislabelled) == (frozenset(forms), 0)
    loose = Run.of(condition, asked, said, forms={"The answer is: N", "/ N"})
    assert replace(loose, forms=frozenset(forms)).mislabelled == 1
    assert replace(run, forms=frozenset()).mislabelled == 2
    assert replace(run, forms=None).mislabelled == 0
