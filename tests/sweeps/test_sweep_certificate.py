"""What a sweep's certificate says of each cell, and of the whole."""

import json
from dataclasses import replace

import pytest

from ctlab.errors import InputError
from ctlab.records import Certificate, Check
from ctlab.sweeps import SweepCertificate


def proof(*, passed: bool = True) -> Certificate:
    checks = (Check(name="rows-sum-to-one", passed=passed, detail="0.3"),)
    return Certificate(
        condition="ct1", model="m", backend="cpu", edges_removed=1, edges_weakened=1, problems=4, checks=checks
    )


HONEST = SweepCertificate(cells=3, edges={0: 5, 1: 4, 2: 3}, question=9, faults={}, sampled={1: proof()}, seed=7)


def test_a_cell_is_certified_by_edges_or_recomputed() -> None:
    assert [HONEST.of(cell) for cell in range(3)] == ["edges", "recomputed", "edges"]
    assert HONEST.passed
    assert HONEST.said == "edges counted in every cell; weights and answers recomputed in 1 of 3 (33.3 %)"
    assert [check.passed for check in HONEST.checks] == [True, True]
    with pytest.raises(InputError, match="the sweep has cells 0 … 2, not 3"):
        HONEST.of(3)


def test_a_fault_of_edges_fails_it() -> None:
    found = replace(HONEST, faults={2: "condition 'ct2': it weakens no edge in layer 0, head 1, which it names"})
    assert found.failure() == "edges of cell 2, condition 'ct2': it weakens no edge in layer 0, head 1, which it names"
    assert [check.passed for check in found.checks] == [False, True]
    assert found.of(2) == "nothing"


def test_a_sampled_cell_that_failed_fails_it() -> None:
    found = replace(HONEST, sampled={1: proof(passed=False)})
    assert found.failure() == "cell 1, condition 'ct1': rows-sum-to-one: 0.3"
    assert [check.passed for check in found.checks] == [True, False]
    assert found.said.startswith("failed: cell 1")


def test_answers_of_other_source_are_vouched_for_by_nothing() -> None:
    found = replace(HONEST, stored=(0, 1))
    assert [found.of(cell) for cell in range(3)] == ["nothing", "nothing", "edges"]
    assert "2 cells with answers of other source of ctlab than today's, the first of them cell 0" in found.failure()
    assert not found.passed


def test_nothing_recomputed_is_no_proof() -> None:
    assert [check.passed for check in replace(HONEST, sampled={}).checks] == [True, False]


def test_it_is_written_as_json() -> None:
    form = json.loads(json.dumps(HONEST.to_json()))
    assert form["edges"] == {"0": 5, "1": 4, "2": 3}
    assert form["passed"] is True
    assert list(form["sampled"]) == ["1"]
