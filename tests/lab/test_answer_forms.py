"""Forms in the lab: declared or learned, part of a label's key, said where there is none."""

import json
from dataclasses import replace

import pytest

from ctlab.interventions import Condition, Intervention
from ctlab.lab.run_maker import RunMaker
from ctlab.models.families import FAMILIES
from ctlab.outcomes.forms import UNKNOWN
from ctlab.records.generation import Generation
from ctlab.settings import Settings
from tests.fakes import FakeEngine, FakeLog
from tests.plugin.suite import problems

CT0 = Condition(name="ct0_blocked", interventions=(Intervention(keys=("CT0",), readers="later"),))


class Collapsing(FakeEngine):
    """Answers in another form where CT0 is hidden."""

    def __init__(self, usual="The answer is: {}", family="", **fields):
        super().__init__(**fields)
        self.usual, self.family = usual, family

    def card(self):
        return {**super().card(), "family": self.family}

    def answer(self, problem, condition):
        said = super().answer(problem, condition)
        number = said.text.rpartition(":")[2].strip()
        text = f"/ {number}" if condition.name == "ct0_blocked" else self.usual.format(number)
        return Generation(problem_id=said.problem_id, token_ids=said.token_ids, text=text)


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "problems.jsonl").write_text(problems(120), encoding="utf-8")

    def make_lab(engine=None, **fields):
        fields = {"recorded": {}, "store": tmp_path / "store", "report": tmp_path / "reports", **fields}
        settings = Settings(problems=str(tmp_path / "problems.jsonl"), **fields)
        return RunMaker(settings, {CT0.name: CT0}, engine or Collapsing(), FakeLog())

    return make_lab


def outcomes(lab, name="ct0_blocked"):
    return {str(each.outcome) for each in lab.run(name).classifications}


def test_forms_are_learned_from_the_baseline_and_labels_depend_on_nothing_else_that_was_run(make):
    lab = make()
    assert outcomes(lab) <= {"CORRECT", "FORM_BROKEN"}
    assert "FORM_BROKEN" in outcomes(lab)
    assert lab.forms.known == ("The answer is: N",)
    assert outcomes(make(), "baseline").isdisjoint({"FORM_BROKEN"})


def test_other_forms_never_read_labels_of_these(make, monkeypatch):
    lab = make()
    assert "FORM_BROKEN" in outcomes(lab)
    monkeypatch.setattr(type(lab), "forms", UNKNOWN)
    assert "FORM_BROKEN" not in outcomes(make())


def test_a_family_that_declares_its_forms_is_believed(make, monkeypatch):
    own = replace(FAMILIES["coconut"], answer_forms=("/ N",))
    monkeypatch.setattr("ctlab.models.families.FAMILIES", {"coconut": own})
    lab = make(Collapsing(family="coconut"))
    assert (lab.forms.known, lab.forms.source) == (("/ N",), "declared")
    assert "FORM_BROKEN" not in outcomes(lab)
    assert "FORM_BROKEN" in outcomes(lab, "baseline")


def test_recorded_answers_show_the_form_of_their_own_baseline(make, tmp_path):
    lab = make()
    for name in ("baseline", "ct0_blocked"):
        rows = ({"problem_id": each.problem_id, "output": each.text} for each in lab.run(name).generations)
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    files = {name: tmp_path / f"{name}.jsonl" for name in ("baseline", "ct0_blocked")}
    assert outcomes(make(recorded=files)) == outcomes(lab)
    alone = make(recorded={"ct0_blocked": files["ct0_blocked"]})
    assert alone.forms == UNKNOWN
    assert "FORM_BROKEN" not in outcomes(alone)
