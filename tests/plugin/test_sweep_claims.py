"""A claim over a sweep under pytest: judged on the embedded model, VOID where its certificate fails, not planned."""

import pytest
import torch
import transformers

import ctlab.certify.interventions
import ctlab.models.checkpoints.loading
import ctlab.sweeps.sweeping
from ctlab.models.checkpoints.checkpoint_files import TINY
from tests.plugin.suite import rows, run, write_suite

KEPT = (torch, transformers, ctlab.certify.interventions, ctlab.models.checkpoints.loading, ctlab.sweeps.sweeping)
"""Imported here, because an inner run cannot import them twice (see tests/plugin/suite.py)."""
pytestmark = pytest.mark.skipif(not TINY.exists(), reason="the embedded model has not been trained")
REGISTRY = """
from ctlab.claims import Claim, Direction, Family, Kind, SweptAxes

MOST = Claim(
    id="some-layer-is-needed", family="demo", statement="Hiding CT1 in some layer lowers accuracy.", kind=Kind.MOST,
    direction=Direction.DECREASE, margin=0.02, conditions=("baseline",),
    sweep=SweptAxes(positions="CT1", layers="all", readers="answer"),
)
FAMILIES = (Family(name="demo", claims=(MOST,)),)
"""
TESTS = """
import pytest
from ctlab.claims import Verdict
from ctlab.statistics import most_in_sweep
from FOLDER.registry import MOST

@pytest.mark.claim(MOST)
def test_most(claim, swept):
    effect = most_in_sweep(swept(), claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
"""
ROWS_OF_THE_NEXT_CELL = """
import pytest
from ctlab.engine import answers

@pytest.fixture(scope="session", autouse=True)
def sabotage():
    honest = answers.collect

    def faulty(planned, indices, rows):
        given = honest(planned, indices, rows)
        names = [name for name in given if name != "baseline"]
        return {**given, **{name: given[names[place - 1]] for place, name in enumerate(names)}}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "collect", faulty)
        yield
"""
NO_EDGES = """
import pytest
from ctlab.engine import masks

@pytest.fixture(scope="session", autouse=True)
def sabotage():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(masks, "additive", lambda keep: 0.0 * keep)
        yield
"""
FEW = ("--ctlab-problems=tiny", "--ctlab-limit=120")


@pytest.fixture
def suite(pytester):
    write_suite(pytester, tests=TESTS, registry=REGISTRY, folder="demo_claims")
    bench = pytester.path / "bench.py"
    bench.write_text(bench.read_text(encoding="utf-8").replace("return FakeEngine()", "return None"), encoding="utf-8")
    return pytester


def test_a_claim_over_a_sweep_is_judged_by_the_half_that_did_not_pick_and_answered_once(suite):
    assert run(suite, *FEW).ret in (0, 1)
    row = rows(suite)["some-layer-is-needed"]
    assert row["status"] == "judged"
    assert row["verdict"] != "VOID"
    effect = row["effect"]
    assert 50 <= effect["n"] < 120
    assert effect["details"]["sweep"]["n"] == 120
    assert len(effect["details"]["sweep"]["estimates"]) == 3
    assert effect["details"]["picked"] in row["noun"]
    again = run(suite, *FEW)
    assert "generating" not in again.stderr.str() + again.stdout.str()
    assert rows(suite)["some-layer-is-needed"]["effect"] == effect


@pytest.mark.parametrize(
    ("sabotage", "said"),
    [(NO_EDGES, "condition"), (ROWS_OF_THE_NEXT_CELL, "rows-of-the-run")],
    ids=["before-the-answers", "in-the-rows-that-answered"],
)
def test_a_claim_is_void_where_the_certificate_of_its_sweep_fails(suite, sabotage, said):
    suite.makepyfile(sabotage=sabotage)
    assert run(suite, *FEW, "-p", "sabotage").ret == 1
    row = rows(suite)["some-layer-is-needed"]
    assert row["verdict"] == "VOID"
    assert "the certificate of the sweep failed" in row["why"]
    assert said in row["why"]


def test_a_plan_says_what_of_a_sweep_is_missing(suite):
    result = run(suite, *FEW, "--ctlab-plan")
    axes = "positions CT1, layers all, readers answer"
    sweep = f"beside these, the sweep of some-layer-is-needed ({axes}): 3 cells, 360 answers to generate"
    result.stdout.fnmatch_lines([sweep])


def test_another_sweep_than_the_registered_one_is_no_verdict(suite):
    other = TESTS.replace("swept()", 'swept(positions="CT2", layers="all", readers="answer")')
    suite.path.joinpath("demo_claims", "test_demo.py").write_text(other.replace("FOLDER", "demo_claims"), "utf-8")
    result = run(suite, *FEW)
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["*names a sweep over positions CT1, layers all, readers answer, and its test asks for*"]
    )
    assert rows(suite)["some-layer-is-needed"]["verdict"] is None


def test_a_claim_whose_cells_are_answered_is_not_registered_before_them(suite):
    assert run(suite, *FEW, "--ctlab-register").ret == 0
    (suite.path / "demo_claims" / "registry.toml").unlink()
    run(suite, *FEW)
    (looks,) = suite.path.rglob("looks.jsonl")
    looks.unlink()
    result = run(suite, *FEW, "--ctlab-register")
    assert result.ret != 0
    said = "*the store holds answers to 120 problems under cells of its sweep*"
    (result.stdout if "cells of" in result.stdout.str() else result.stderr).fnmatch_lines([said])
