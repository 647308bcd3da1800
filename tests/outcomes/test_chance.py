import json
import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.interventions import BASELINE
from ctlab.outcomes import ERRORS, Outcome, Run, chance, chance_rates
from ctlab.outcomes.chance import LEVEL, ChanceRate, _derangement
from ctlab.outcomes.held_answers import held_answer
from ctlab.outcomes.outcome import BY_NUMBER
from ctlab.problems import load_problems
from ctlab.records.generation import Generation
from ctlab.results import read_recorded
from tests.shared_data import shared

LOW, HIGH = (1 - LEVEL) / 2, (1 + LEVEL) / 2


def run_of(problems, texts):
    generations = [
        Generation(problem_id=problem.id, token_ids=(), text=text)
        for problem, text in zip(problems, texts, strict=True)
    ]
    return Run.of(BASELINE, problems, generations)


@pytest.fixture(scope="module")
def partial():
    """Every third answer is the problem's own first result, the others are drawn at random."""
    problems = load_problems("tiny")[:300]
    rng = random.Random(0)
    texts = [
        f"The answer is: {problem.graph.operations[0].value if row % 3 == 0 else rng.randrange(1, 100)}"
        for row, problem in enumerate(problems)
    ]
    return run_of(problems, texts)


def test_what_fits_its_problem_stands_out_from_chance(partial):
    rates = chance_rates(partial)
    own = rates[Outcome.PARTIAL_ANSWER]
    assert own.rate > 2 * own.chance
    assert own.chance < own.rate
    assert own.low > 0
    assert own.corrected == pytest.approx((own.rate - own.chance) / (1 - own.chance))
    assert own.low < own.corrected < own.high


def test_rates_are_the_labels_of_the_run(partial):
    wrong = [each for each in partial.classifications if each.outcome is not Outcome.CORRECT]
    for outcome, rate in chance_rates(partial).items():
        assert rate.n == len(wrong)
        assert rate.rate == pytest.approx(sum(each.outcome is outcome for each in wrong) / len(wrong))
    assert set(chance_rates(partial)) == set(BY_NUMBER)


def test_rates_and_chance_rates_are_whole_distributions(partial):
    rates = chance_rates(partial).values()
    assert sum(each.rate for each in rates) == pytest.approx(1)
    assert sum(each.chance for each in rates) == pytest.approx(1)


def test_answers_that_know_nothing_have_their_chance_rate():
    problems = load_problems("tiny")[:400]
    rng = random.Random(1)
    rates = chance_rates(run_of(problems, [f"The answer is: {rng.randrange(1, 100)}" for _ in problems]))
    for rate in rates.values():
        assert rate.low <= 0.02
        assert abs(rate.rate - rate.chance) < 0.07


def test_the_seed_decides(partial):
    assert chance_rates(partial) == chance_rates(partial)
    assert chance_rates(partial, seed=1) != chance_rates(partial)


def test_a_label_that_everybody_gets_has_no_corrected_rate():
    problems = load_problems("tiny")[:20]
    rates = chance_rates(run_of(problems, ["The answer is: 100003"] * 20))
    unexplained = rates[Outcome.UNEXPLAINED]
    assert (unexplained.rate, unexplained.chance, unexplained.corrected, unexplained.low) == (1.0, 1.0, None, None)


def test_too_few_wrong_answers_have_no_rates():
    problems = load_problems("tiny")[:5]
    right = [f"The answer is: {problem.gold}" for problem in problems]
    assert chance_rates(run_of(problems, right)) == {}
    assert chance_rates(run_of(problems, [*right[:4], "The answer is: 5000"])) == {}
    assert chance_rates(run_of(problems, [*right[:3], "", "no number"])) == {}


def test_replacements_equal_to_the_gold_answer_are_dropped():
    first, second, *_ = (problem for problem in load_problems("tiny") if problem.gold_number.value < 50)
    texts = [f"The answer is: {second.gold}", "The answer is: 100003"]
    problems = [first, second]
    assert first.gold_number != second.gold_number
    assert chance_rates(run_of(problems, texts))[Outcome.UNEXPLAINED].chance == 1.0


