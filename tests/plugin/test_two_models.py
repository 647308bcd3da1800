"""Two models under pytest: bound by a suite or by options, said wherever a verdict goes, refused once where wrong."""

import pytest

from tests.plugin.suite import calls, report, rows, run, write_suite

BENCH = """
import pytest
from ctlab.interventions import Condition, Intervention
from fakes import FakeEngine

SAME = (Intervention(keys=("CT0",), readers="later", keep=1.0),)
CONDITIONS = (
    Condition(name="coconut", model="coconut"),
    Condition(name="coconut_again", model="coconut", interventions=SAME, no_op=True),
    Condition(name="pause", model="pause"),
    Condition(name="other", model="nobody"),
)

class Engine(FakeEngine):
    def __init__(self, settings):
        super().__init__(wrong={"baseline": 0.6 if "weak" in settings.model else 0.15})
        self.digest = "digest-of-" + settings.model
        self.id = settings.model

    def card(self):
        return {**super().card(), "id": self.id, "digest": self.digest}

def pytest_ctlab_conditions(card):
    return CONDITIONS

def pytest_ctlab_models():
    return {"coconut": "strong-one", "pause": "weak-one"}

def pytest_ctlab_engine(settings):
    return None if "no/such" in settings.model else Engine(settings)
"""
REGISTRY = """
from ctlab.claims import Claim, Control, Direction, Family, Shows

AGAIN = (Control(condition="coconut_again", reference="coconut", shows=Shows.NO_OP),)
LOWER = Claim(
    id="pause-is-lower", family="demo", statement="Pauses are right less often.", direction=Direction.DECREASE,
    conditions=("coconut", "pause"), controls=AGAIN,
)
UNBOUND = Claim(
    id="other-is-lower", family="demo", statement="Another is right less often.", direction=Direction.DECREASE,
    conditions=("coconut", "other"), controls=AGAIN,
)
FAMILIES = (Family(name="demo", claims=(LOWER, UNBOUND)),)
"""
TESTS = """
import pytest
from ctlab.claims import Verdict
from FOLDER.registry import LOWER, UNBOUND

@pytest.mark.claim(LOWER, UNBOUND)
def test_models(claim):
    assert claim.judge(claim.effect()) == Verdict.SUPPORTED
"""


@pytest.fixture
def suite(pytester):
    write_suite(pytester, tests=TESTS, registry=REGISTRY)
    (pytester.path / "bench.py").write_text(BENCH, encoding="utf-8")
    return pytester


def test_a_bare_run_judges_the_models_that_the_suite_binds_and_says_who_answered(suite):
    result = run(suite)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "*pause-is-lower*SUPPORTED*[[]models[]]*",
            "*models: coconut and coconut_again by strong-one (digest-o); pause by weak-one (digest-o)*",
            "*no model is called 'nobody' here; add --ctlab-model nobody=ID*other-is-lower*",
        ]
    )
    assert calls(suite) == [
        "certify baseline coconut_again",
        *(f"generate {n} baseline coconut_again" for n in (50, 50, 20)),
        "certify baseline",
        *(f"generate {n} baseline" for n in (50, 50, 20)),
    ], "each model in one pass, and the run's own in none"
    found = report(suite)
    assert [(card["called"], card["id"], card["digest"]) for card in found["models"]] == [
        ("coconut", "strong-one", "digest-of-strong-one"),
        ("pause", "weak-one", "digest-of-weak-one"),
    ]
    assert found["model"]["id"] == "coconut (strong-one) and pause (weak-one)"
    assert {row["name"]: row["answered_by"] for row in found["conditions"]} == {
        "coconut": "strong-one (digest-o)",
        "coconut_again": "strong-one (digest-o)",
        "pause": "weak-one (digest-o)",
    }
    page = (suite.path / "reports" / "latest" / "index.html").read_text(encoding="utf-8")
    assert "Answered by weak-one (digest-o)." in page


def test_an_option_binds_another_and_the_plan_says_which(suite):
    result = run(suite, "--ctlab-model=pause=weak-two", "--ctlab-model", "main", "--ctlab-plan")
    result.stdout.fnmatch_lines(["ctlab: model main *", "models: coconut and coconut_again by strong-one*weak-two*"])
    assert calls(suite) == []
    run(suite, "--ctlab-model=nobody=weak-three")
    assert rows(suite)["other-is-lower"]["verdict"] == "SUPPORTED"


def test_what_is_registered_names_each_model_by_its_digest(suite):
    assert run(suite, "--ctlab-register").ret == 0
    text = (suite.path / "hypotheses" / "registry.toml").read_text(encoding="utf-8")
    assert 'model = "coconut=digest-of-strong-one+pause=digest-of-weak-one"' in text
    run(suite)
    assert rows(suite)["pause-is-lower"]["exploratory"] is False
    run(suite, "--ctlab-model=pause=weak-two")
    assert rows(suite)["pause-is-lower"]["exploratory"] is True, "another model is another subject"


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("cocnut=x", "*no condition here names the model 'cocnut'; did you mean 'coconut'[?]"),
        ("pause=no/such/model", "*no/such/model*"),
        ("pause=", "--ctlab-model pause is empty; write NAME=ID*"),
        ("pause=x?dtype=int4", "--ctlab-model pause: dtype must be one of *, not 'int4'"),
    ],
)
def test_a_wrong_model_ends_the_run_once_before_any_test(suite, option, message):
    result = run(suite, f"--ctlab-model={option}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: ctlab: {message}"])
    assert calls(suite) == []


def test_a_suite_that_binds_no_table_is_told_where(suite):
    bench = suite.path / "bench.py"
    bench.write_text(BENCH.replace('{"coconut": "strong-one", "pause": "weak-one"}', '["coconut"]'), encoding="utf-8")
    result = run(suite)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*bench.py*pytest_ctlab_models returns a table from names to ids, such as *"])
