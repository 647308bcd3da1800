"""The lab bench: the usual conditions, an outcome and a feature of this suite's own."""

import re

from ctlab.interventions import usual_conditions


def pytest_ctlab_conditions(card):
    return usual_conditions(card).values()


def pytest_ctlab_outcomes():
    return {"REPEATS_A_NUMBER": repeats_a_number}


def pytest_ctlab_features():
    return {"answer_digits": lambda problem: len(problem.gold_text)}


def repeats_a_number(problem, text):
    said = re.findall(r"\d+", text)
    return bool(said) and said[-1] in re.findall(r"\d+", problem.question)
