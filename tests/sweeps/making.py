"""A small model of random weights, and a sweep of it."""

from typing import Any

import pytest

import ctlab
from ctlab.engine import answers
from ctlab.models import load_model
from ctlab.models.reasoner import LatentReasoner
from ctlab.problems import Problem
from ctlab.sweeps import Sweep
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_codi

PROBLEMS = [Problem(question=question, gold=number) for number, question in enumerate(QUESTIONS)]
ALL = {"positions": "all", "layers": "all", "heads": "all"}
TOKENS = 4


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LatentReasoner:
    folder = tmp_path_factory.mktemp("model")
    return load_model(folder, settings=write_codi(folder, seed=4, num_latent=3))


def swept(model: Any, problems: Any = PROBLEMS, **asked: Any) -> Sweep:
    return ctlab.sweep(model, problems, max_new_tokens=TOKENS, progress=False, **{**ALL, **asked})


def give_rows_of_the_next_cell(patch: pytest.MonkeyPatch) -> None:
    """Let the engine hand out each cell's answers under the name of the next one."""
    honest = answers.collect

    def faulty(planned: Any, indices: Any, rows: Any) -> Any:
        given = honest(planned, indices, rows)
        names = [name for name in given if name != "baseline"]
        return {**given, **{name: given[names[place - 1]] for place, name in enumerate(names)}}

    patch.setattr(answers, "collect", faulty)
