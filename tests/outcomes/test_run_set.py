"""Runs side by side: one row a problem and condition, and what a notebook shows of them."""

import builtins

import pandas as pd
import pytest

from ctlab.errors import InputError, PairingError
from ctlab.interventions import BASELINE, Condition
from ctlab.outcomes import Run, RunSet
from ctlab.problems import Problem
from ctlab.records.fields import Fields
from ctlab.records.generation import Generation
from ctlab.records.own_functions import Own, OwnFeature, OwnOutcome

PROBLEMS = (
    Problem(
        question="What is 3 + 4?", solution="<<3+4=7>>7", gold=7, fields=Fields({"level": "easy", "gold": "seven"})
    ),
    Problem(question="What is 9 < 10?", gold=1, fields=Fields({"level": "hard"})),
)
OWN = Own(
    outcomes={"SAYS_SEVEN": OwnOutcome("SAYS_SEVEN", lambda problem, text: "7" in text)},
    features={"letters": OwnFeature("letters", lambda problem: len(problem.question))},
)


def run(name, *texts, problems=PROBLEMS):
    condition = BASELINE if name == "baseline" else Condition(name=name)
    said = [
        Generation(problem_id=asked.id, token_ids=(1,), text=text) for asked, text in zip(problems, texts, strict=True)
    ]
    return Run.of(condition, problems, said, own=OWN)


@pytest.fixture
def runs():
    return RunSet([run("baseline", "The answer is: 7", ""), run("treated", "The answer is: 17", "<b>1</b>")])


def test_a_row_a_problem_and_condition(runs):
    table = runs.to_frame()
    assert list(table.columns)[:8] == [
        *("problem_id", "condition", "question", "answer", "prediction", "gold", "outcome", "correct")
    ]
    assert table[["condition", "answer", "outcome", "correct"]].values.tolist()[:2] == [
        ["baseline", "The answer is: 7", "CORRECT", True],
        ["baseline", "", "NONE", False],
    ]
    assert table["prediction"].isna().tolist() == [False, True, False, False]
    assert table["correct"].sum() == 2
    assert table.groupby("condition")["correct"].mean().to_dict() == {"baseline": 0.5, "treated": 0.5}
    pd.testing.assert_frame_equal(runs["baseline"].to_frame(), table.iloc[:2], check_dtype=False)


def test_features_own_functions_and_columns_of_the_set(runs):
    table = runs.to_frame()
    assert table["n_operations"].tolist()[0] == 1
    assert pd.isna(table["n_operations"].tolist()[1])
    assert table["SAYS_SEVEN"].tolist() == [True, False, True, False]
    assert table["letters"].tolist()[:2] == [14, 15]
    assert table["level"].tolist()[:2] == ["easy", "hard"]
    assert table["field_gold"].isna().tolist()[:2] == [False, True], "a column whose name is taken keeps its values"
    assert table["gold"].tolist()[:2] == ["7", "1"]
    assert "n_hops" not in table.columns, "no problem of the set has any"


def test_no_runs_are_an_empty_table():
    assert list(RunSet([]).to_frame().columns)[:2] == ["problem_id", "condition"]
    assert repr(RunSet([])) == "<no runs>"


def test_runs_of_other_problems_do_not_stand_beside_each_other():
    with pytest.raises(PairingError, match="the runs baseline and treated are not of the same problems"):
        RunSet([run("baseline", "7", "1"), run("treated", "7", problems=PROBLEMS[:1])])


def test_a_name_that_is_not_there_is_said_with_those_that_are(runs):
    with pytest.raises(KeyError, match="no run 'treted'; there are baseline and treated"):
        runs["treted"]


def test_what_a_notebook_shows_is_escaped(runs):
    assert repr(runs) == "<2 runs of 2 problems; correct: baseline 50.0 %, treated 50.0 %>"
    assert "1 of 2 (50.0 %)" in runs._repr_html_()
    html = runs["treated"]._repr_html_()
    assert "&lt;b&gt;1&lt;/b&gt;" in html
    assert "<b>" not in html


def test_without_pandas_it_is_said_how_to_get_it(runs, monkeypatch):
    real = builtins.__import__

    def missing(name, *more):
        if name == "pandas":
            raise ModuleNotFoundError(name="pandas")
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(InputError, match=r"needs pandas.*pip install 'ctlab\[notebook\]'"):
        runs.to_frame()
