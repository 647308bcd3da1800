"""Claims about attention and hidden states with a real model: measured once, certified, drawn."""

import json

import pytest
import torch
import transformers
from safetensors import safe_open

import ctlab.certify.interventions
import ctlab.certify.probes
import ctlab.models.checkpoints.loading
from ctlab.models.checkpoints.checkpoint_files import TINY
from tests.plugin.suite import report, rows, run, write_suite

KEPT = (torch, transformers, ctlab.certify.interventions, ctlab.certify.probes, ctlab.models.checkpoints.loading)
"""Imported here, because an inner run cannot import them twice (see tests/plugin/suite.py)."""
pytestmark = pytest.mark.skipif(not TINY.exists(), reason="the embedded model has not been trained")
REGISTRY = """
from ctlab.claims import Claim, Control, Direction, Family, Kind, Shows

QUESTION = Claim(
    id="ct0-reads-the-question", family="demo", statement="CT0 reads the question less than uniform attention would.",
    kind=Kind.MEAN, direction=Direction.DECREASE, conditions=("baseline",), needs="A",
)
PARTS = Claim(
    id="paths-part", family="demo", statement="Hiding CT0 moves CT1.", kind=Kind.MEAN, direction=Direction.INCREASE,
    conditions=("baseline", "ct0_blocked"), scale="lengths", margin=0.001, needs="H",
    controls=(Control(condition="no_op", shows=Shows.NOT_SO),),
)
FAMILIES = (Family(name="demo", claims=(QUESTION, PARTS)),)
"""
TESTS = """
import pytest
from ctlab.claims import Verdict
from ctlab.measures import later_distances, question_excess
from ctlab.statistics import measured_mean
from FOLDER.registry import PARTS, QUESTION

@pytest.mark.claim(QUESTION)
def test_reads(claim, measured):
    effect = measured_mean(question_excess(measured("baseline"))[:, 0], claim)
    assert claim.judge(effect) == Verdict.SUPPORTED

@pytest.mark.claim(PARTS)
def test_parts(claim, measured):
    apart, still = (later_distances(measured(name))["CT1"] for name in ("ct0_blocked", "no_op"))
    effect = measured_mean(apart, claim, unit="lengths", control=still)
    assert claim.judge(effect) == Verdict.SUPPORTED
"""
SABOTAGE = """
import numpy as np
import pytest
from ctlab.probes import attention_mass as flow

@pytest.fixture(scope="session", autouse=True)
def sabotage():
    honest = flow.segment_matrix
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow, "segment_matrix", lambda layout, place: np.roll(honest(layout, place), 1, axis=0))
        yield
"""
ARGUMENTS = ("--ctlab-problems=tiny", "--ctlab-limit=60")


@pytest.fixture
def suite(pytester):
    write_suite(pytester, folder="demo_claims", registry=REGISTRY, tests=TESTS)
    bench = pytester.path / "bench.py"
    bench.write_text(bench.read_text("utf-8").replace("return FakeEngine()", "return None"), encoding="utf-8")
    return pytester


def test_measured_once_judged_certified_and_drawn(suite):
    first = run(suite, *ARGUMENTS)
    assert "measuring 3 conditions × 60 problems" in first.stderr.str()
    assert {row["verdict"] for row in rows(suite).values()} == {"SUPPORTED"}
    assert rows(suite)["paths-part"]["controls"][0]["state"] == "holds"
    by_name = {row["name"]: row for row in report(suite)["conditions"]}
    assert {"probe-mass", "probe-paths"} <= {check["name"] for check in by_name["ct0_blocked"]["certificate"]["checks"]}
    latest = suite.path / "reports" / "latest"
    for name in ("attention_flow.json", "attention_flow.png", "reasoning_paths.json", "reasoning_paths.png"):
        assert (latest / name).stat().st_size > 1000
    assert set(json.loads((latest / "attention_flow.json").read_text())["conditions"]) == {"baseline"}
    second = run(suite, *ARGUMENTS)
    assert "measuring" not in second.stderr.str()
    assert {row["verdict"] for row in rows(suite).values()} == {"SUPPORTED"}


def test_a_probe_that_looks_beside_voids_the_claims(suite):
    suite.makepyfile(sabotage=SABOTAGE)
    result = run(suite, *ARGUMENTS, "-p", "sabotage")
    assert result.ret == 1
    assert {row["verdict"] for row in rows(suite).values()} == {"VOID"}
    assert "probe-mass" in rows(suite)["ct0-reads-the-question"]["reason"]


def test_raw_states_are_kept_where_they_are_asked_for(suite):
    result = run(suite, *ARGUMENTS, "--ctlab-keep-states")
    assert result.stderr.str().count("ctlab: measuring") == 1
    assert "hidden states of baseline, ct0_blocked, no_op are in" in result.stderr.str()
    (contents,) = suite.path.glob(".ctlab/store/states/*/states.json")
    form = json.loads(contents.read_text())
    assert list(form["conditions"]) == ["baseline", "ct0_blocked", "no_op"]
    seen = []
    for shard in form["shards"]:
        with safe_open(contents.parent / shard, "pt") as file:
            ids = json.loads(file.metadata()["problem_ids"])
            assert file.get_slice("ct0_blocked").get_shape()[:3] == [len(ids), 7, 4]
            seen += ids
    assert len(set(seen)) == len(seen) == 60
    again = run(suite, *ARGUMENTS, "--ctlab-keep-states")
    assert "measuring" not in again.stderr.str()


def test_states_are_kept_after_a_run_that_did_not_and_after_one_that_was_interrupted(suite):
    run(suite, *ARGUMENTS)
    run(suite, *ARGUMENTS, "--ctlab-keep-states")
    (contents,) = suite.path.glob(".ctlab/store/states/*/states.json")
    shards = json.loads(contents.read_text())["shards"]
    # As a run leaves it that was killed after more and smaller batches.
    contents.unlink()
    (contents.parent / "states-00099.safetensors").write_bytes(b"stale")
    run(suite, *ARGUMENTS, "--ctlab-keep-states")
    assert json.loads(contents.read_text())["shards"] == shards
    assert sorted(path.name for path in contents.parent.glob("*.safetensors")) == shards


def test_an_engine_without_probes_skips_such_claims(suite):
    bench = suite.path / "bench.py"
    bench.write_text(bench.read_text("utf-8").replace("return None", "return FakeEngine()"), encoding="utf-8")
    result = run(suite)
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["*needs attention weights, and FakeEngine measures none*"])