def test_written_steps_are_true_or_false_whatever_the_problem(partial):
    texts = [f"<<1+1=3>> {generation.text}" for generation in partial.generations]
    run = run_of(partial.problems, texts)
    calc = chance_rates(run)[Outcome.CALC_ERROR]
    assert (calc.rate, calc.chance, calc.corrected) == (1.0, 1.0, None)
    alone = chance_rates(run, final_number_only=True)
    assert {outcome: rate.rate for outcome, rate in alone.items()} == pytest.approx(
        {outcome: rate.rate for outcome, rate in chance_rates(partial).items()}
    )


def _rates_as_they_were(run, seed):
    """What 0.1.0 worked out: answer after answer, and all resamples of the bootstrap at once."""
    pairs = zip(run.problems, run.generations, run.classifications, strict=True)
    answers = [(problem, held_answer(problem, label, said.text)) for problem, said, label in pairs]
    answers = [(problem, answer) for problem, answer in answers if answer is not None]
    n, rng = len(answers), random.Random(f"chance {seed}")
    shuffled = [Counter() for _ in answers]
    for _ in range(20):
        for at, other in enumerate(_derangement(n, rng)):
            shuffled[at][answers[other][1].outcome_for(answers[at][0])] += 1
    scored = [outcome for outcome in run.outcomes if outcome in BY_NUMBER]
    has = np.array([[answer.outcome_for(problem) is each for each in scored] for problem, answer in answers], float)
    given = np.array([[counts[each] for each in scored] for counts in shuffled], float)
    kept = np.array([sum(counts[each] for each in ERRORS) for counts in shuffled], float)
    drawn = np.random.default_rng([seed, n]).multinomial(n, np.full(n, 1 / n), size=1000)
    drawn = np.vstack([np.ones(n), drawn])
    rate, chance = drawn @ has / n, drawn @ given / np.maximum(drawn @ kept, 1)[:, None]
    corrected = (rate - chance) / (1 - chance)
    return {
        outcome: (rate[0, at], chance[0, at], corrected[0, at], *np.quantile(corrected[1:, at], [LOW, HIGH]), n)
        for at, outcome in enumerate(scored)
    }


@pytest.mark.parametrize("drawn", [2**21, 1000])
def test_several_runs_together_have_the_rates_that_each_had_alone_to_the_last_bit(partial, monkeypatch, drawn):
    monkeypatch.setattr(chance, "_DRAWN", drawn)
    monkeypatch.setattr(chance, "_TOGETHER", 2)
    texts = [said.text for said in partial.generations]
    problems = partial.problems
    runs = [partial, run_of(problems[:80], texts[1:81]), run_of(problems[:1], texts[:1]), run_of(problems, texts[::-1])]
    done = []
    found = list(chance.chance_rates_of(runs, seed=3, advance=done.append))
    assert sum(done) == sum(len(run.ids) for run in runs)
    assert found[2] == {}
    for run, rates in zip(runs, found, strict=True):
        if rates:
            told = {each: (r.rate, r.chance, r.corrected, r.low, r.high, r.n) for each, r in rates.items()}
            assert told == _rates_as_they_were(run, 3)
        assert rates == chance_rates(run, seed=3)


def test_chance_rates_travel_as_json(partial):
    for rate in chance_rates(partial).values():
        assert ChanceRate.from_json(json.loads(json.dumps(rate.to_json()))) == rate
    unknown = replace(rate, corrected=None, low=None, high=None)
    assert ChanceRate.from_json(unknown.to_json()) == unknown


@given(st.integers(2, 40), st.integers())
def test_nothing_stays_in_place(n, seed):
    order = _derangement(n, random.Random(seed))
    assert sorted(order) == list(range(n))
    assert all(at != other for at, other in enumerate(order))


def test_published_answers_without_written_steps():
    """Facts known beforehand: intermediate results fit 6 to 8 % of wrong answers and about 2 % of shuffled ones."""
    problems = load_problems(shared("data/gsm8k/test.jsonl"))
    run = Run.of(BASELINE, problems, read_recorded(shared("data/recorded/implicit-cot-gpt2.jsonl"), problems))
    rates = chance_rates(run)
    assert 0.05 < rates[Outcome.PARTIAL_ANSWER].rate < 0.10
    assert 0.01 < rates[Outcome.PARTIAL_ANSWER].chance < 0.035
    assert rates[Outcome.OPERATION_REVERSAL].chance < 0.02
    assert 0.02 < rates[Outcome.OFF_BY_FACTOR].chance < 0.07
