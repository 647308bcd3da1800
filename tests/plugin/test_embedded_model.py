"""The walk with a real model: the embedded one on sixty problems, masks whole and sabotaged."""

import pytest
import torch
import transformers

import ctlab.certify.interventions
import ctlab.models.checkpoints.loading
from ctlab.models.checkpoints.checkpoint_files import TINY
from tests.plugin.suite import rows, run, write_suite

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
