"""Answers are taken from the file that says most."""

import json
from dataclasses import replace

from ctlab.reporting.compare.known_answers import KnownAnswer, answered_alike, answers_in, shared_problems


def test_all_answers_are_read_where_a_report_has_them(tmp_path):
    problem = {"problem_id": "p1", "question": "1 + 1?", "gold": "2", "given": [0, None, 1]}
    answers = [{"outcome": "CORRECT", "prediction": "2"}, {"outcome": "CALC_ERROR", "prediction": "3"}]
    table = {"conditions": ["baseline", "ct0_blocked", "ct1_blocked"], "problems": [{**problem, "answers": answers}]}
    (tmp_path / "answers.json").write_text(json.dumps(table))
    found = answers_in(tmp_path)
    assert set(found) == {"baseline", "ct1_blocked"}
    assert found["ct1_blocked"]["p1"] == KnownAnswer(
        right=False, outcome="CALC_ERROR", answer="3", place=1, question="1 + 1?", gold="2"
    )


def test_right_and_wrong_alone_are_read_and_labels_take_their_place(tmp_path):
    row = {"problem_id": "p1", "index": 4, "question": "1 + 1?", "gold": "2", "correct": {"baseline": True, "x": False}}
    (tmp_path / "problem_sensitivity_full.json").write_text(json.dumps([row]))
    assert answers_in(tmp_path)["x"]["p1"].outcome is None
    label = {"condition": "x", "problem_id": "p1", "index": 4, "outcome": "SIGN_ERROR", "prediction": "-2"}
    (tmp_path / "error_taxonomy_full.json").write_text(json.dumps([label]))
    found = answers_in(tmp_path)
    assert (found["x"]["p1"].outcome, found["x"]["p1"].place) == ("SIGN_ERROR", 5)
    assert found["baseline"]["p1"].right


def test_a_folder_without_answers_has_none(tmp_path):
    assert answers_in(tmp_path) == {}


def test_a_problem_with_another_right_answer_is_not_shared():
    answer = KnownAnswer(right=True, outcome="CORRECT", answer="2", place=1, question="1 + 1?", gold="2")
    other = KnownAnswer(right=True, outcome="CORRECT", answer="2", place=1, question="1 + 1?", gold="3")
    assert shared_problems({"a": answer, "b": answer}, {"b": answer, "a": other}) == ["b"]


def test_alike_are_the_same_answers_to_the_same_problems():
    answer = KnownAnswer(right=True, outcome="CORRECT", answer="2", place=1, question="1 + 1?", gold="2")
    assert answered_alike({"a": answer}, {"a": replace(answer, place=7)})
    assert not answered_alike({"a": answer}, {"a": answer, "b": answer})
    assert not answered_alike({"a": answer}, {"a": replace(answer, answer="2.0")})
    unlabelled = replace(answer, outcome=None)
    assert not answered_alike({"a": unlabelled}, {"a": unlabelled})
    assert not answered_alike({}, {})
