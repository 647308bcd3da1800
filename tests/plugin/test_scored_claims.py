"""Claims about probabilities of answers with a real model: scored once for all that are selected, and certified."""

import pytest

import ctlab.certify.certified_scores
import ctlab.certify.interventions
import ctlab.models.checkpoints.loading
from ctlab.models.checkpoints.checkpoint_files import TINY
from tests.plugin.suite import report, rows, run, write_suite
from tests.plugin.test_measured_claims import KEPT as IMPORTED

KEPT = (*IMPORTED, ctlab.certify.certified_scores, ctlab.certify.interventions, ctlab.models.checkpoints.loading)
"""Imported here, because an inner run cannot import them twice (see tests/plugin/suite.py)."""
pytestmark = pytest.mark.skipif(not TINY.exists(), reason="the embedded model has not been trained")
REGISTRY = """
from ctlab.claims import Claim, Control, Direction, Family, Kind, Shows

GOLD = Claim(
    id="gold-is-lost", family="demo", statement="Hiding CT0 makes gold less probable.", kind=Kind.MEAN,
    direction=Direction.DECREASE, conditions=("baseline", "ct0_blocked"), scale="nats", needs="P",
    controls=(Control(condition="no_op", shows=Shows.NO_OP),),
)
FAMILIES = (Family(name="demo", claims=(GOLD,)),)
"""
TESTS = """
import pytest
from ctlab.claims import Verdict
from ctlab.measures import log_probability_change
from ctlab.statistics import measured_mean
from FOLDER.registry import GOLD

@pytest.mark.claim(GOLD)
def test_gold(claim, scored):
    before, after = (scored(name, "gold", form="The answer is: {}") for name in ("baseline", "ct0_blocked"))
    effect = measured_mean(log_probability_change(before, after), claim, unit="nats")
    assert claim.judge(effect) == Verdict.SUPPORTED
"""
SABOTAGE = """
import pytest
from ctlab.engine.forced_answers import ForcedRollout

@pytest.fixture(scope="session", autouse=True)
def sabotage():
    honest = ForcedRollout._continued

    def first_alone(self, *given):
        inside, end = honest(self, *given)
        return inside * 0, end

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ForcedRollout, "_continued", first_alone)
        yield
"""
ARGUMENTS = ("--ctlab-problems=tiny", "--ctlab-limit=60")


@pytest.fixture
def suite(pytester):
    write_suite(pytester, folder="demo_claims", registry=REGISTRY, tests=TESTS)
    bench = pytester.path / "bench.py"
    bench.write_text(bench.read_text("utf-8").replace("return FakeEngine()", "return None"), encoding="utf-8")
    return pytester


def test_scored_once_for_all_conditions_judged_and_certified(suite):
    first = run(suite, *ARGUMENTS)
    assert "scoring 2 conditions × 60 problems" in first.stderr.str()
    assert rows(suite)["gold-is-lost"]["verdict"] == "SUPPORTED"
    by_name = {each["name"]: each for each in report(suite)["conditions"]}
    for name in ("baseline", "ct0_blocked"):
        checks = {check["name"] for check in by_name[name]["certificate"]["checks"]}
        assert {"scores-recomputed", "scores-end", "scores-thoughts"} <= checks
    second = run(suite, *ARGUMENTS)
    assert "scoring" not in second.stderr.str()
    assert rows(suite)["gold-is-lost"]["verdict"] == "SUPPORTED"


def test_a_score_of_the_first_token_alone_voids_the_claim(suite):
    suite.makepyfile(sabotage=SABOTAGE)
    result = run(suite, *ARGUMENTS, "-p", "sabotage")
    assert result.ret == 1
    assert rows(suite)["gold-is-lost"]["verdict"] == "VOID"
    assert "scores-recomputed" in rows(suite)["gold-is-lost"]["reason"]


def test_an_engine_that_cannot_score_skips_such_claims(suite):
    bench = suite.path / "bench.py"
    bench.write_text(bench.read_text("utf-8").replace("return None", "return FakeEngine()"), encoding="utf-8")
    result = run(suite)
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*needs probabilities of answers, and FakeEngine measures none*"])
