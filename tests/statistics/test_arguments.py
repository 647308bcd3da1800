"""Every public statistic says of a wrong argument which one it is, and what to write."""

import inspect

import pytest

import ctlab.statistics
from ctlab.claims import Claim
from ctlab.errors import StatisticsError
from ctlab.outcomes.generated_runs import Generations
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.at_level import AtLevel
from ctlab.statistics.pairing import AnsweredRun, Question
from tests.statistics.fake_runs import pair


def fake_run():
    return pair(2, 1, 60)[0]


def question():
    return AtLevel(direction="decrease", margin=0.0, alpha=0.05)


ASKING = [
    getattr(ctlab.statistics, name)
    for name in ctlab.statistics.__all__
    if inspect.isfunction(getattr(ctlab.statistics, name))
    and "claim" in inspect.signature(getattr(ctlab.statistics, name)).parameters
]
WRONG = (None, 3, "text", {"a": 1}, object())


def good(statistic):
    """Return arguments that pass for what they are annotated with; those of other types are never looked at here."""
    runs = {AnsweredRun: fake_run(), Question: question()}
    given = {}
    for name, each in inspect.signature(statistic).parameters.items():
        written = each.annotation if isinstance(each.annotation, str) else inspect.formatannotation(each.annotation)
        if each.default is inspect.Parameter.empty:
            list_of = [fake_run()] if "AnsweredRun" in written else [1.0]
            given[name] = runs.get(each.annotation, {"a": [1.0]} if written.startswith("Mapping") else list_of)
    return given


@pytest.mark.parametrize("statistic", ASKING, ids=lambda statistic: statistic.__name__)
def test_an_argument_that_is_none_is_named(statistic):
    parameters = inspect.signature(statistic).parameters
    told = [name for name, each in parameters.items() if each.annotation in (AnsweredRun, Question)]
    told += [name for name in ("values", "positive", "parts", "runs", "cells", "y") if name in parameters]
    if {"baseline", "treated"} <= {*parameters} and "treated" not in told:
        told.append("treated")
    for name in told:
        for value in WRONG:
            if name == "parts" and value == {"a": 1}:
                continue
            with pytest.raises(StatisticsError, match=rf"^{statistic.__name__}: .*{name}") as said:
                statistic(**{**good(statistic), name: value})
            assert "object has no attribute" not in str(said.value)


@checked_arguments
def compared(baseline: AnsweredRun, claim: Question) -> str:
    return "compared"


@pytest.mark.parametrize(
    ("baseline", "asked", "said"),
    [
        ("baseline", question(), """write lab.run('baseline'), or run('baseline') in a claim test"""),
        (Generations((), "ct0", ()), question(), "of what ctlab.generate returned, write runs.labelled['ct0']"),
        ([fake_run()], question(), "baseline is a run, not a list of 1"),
        (fake_run(), "decrease", "claim says direction, margin and alpha, and 'decrease' has no direction"),
        (
            fake_run(),
            Claim(id="a", statement="S.", direction="decrease"),
            "the Claim 'a' has no alpha, which its family gives it; write lab.judge(CLAIM)",
        ),
    ],
)
def test_what_to_write_is_said(baseline, asked, said):
    with pytest.raises(StatisticsError) as refused:
        compared(baseline, asked)
    assert said in str(refused.value)


def test_right_arguments_pass_and_missing_ones_are_python_s_to_refuse():
    assert compared(fake_run(), claim=question()) == "compared"
    with pytest.raises(TypeError, match=r"compared\(\) missing 1 required positional argument: 'claim'"):
        compared(fake_run())
