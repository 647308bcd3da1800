"""A run of claims without pytest, as a notebook makes one."""

import sys

import pytest

from ctlab.errors import ClaimError, ConditionError
from ctlab.interventions import Condition, Intervention
from ctlab.lab import ClaimRun
from ctlab.lab.needed_conditions import conditions_of, measured_of
from ctlab.problems.tiny_graphs.graph_seeds import GRAPH_SEEDS
from ctlab.records import Control, Shows, Verdict
from ctlab.settings import Settings
from ctlab.statistics import rate_difference
from tests.claims.making import claim
from tests.fakes import FakeEngine, FakeLog
from tests.plugin.suite import REGISTRY, problems

HIDDEN = tuple(
    Condition(name=f"{name.lower()}_blocked", interventions=(Intervention(keys=(name,), readers="later"),))
    for name in ("CT0", "CT4")
)
NO_OP = Condition(name="no_op", interventions=(Intervention(keys=("CT0",), readers="later", keep=1.0),), no_op=True)


class Declared:
    """What this suite declares; the engine has only so many thoughts."""

    def __init__(self, conditions, thoughts=6):
        self._conditions = conditions
        self._thoughts = thoughts

    def conditions(self, card):
        return self._conditions

    def engine(self, settings):
        engine = FakeEngine()
        engine.card = lambda: {"id": "fake", "num_thoughts": self._thoughts}
        return engine


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "problems.jsonl").write_text(problems(120), encoding="utf-8")
    (tmp_path / "notebook_claims.py").write_text(REGISTRY, encoding="utf-8")

    def make_run(conditions=(*HIDDEN, NO_OP), thoughts=6, **fields):
        given = {"recorded": {}, "store": tmp_path / "store", "report": tmp_path / "reports"}
        given["problems"] = str(tmp_path / "problems.jsonl")
        settings = Settings(registry="notebook_claims", **{**given, **fields})
        return ClaimRun(settings, tmp_path, Declared(conditions, thoughts), FakeLog())

    yield make_run
    sys.modules.pop("notebook_claims", None)


def test_claims_are_judged_as_pytest_judges_them(make):
    run = make()
    run.check()
    claims = run.registered.claims
    assert run.select(claims.values()) == {}
    verdicts = {}
    for name, registered in claims.items():
        pending = run.pending(registered)
        verdicts[name] = pending.judge(rate_difference("CORRECT", *map(run.run, registered.conditions), pending))
    assert verdicts == {
        "ct0-lowers": Verdict.SUPPORTED,
        "ct0-raises": Verdict.REFUTED,
        "ct4-changes": Verdict.INCONCLUSIVE,
    }
    assert run.row(claims["ct0-lowers"])["alpha"] == pytest.approx(0.05 / 3)


def test_a_claim_is_judged_once(make):
    run = make()
    pending = run.pending(run.registered.claims["ct0-lowers"])
    effect = rate_difference("CORRECT", run.run("baseline"), run.run("ct0_blocked"), pending)
    pending.judge(effect)
    assert pending.judgement.verdict == Verdict.SUPPORTED
    with pytest.raises(ClaimError, match=r"'ct0-lowers' was judged twice; compute one effect"):
        pending.judge(effect)


def test_only_what_the_selected_claims_need_is_generated(make):
    run = make()
    run.select([run.registered.claims["ct4-changes"]])
    run.run("baseline")
    assert run.lab.available(list(run.conditions)) == ("baseline", "ct4_blocked")


def test_what_cannot_be_judged_says_why_and_is_not_selected(make):
    run = make(thoughts=4)
    claims = run.registered.claims
    assert run.select(claims.values()) == {"ct4-changes": "ct4_blocked is about CT4, and this model thinks CT0 … CT3"}
    assert [one.id for one in run.selected] == ["ct0-lowers", "ct0-raises"]
    assert run.obstacle(claim(needs="A")) == "needs attention weights, and FakeEngine measures none"


