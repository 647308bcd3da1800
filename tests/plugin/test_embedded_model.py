"""The walk with a real model: the embedded one on sixty problems, masks whole and sabotaged."""

import json

import pytest
import torch
import transformers

import ctlab.certify.interventions
import ctlab.models.checkpoints.loading
from ctlab.models.checkpoints.checkpoint_files import TINY
from tests.plugin.suite import report, rows, run, write_suite

KEPT = (torch, transformers, ctlab.certify.interventions, ctlab.models.checkpoints.loading)
"""Imported here, because an inner run cannot import them twice (see tests/plugin/suite.py)."""
pytestmark = pytest.mark.skipif(not TINY.exists(), reason="the embedded model has not been trained")
SABOTAGE = """
import pytest
import torch
from ctlab.engine import masks

@pytest.fixture(scope="session", autouse=True)
def sabotage():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(masks, "additive", {})
        yield
"""


@pytest.fixture
def suite(pytester):
    write_suite(pytester, folder="demo_claims")
    bench = pytester.path / "bench.py"
    text = bench.read_text(encoding="utf-8").replace("return FakeEngine()", "return None")
    bench.write_text(text, encoding="utf-8")
    return pytester


def test_claims_are_judged_on_the_embedded_model(suite):
    result = run(suite, "--ctlab-problems=tiny", "--ctlab-limit=60")
    assert result.ret in (0, 1)
    assert {row["status"] for row in rows(suite).values()} == {"judged"}
    assert "VOID" not in {row["verdict"] for row in rows(suite).values()}


@pytest.mark.parametrize(
    "mask",
    ["lambda keep: -torch.log(keep)", "lambda keep: torch.log(keep.roll(1, dims=-1))"],
    ids=["sign-flipped", "shifted-by-one"],
)
def test_a_sabotaged_mask_voids_every_claim_that_uses_it(suite, mask):
    suite.makepyfile(sabotage=SABOTAGE.format(mask))
    result = run(suite, "--ctlab-problems=tiny", "--ctlab-limit=60", "-p", "sabotage")
    assert result.ret == 1
    assert {row["verdict"] for row in rows(suite).values()} == {"VOID"}
    assert not list(suite.path.glob(".ctlab/store/v1/*/*.parquet"))


@pytest.mark.slow
def test_a_model_of_numbers_answers_a_choice_with_nonsense_and_the_report_is_whole(suite):
    options = {"gold": "B", "kind": "choice", "options": ["a fig", "a pear"]}
    asked = ({"question": f"Every fig{k} is a pear. Is fig{k} a fig or a pear?", **options} for k in range(12))
    (suite.path / "problems.jsonl").write_text("".join(json.dumps(row) + "\n" for row in asked), encoding="utf-8")
    result = run(suite)
    assert not any("INTERNALERROR" in line for line in result.outlines + result.errlines)
    assert {row["verdict"] for row in rows(suite).values()} == {"INCONCLUSIVE"}
    assert {row["accuracy"] for row in report(suite)["conditions"]} == {0.0}
    assert not [note for note in report(suite)["notes"] if "could not be made" in note]
    assert "How to do it again" in (suite.path / "reports/latest/index.html").read_text(encoding="utf-8")
