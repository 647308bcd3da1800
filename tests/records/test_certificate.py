import json
from dataclasses import replace

from ctlab.records import Certificate, Check

GOOD = Check(name="removed-edges-are-zero", passed=True, detail="24 weights, the largest 0")
BAD = Check(name="bites", passed=False, detail="logits do not move")


def certificate(*checks):
    return Certificate(
        condition="ct0_blocked",
        model="0123456789abcdef",
        backend="explicit attention, cpu, float32, exact padding",
        edges_removed=24,
        edges_weakened=24,
        problems=4,
        checks=checks,
    )


def test_round_trip():
    for each in (certificate(GOOD, BAD), Certificate.recorded("baseline")):
        assert Certificate.from_json(json.loads(json.dumps(each.to_json()))) == each


def test_one_failed_check_fails_it():
    assert certificate(GOOD).passed
    assert certificate(GOOD).failure() is None
    assert not certificate(GOOD, BAD).passed
    assert certificate(GOOD, BAD).failure() == "bites: logits do not move"


def test_passed_is_never_read_from_a_file():
    form = {**certificate(BAD).to_json(), "passed": True}
    assert not Certificate.from_json(form).passed


def test_edges_per_problem():
    assert certificate(GOOD).edges_per_problem == 6
    assert Certificate.recorded("baseline").edges_per_problem == 0


def test_replaced_thoughts_are_a_treatment_too():
    none = replace(certificate(GOOD), edges_removed=0, edges_weakened=0)
    assert not none.treats
    assert replace(none, thoughts_replaced=4).treats
    assert certificate(GOOD).treats
    assert replace(none, thoughts_replaced=4).to_json()["thoughts_replaced"] == 4


def test_certificates_from_before_thoughts_were_replaced_are_read():
    form = certificate(GOOD).to_json()
    del form["thoughts_replaced"]
    assert Certificate.from_json(form) == certificate(GOOD)


def test_recorded_answers_have_none():
    assert not Certificate.recorded("baseline").available
