"""The lab bench: what is hidden, an outcome and a feature of this suite's own."""

import re

from ctlab.interventions import Condition


def pytest_ctlab_conditions(card):
    hidden = {f"ct{k}_from_answer": {"keys": [f"CT{k}"], "readers": "answer"} for k in (1, 5)}
    return [Condition.from_json({"name": name, "interventions": [each]}) for name, each in hidden.items()]


def pytest_ctlab_outcomes():
    return {"REPEATS_A_NUMBER": repeats_a_number}


def pytest_ctlab_features():
    return {"answer_digits": lambda problem: len(problem.gold_text)}


def repeats_a_number(problem, text):
    said = re.findall(r"\d+", text)
    return bool(said) and said[-1] in re.findall(r"\d+", problem.question)
