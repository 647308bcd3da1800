"""The lab bench: the conditions of this suite, and a fixture for each."""

import pytest

from ctlab.interventions import Condition

FORMS = (
    {"name": "ct1_from_answer", "interventions": [{"keys": ["CT1"], "readers": "answer"}]},
    {"name": "ct5_from_answer", "interventions": [{"keys": ["CT5"], "readers": "answer"}]},
)


def pytest_ctlab_conditions(card):
    return [Condition.from_json(form) for form in FORMS]


@pytest.fixture(scope="session")
def ct1_from_answer(run):
    return run("ct1_from_answer")


@pytest.fixture(scope="session")
def ct5_from_answer(run):
    return run("ct5_from_answer")
