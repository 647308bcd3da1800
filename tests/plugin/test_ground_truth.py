"""Verdicts where the truth is known: thoughts that must be needed, and one that cannot be."""

import pytest
import torch
import transformers

import ctlab.certify.interventions
import ctlab.models.checkpoints.loading
from ctlab.models.checkpoints.checkpoint_files import TINY
from ctlab.outcomes import Run
from ctlab.problems import load_problems
from tests.plugin.suite import report, rows, run, write_suite

KEPT = (torch, transformers, ctlab.certify.interventions, ctlab.models.checkpoints.loading, Run)
"""Imported here, because an inner run cannot import them twice (see tests/plugin/suite.py)."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not TINY.exists(), reason="the embedded model has not been trained"),
]
CONDITIONS = """
CONDITIONS = (
    Condition(name="thoughts_blocked", interventions=(Intervention(keys="thoughts", readers="answer"),)),
    Condition(name="ct5_blocked", interventions=(Intervention(keys=("CT5",), readers="later"),)),
    Condition(name="no_op", interventions=(Intervention(keys=("CT0",), readers="later", keep=1.0),), no_op=True),
)
"""
REGISTRY = """
from ctlab.claims import Claim, Control, Direction, Family, Kind, Shows

CONTROLS = (Control(condition="no_op", shows=Shows.NO_OP),)
NEEDED = Claim(
    id="thoughts-are-needed", family="truth", statement="Hiding every thought from the answer lowers accuracy.",
    direction=Direction.DECREASE, conditions=("baseline", "thoughts_blocked"), controls=CONTROLS,
)
IDLE = Claim(
    id="ct5-is-idle", family="truth", statement="Hiding CT5 leaves accuracy within 2 points.",
    kind=Kind.EQUIVALENCE, direction=Direction.EQUIVALENT, margin=0.02, conditions=("baseline", "ct5_blocked"),
    controls=CONTROLS,
)
LOWERS = Claim(
    id="ct5-lowers", family="truth", statement="Hiding CT5 lowers accuracy.",
    direction=Direction.DECREASE, conditions=("baseline", "ct5_blocked"), controls=CONTROLS,
)
NOTHING = Claim(
    id="nothing-lowers", family="truth", statement="Hiding nothing lowers accuracy.",
    direction=Direction.DECREASE, conditions=("baseline", "no_op"), controls=CONTROLS,
)
FAMILIES = (Family(name="truth", claims=(NEEDED, IDLE, LOWERS, NOTHING)),)
"""
TESTS = """
import pytest
from ctlab.claims import Verdict
from ctlab.statistics import rate_difference
from FOLDER.registry import IDLE, LOWERS, NEEDED, NOTHING

ALL = [pytest.param(each, marks=pytest.mark.claim(each), id=each.id) for each in (NEEDED, IDLE, LOWERS, NOTHING)]

@pytest.mark.parametrize("claimed", ALL)
def test_truth(claimed, claim, run):
    effect = rate_difference("CORRECT", run(claimed.conditions[0]), run(claimed.conditions[1]), claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
"""


@pytest.fixture
def suite(pytester):
    write_suite(pytester, folder="true_claims", registry=REGISTRY, tests=TESTS)
    bench = pytester.path / "bench.py"
    text = bench.read_text(encoding="utf-8").replace("return FakeEngine()", "return None")
    before, _, after = text.partition("CONDITIONS = (")
    bench.write_text(before + CONDITIONS + after.partition("\n)\n")[2], encoding="utf-8")
    return pytester


def test_thoughts_that_are_all_the_answer_sees_are_found_to_be_needed(suite):
    run(suite, "--ctlab-model=tiny-blind", "--ctlab-problems=tiny", "--ctlab-limit=400", "-k", "needed")
    found = rows(suite)["thoughts-are-needed"]
    assert found["verdict"] == "SUPPORTED"
    assert found["controls"][0]["state"] == "holds"
    by_name = {row["name"]: row for row in report(suite)["conditions"]}
    certificate = by_name["thoughts_blocked"]["certificate"]
    assert certificate["passed"]
    # Six thoughts, hidden from `end`; question and begin are hidden by the model, and do not count.
    assert certificate["edges_removed"] == 6 * certificate["problems"]
    assert by_name["baseline"]["certificate"]["edges_removed"] == 0


def test_a_thought_that_no_problem_needs_is_found_to_be_idle(suite):
    assert max(len(problem.graph.steps) for problem in load_problems("tiny")[:400]) <= 5
    run(suite, "--ctlab-problems=tiny", "--ctlab-limit=400", "-k", "not needed")
    found = rows(suite)
    assert found["ct5-is-idle"]["verdict"] == "SUPPORTED"
    assert found["ct5-lowers"]["verdict"] in ("REFUTED", "INCONCLUSIVE")
    effect = found["nothing-lowers"]["effect"]
    assert (effect["lost"], effect["gained"]) == (0, 0)
    assert "SUPPORTED" not in {found[each]["verdict"] for each in ("ct5-lowers", "nothing-lowers")}
