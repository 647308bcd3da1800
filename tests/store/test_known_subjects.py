"""What a store knows in words."""

import pytest

from ctlab.interventions import Condition, Intervention
from ctlab.problems import Problem, ProblemSet
from ctlab.store import Known, note_known, read_known

HIDDEN = Condition(name="hidden", interventions=(Intervention(keys=("CT0",), readers="later"),))
SUMS = ProblemSet("sums", [Problem(question=f"What is {k}  plus {k}?", gold=2 * k) for k in range(3)])


def test_what_was_noted_is_read_once_and_for_all(tmp_path):
    note_known(tmp_path, Known(), SUMS, {HIDDEN.definition: HIDDEN})
    known = read_known(tmp_path, pytest.fail)
    assert known.conditions == {HIDDEN.definition: HIDDEN}
    kept = known.sets[SUMS.digest]
    assert (kept.name, kept.ids) == ("sums", SUMS.ids)
    assert kept.content_ids == tuple(problem.content_id for problem in SUMS)
    assert set(kept.ids).isdisjoint(kept.content_ids)
    before = (tmp_path / "known.jsonl").read_bytes()
    note_known(tmp_path, known, SUMS, {HIDDEN.definition: HIDDEN})
    assert (tmp_path / "known.jsonl").read_bytes() == before


def test_a_damaged_line_is_said_and_passed_over(tmp_path):
    note_known(tmp_path, Known(), SUMS, {HIDDEN.definition: HIDDEN})
    path = tmp_path / "known.jsonl"
    path.write_text("{\n" + path.read_text("utf-8") + '{"condition": "x", "does": {"name": "1"}}\n', encoding="utf-8")
    said = []
    known = read_known(tmp_path, said.append)
    assert len(known.sets) == len(known.conditions) == 1
    assert [line.partition(" is damaged")[0].rpartition(", ")[2] for line in said] == ["line 1", "line 4"]


def test_where_nothing_is_nothing_is_known(tmp_path):
    assert read_known(tmp_path / "nowhere", pytest.fail) == Known()


def test_runs_whose_donors_are_not_told_by_ids_are_noted_each_once(tmp_path):
    note_known(tmp_path, Known(), SUMS, {HIDDEN.definition: HIDDEN}, {HIDDEN.definition: "one"})
    known = read_known(tmp_path, pytest.fail)
    note_known(tmp_path, known, SUMS, {HIDDEN.definition: HIDDEN}, {HIDDEN.definition: "one"})
    note_known(tmp_path, known, SUMS, {HIDDEN.definition: HIDDEN}, {HIDDEN.definition: "other"})
    known = read_known(tmp_path, pytest.fail)
    assert known.runs == {HIDDEN.definition: {"one", "other"}}
    assert known.conditions == {HIDDEN.definition: HIDDEN}
    assert len((tmp_path / "known.jsonl").read_text("utf-8").splitlines()) == 3
