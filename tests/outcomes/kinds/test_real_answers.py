"""Real answers of real models to real text sets, against what their authors' own tool says of each."""

import json
from itertools import pairwise

import pytest

from ctlab.interventions import BASELINE
from ctlab.outcomes import Outcome, Run, chance_rates, classify
from ctlab.problems import Problem, ProblemSet
from ctlab.records.generation import Generation
from tests.shared_data import shared

RIGHT = {
    ("m1", "prosqa_test"): 415,
    ("m1", "ood_7hop"): 107,
    ("m1", "ood_dag"): 282,
    ("m3", "prosqa_test"): 485,
    ("m3", "ood_7hop"): 660,
    ("m3", "ood_dag"): 592,
    ("m5", "prosqa_test"): 483,
    ("m5", "ood_7hop"): 754,
    ("m5", "ood_dag"): 519,
}


def prosqa(name):
    form = json.loads(shared(f"data/field/text/prosqa/{name}.json").read_text(encoding="utf-8"))
    return [Problem(question=row["question"], gold=row["answer"], kind="entity") for row in form]


def answered(problems, texts):
    generations = [
        Generation(problem_id=problem.id, token_ids=(), text=text)
        for problem, text in zip(problems, texts, strict=True)
    ]
    return Run.of(BASELINE, ProblemSet("text", problems), generations)


@pytest.mark.parametrize(("model", "name"), RIGHT)
def test_right_and_wrong_are_those_of_the_authors(model, name):
    problems = prosqa(name)
    form = json.loads(shared(f"data/field/predictions/{model}_{name}.json").read_text(encoding="utf-8"))
    found = [
        (classify(problems[row["sample_idx"]], row["predicted"]).outcome is Outcome.CORRECT, row["correct"])
        for row in form["predictions"]
    ]
    assert [ours for ours, _ in found] == [theirs for _, theirs in found]
    assert sum(ours for ours, _ in found) == RIGHT[model, name]


def test_references_of_prosqa_are_read_as_themselves_and_seldom_right_elsewhere():
    problems = prosqa("prosqa_test")
    run = answered(problems, [problem.gold for problem in problems])
    assert run.accuracy() == 1
    assert chance_rates(run)[Outcome.CORRECT].chance < 0.005


def test_references_of_boolean_sets_are_right_by_chance_half_of_the_time():
    form = json.loads(shared("data/field/text/prontoqa/prontoqa_5hop_coconut.json").read_text(encoding="utf-8"))
    rows = {row["question"]: row["answer"] for row in form}
    form = json.loads(shared("data/field/text/strategyqa/strategyqa_dev.json").read_text(encoding="utf-8"))
    spoken = {row["question"]: str(row["answer"]) for row in form}
    for golds, frame in ((rows, "### {}"), (spoken, "{}</s>")):
        problems = [Problem(question=question, gold=gold, kind="boolean") for question, gold in golds.items()]
        run = answered(problems, [frame.format(problem.gold) for problem in problems])
        assert run.accuracy() == 1
        assert chance_rates(run)[Outcome.CORRECT].chance == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    "frame", ["{0}", "({0})", "{1}", "The answer is ({0}) {1}.", "So it must be {1}", "Answer: {0}: {1}"]
)
def test_every_option_of_commonsenseqa_is_read_as_itself(frame):
    lines = shared("data/field/text/commonsenseqa/dev_rand_split.jsonl").read_text(encoding="utf-8").splitlines()
    wrong = []
    for line in lines[::5]:
        row = json.loads(line)
        options = tuple(choice["text"] for choice in row["question"]["choices"])
        problem = Problem(question=row["question"]["stem"], gold=row["answerKey"], kind="choice", options=options)
        twice = any(one == other for one, other in pairwise(sorted(options)))
        for letter, text in zip("ABCDE", options, strict=True):
            right = classify(problem, frame.format(letter, text)).outcome is Outcome.CORRECT
            if right != (letter == row["answerKey"]) and not twice:
                wrong.append((options, letter))
    assert wrong == []
