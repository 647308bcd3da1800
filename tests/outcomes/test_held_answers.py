import random
from itertools import pairwise

import pytest

from ctlab.interventions import BASELINE
from ctlab.outcomes import Outcome, Run, chance_rates
from ctlab.outcomes.held_answers import TextAnswer, held_answer
from ctlab.problems import Problem
from ctlab.records.generation import Generation

NODES = tuple(f"{letter}umpus" for letter in "abcdefghijklmnop")
NAMES = ("Sally", "Tom", "Rex", "Max")


def run_of(problems, texts):
    generations = [
        Generation(problem_id=problem.id, token_ids=(), text=text)
        for problem, text in zip(problems, texts, strict=True)
    ]
    return Run.of(BASELINE, problems, generations)


@pytest.fixture(scope="module")
def random_entities():
    """Every wrong answer names a node at random, of which each question names eight of sixteen."""
    rng, problems, texts = random.Random(0), [], []
    for row in range(300):
        here, name = rng.sample(NODES, 8), rng.choice(NAMES)
        question = f"{row}: " + " ".join(f"Every {a} is a {b}." for a, b in pairwise(here))
        problems.append(Problem(question=question, gold=f"{name} is a {here[-1]}.", kind="entity"))
        texts.append(f"{name} is a {rng.choice(NODES)}.")
    return run_of(problems, texts)


def test_an_entity_drawn_at_random_is_named_at_its_chance_rate(random_entities):
    rates = chance_rates(random_entities)
    named = rates[Outcome.OTHER_ENTITY_NAMED]
    assert named.chance == pytest.approx(7 / 16, abs=0.03)  # 7 of the 16 nodes stand in the question and are wrong
    assert named.low < 0 < named.high
    right = rates[Outcome.CORRECT]
    assert (right.n, right.rate) == (300, random_entities.accuracy())
    assert right.low > 0  # Sally's sentence answers no question about Tom


def test_a_held_answer_has_its_own_label_at_its_own_problem(random_entities):
    for problem, said, labelled in zip(
        random_entities.problems, random_entities.generations, random_entities.classifications, strict=True
    ):
        held = held_answer(problem, labelled, said.text)
        assert (held is None) == (labelled.outcome is Outcome.CORRECT)
        assert held is None or held.outcome_for(problem) is labelled.outcome


def test_the_exact_chance_is_that_of_many_shuffles(random_entities):
    shuffled = chance_rates(random_entities)[Outcome.OTHER_ENTITY_NAMED]
    exact = random_entities.beyond_chance(Outcome.OTHER_ENTITY_NAMED)
    assert exact.rate == pytest.approx(shuffled.rate)
    assert exact.chance == pytest.approx(shuffled.chance, abs=0.02)
    assert exact.values.mean() == pytest.approx(shuffled.corrected, abs=0.05)
    assert random_entities.beyond_chance(Outcome.CALC_ERROR) is None


def test_every_wrong_boolean_is_the_opposite_and_nothing_is_beyond_that():
    problems = [Problem(question=f"{row}?", gold=str(row % 2 == 0), kind="boolean") for row in range(60)]
    rates = chance_rates(run_of(problems, ["true"] * 60))
    assert rates[Outcome.NEGATED].chance == 1
    assert rates[Outcome.NEGATED].corrected is None
    assert rates[Outcome.CORRECT].rate == pytest.approx(0.5)
    assert rates[Outcome.CORRECT].chance == pytest.approx(0.5)


def test_letters_are_right_by_chance_as_often_as_they_are_golds():
    problems = [
        Problem(question=f"{row}?", gold="ABCD"[row % 4], kind="choice", options=("w", "x", "y", "z"))
        for row in range(80)
    ]
    rates = chance_rates(run_of(problems, [problem.gold for problem in problems]))
    assert set(rates) == {Outcome.CORRECT}
    assert rates[Outcome.CORRECT].chance == pytest.approx(19 / 79, abs=0.02)


def test_a_mistake_of_ours_explains_nothing(monkeypatch):
    monkeypatch.setattr("ctlab.outcomes.kinds.boolean.Boolean.label", lambda *_: 1 / 0)
    problem = Problem(question="a?", gold="yes", kind="boolean")
    assert TextAnswer("boolean", "true").outcome_for(problem) is Outcome.UNEXPLAINED
