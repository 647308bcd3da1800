"""Conditions that were answered in several places are flagged, and tried again before they count."""

from dataclasses import replace

import pytest

from ctlab.claims import Claim, Direction, judge
from ctlab.interventions import Condition, Intervention
from ctlab.lab.claim_run import _with_checks
from ctlab.lab.origins import TRIED, comparable
from ctlab.lab.pending_claim import PendingClaim
from ctlab.lab.run_maker import RunMaker
from ctlab.records import Provenance, Verdict
from ctlab.settings import Settings
from ctlab.statistics import rate_difference
from tests.fakes import FakeEngine, FakeLog, TracedEngine
from tests.plugin.suite import problems

CT0 = Condition(name="ct0_blocked", interventions=(Intervention(keys=("CT0",), readers="later"),))
OLD = Provenance(versions={"torch": "2.4"}, device="cpu")
NEW = Provenance(versions={"torch": "2.5"}, device="cpu")
NAMES = ["baseline", "ct0_blocked"]
CLAIM = Claim(
    id="ct0-lowers",
    family="f",
    statement="Hiding CT0 lowers accuracy.",
    direction=Direction.DECREASE,
    conditions=("baseline", "ct0_blocked"),
)


class OtherRounding(TracedEngine):
    """Answers one problem in ten otherwise."""

    def answer(self, problem, condition):
        said = super().answer(problem, condition)
        return replace(said, text=f"{said.text}.") if problem.question[8] == "3" else said


@pytest.fixture
def lab(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "problems.jsonl").write_text(problems(80), encoding="utf-8")
    settings = Settings(problems="problems.jsonl", recorded={}, store=tmp_path / "store", report=tmp_path / "reports")

    def make(engine):
        return RunMaker(settings, {"ct0_blocked": CT0}, engine, FakeLog())

    return make


def calls(tmp_path):
    return [line for line in (tmp_path / "calls.log").read_text().splitlines() if line.startswith("generate")]


def verdict(made):
    runs = {name: made.run(name) for name in NAMES}
    claim = PendingClaim(CLAIM, 0.05, pytest.fail)
    effect = rate_difference("CORRECT", runs["baseline"], runs["ct0_blocked"], claim)
    checks = comparable(made, NAMES).checks
    return judge(CLAIM, effect, alpha=0.05, runs=_with_checks(runs, checks)).verdict


def test_one_origin_says_nothing_and_asks_nothing(lab, tmp_path):
    made = lab(TracedEngine(NEW))
    for name in NAMES:
        made.run(name)
    before = calls(tmp_path)
    assert comparable(made, NAMES) == comparable(lab(TracedEngine(NEW)), [])
    assert calls(tmp_path) == before


def test_two_origins_that_answer_alike_are_flagged_and_count(lab, tmp_path):
    lab(TracedEngine(OLD)).run("baseline")
    made = lab(TracedEngine(NEW))
    made.run("ct0_blocked")
    found = comparable(made, NAMES)
    assert found.flag.startswith(
        "mixed: answers were made in several places (baseline with torch 2.4, cpu; ct0_blocked"
    )
    assert [check.passed for check in found.checks] == [True]
    assert calls(tmp_path)[-1] == f"generate {TRIED} baseline"
    assert verdict(made) == Verdict.SUPPORTED


def test_what_was_tried_once_is_not_tried_again(lab, tmp_path):
    lab(TracedEngine(OLD)).run("baseline")
    for _ in range(2):
        made = lab(TracedEngine(NEW))
        made.run("ct0_blocked")
        assert comparable(made, NAMES).flag
    assert sum(line == f"generate {TRIED} baseline" for line in calls(tmp_path)) == 1


def test_two_origins_that_answer_otherwise_make_a_claim_void(lab):
    lab(OtherRounding(OLD)).run("baseline")
    made = lab(TracedEngine(NEW))
    made.run("ct0_blocked")
    (check,) = comparable(made, NAMES).checks
    assert not check.passed
    assert "come out otherwise with torch 2.5, cpu" in check.detail
    assert verdict(made) == Verdict.VOID


def test_the_side_that_is_not_of_today_is_tried(lab):
    """The baseline was answered just now: making it again would show nothing of the condition, which is older."""
    old = lab(OtherRounding(OLD))
    old.store.collect(old.keys(["ct0_blocked"]), old.problems.ids, old._produce, old.provenance)
    made = lab(TracedEngine(NEW))
    made.run("baseline")
    (check,) = comparable(made, NAMES).checks
    assert not check.passed
    assert check.detail.startswith("of 20 answers of ct0_blocked made with torch 2.4, cpu, ")


def test_old_stores_are_flagged_only_where_the_sides_differ(lab):
    old = lab(FakeEngine())
    for name in NAMES:
        old.run(name)
    assert not comparable(lab(FakeEngine()), NAMES).flag
    assert list(old.origins("baseline")) == [Provenance()]


def test_an_unrecorded_side_beside_a_recorded_one_is_tried(lab):
    lab(FakeEngine()).run("baseline")
    made = lab(TracedEngine(NEW))
    made.run("ct0_blocked")
    found = comparable(made, NAMES)
    assert "baseline with not recorded" in found.flag
    assert [check.passed for check in found.checks] == [True]
