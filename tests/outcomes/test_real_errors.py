"""The classifier against real wrong answers: the final number alone against what the written equations say."""

import time

import pytest

from ctlab.interventions import BASELINE
from ctlab.outcomes import Outcome, Run, classify
from ctlab.outcomes.second_reading import annotations_hold
from ctlab.outcomes.taxonomy import label
from ctlab.problems import load_problems
from ctlab.results import read_recorded
from tests.shared_data import shared


@pytest.fixture(scope="module", params=["openai-6b-finetuning", "openai-175b-finetuning"])
def run(request):
    problems = load_problems(shared("data/gsm8k/test.jsonl"))
    return Run.of(BASELINE, problems, read_recorded(shared(f"data/recorded/{request.param}.jsonl"), problems))


@pytest.fixture(scope="module")
def wrong(run):
    """Wrong answers with steps that a second reader understands: (problem, classification, are all steps true)."""
    found = []
    for problem, generation, classified in zip(run.problems, run.generations, run.classifications, strict=True):
        holds = annotations_hold(generation.text)
        undecided = (Outcome.CORRECT, Outcome.NONSENSE, Outcome.NONE)
        if classified.outcome not in undecided and holds is not None:
            found.append((problem, classified, holds))
    assert len(found) > 700
    return found


def test_with_steps_the_label_agrees_with_the_equations(wrong):
    agree = [(classified.outcome is Outcome.CALC_ERROR) != holds for _, classified, holds in wrong]
    assert sum(agree) / len(agree) >= 0.98


def test_most_wrong_answers_have_only_true_equations(wrong):
    assert sum(holds for _, _, holds in wrong) / len(wrong) >= 0.95


def test_from_the_number_alone_few_true_plans_are_called_slips(wrong):
    labels = [label(problem, classified.prediction) for problem, classified, holds in wrong if holds]
    assert labels.count(Outcome.CALC_ERROR) / len(labels) <= 0.12
    assert labels.count(Outcome.UNEXPLAINED) / len(labels) <= 0.30


@pytest.mark.parametrize(
    ("name", "correct"),
    [
        ("openai-6b-finetuning", 286),
        ("openai-175b-finetuning", 458),
        ("implicit-cot-gpt2", 397),
        ("implicit-cot-gpt2-medium", 460),
    ],
)
def test_accuracies_are_the_published_ones(name, correct):
    problems = load_problems(shared("data/gsm8k/test.jsonl"))
    run = Run.of(BASELINE, problems, read_recorded(shared(f"data/recorded/{name}.jsonl"), problems))
    assert sum(run.correct()) == correct


@pytest.mark.parametrize(
    ("name", "errors"),
    [("baseline", 0)] + [(f"zero_first_{k}", n) for k, n in enumerate((145, 468, 528, 556, 868), start=1)],
)
def test_wrong_answers_of_a_real_continuous_thought_model(name, errors):
    folder = shared("data/recorded/codi-llama-zeroing")
    problems = load_problems(folder / "problems.jsonl")
    run = Run.of(BASELINE, problems, read_recorded(folder / f"{name}.jsonl", problems))
    assert run.correct().count(False) == errors


@pytest.mark.parametrize("name", ["implicit-cot-gpt2", "openai-175b-finetuning"])
def test_an_answer_takes_a_millisecond(name):
    problems = load_problems(shared("data/gsm8k/test.jsonl"))
    answers = read_recorded(shared(f"data/recorded/{name}.jsonl"), problems)
    start = time.process_time()
    for problem, answer in zip(problems, answers, strict=True):
        classify(problem, answer.text)
    # The promise is 1 ms on average on an idle core.
    assert (time.process_time() - start) / len(problems) < 0.0025


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("<<16-3=13>> <<13*2=26>>", True),
        ("<<16-3=13>> <<13*2=27>>", False),
        ("<<50+20*.01=50.2>> <<007+1=8>> <<10/3=3.33>>", True),
        ("<<2+2=4>> <<x+2=5>>", None),
        ("no steps", None),
        ("<<1/0=3>>", None),
        ("<<=3>>", None),
    ],
)
def test_the_second_reading(text, holds):
    assert annotations_hold(text) is holds