def test_recorded_answers_have_no_hidden_states_and_only_the_conditions_that_were_recorded(make, tmp_path):
    run = make(recorded={"baseline": tmp_path / "baseline.jsonl"})
    assert run.obstacle(claim(needs="H")) == "needs hidden states, and recorded answers have none"
    assert run.obstacle(run.registered.claims["ct4-changes"]) == "not recorded: ct4_blocked"


def test_two_conditions_of_one_name_are_refused(make):
    other = Condition(name="ct0_blocked", interventions=HIDDEN[1].interventions)
    with pytest.raises(ConditionError, match=r"two different conditions are called 'ct0_blocked'; rename one"):
        _ = make(conditions=(*HIDDEN, other)).conditions


def test_a_claim_needs_its_conditions_and_its_controls_and_measures_those_of_its_own_kind():
    controls = (
        Control(condition="no_op", shows=Shows.NO_OP),
        Control(condition="question_control", shows=Shows.NOT_SO),
    )
    measured = claim(id="flow", needs="A", conditions=("baseline", "ct0_blocked"), controls=controls)
    answered = claim(id="lowers", conditions=("baseline", "ct4_blocked"))
    needed = ("baseline", "ct0_blocked", "no_op", "question_control", "ct4_blocked")
    assert conditions_of([measured, answered]) == needed
    assert measured_of([measured, answered]) == ("baseline", "ct0_blocked", "question_control")


def test_what_early_answers_read_is_not_measured(make, monkeypatch):
    run = make(conditions=(*HIDDEN, NO_OP, Condition(name="after_2", num_thoughts=2)))
    asked = [claim(id="flow", needs="H", conditions=("baseline", "after_2", "ct0_blocked"))]
    monkeypatch.setattr(type(run), "fitted_claims", asked)
    assert run.to_measure() == ["baseline", "ct0_blocked"]


def test_a_claim_about_another_problem_set_is_not_judged_here(make):
    run = make()
    about = claim(conditions=("baseline", "ct0_blocked"), problems="prosqa_test")
    assert run.obstacle(about) == "is about the problem set prosqa_test, and these are problems"
    assert run.obstacle(claim(conditions=("baseline", "ct0_blocked"), problems="problems")) == ""


@pytest.mark.parametrize(
    ("about", "asked", "judged"),
    [
        ("tiny", "tiny-3", True),
        ("tiny-graphs", "tiny", False),
        ("tiny-graphs-dag", "tiny-graphs-dag-2", True),
        ("tiny-graphs-dag", "tiny-graphs-2", False),
        ("tiny-graphs-dag-2", "tiny-graphs-dag", False),
    ],
)
def test_a_claim_about_an_embedded_set_is_about_its_later_drawings_too(make, monkeypatch, about, asked, judged):
    monkeypatch.setitem(GRAPH_SEEDS, "tiny-graphs-dag-2", "")
    run = make(problems=asked)
    said = run.obstacle(claim(conditions=("baseline", "ct0_blocked"), problems=about))
    assert said == ("" if judged else f"is about the problem set {about}, and these are {asked}")


def test_another_model_answers_nowhere_but_on_record(make):
    other = Condition(name="other", model="another model")
    run = make(conditions=(*HIDDEN, NO_OP, other))
    assert run.obstacle(claim(conditions=("baseline", "other"))) == (
        "other is answered by another model: 'another model' is no name to bind a model to, such as rival; answers "
        "of it can be recorded (--ctlab-recorded)"
    )
    with pytest.raises(ConditionError, match=r"'another model' is no name to bind a model to.*--ctlab-recorded"):
        run.lab.run("other")


def test_a_claim_about_labels_is_not_judged_by_scores_alone(make, tmp_path):
    options = {"ct0_blocked": {"only": "scores"}}
    recorded = {name: tmp_path / f"{name}.json" for name in ("baseline", "ct0_blocked")}
    run = make(recorded=recorded, recorded_options=options)
    assert run.obstacle(claim(conditions=("baseline", "ct0_blocked"), outcome="NONSENSE")) == (
        "ct0_blocked: nothing but right and wrong was recorded"
    )
    assert run.obstacle(claim(conditions=("baseline", "ct0_blocked"))) == ""
