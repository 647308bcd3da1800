"""Roles where the truth is known by design."""

from itertools import permutations
from random import Random

import pytest

from ctlab.claims.roles import Lacks, RoleName, roles_of
from tests.claims.roles import planted

CARRIES, DECODES, NEEDED, IDLE, UNKNOWN = RoleName
TRUTHS = {
    "chain": (planted.CHAIN, [*((k, CARRIES, k + 1) for k in range(5)), (5, IDLE, None)]),
    "two thoughts share a result": (
        planted.SHARED,
        [(0, CARRIES, 1), (1, CARRIES, 2), (2, CARRIES, 2), (3, CARRIES, 3), (4, IDLE, None), (5, IDLE, None)],
    ),
    "two thoughts hold a copy": (
        planted.COPIES,
        [
            (0, CARRIES, 1),
            (1, DECODES, 2),
            (1, IDLE, None),
            (2, DECODES, 2),
            (2, IDLE, None),
            (3, CARRIES, 3),
            (4, IDLE, None),
            (5, IDLE, None),
        ],
    ),
    "stores in even and computes in odd positions": (
        planted.STORES_AND_COMPUTES,
        [
            (0, CARRIES, 1),
            (1, NEEDED, None),
            (2, CARRIES, 2),
            (3, NEEDED, None),
            (4, CARRIES, 3),
            (5, NEEDED, None),
        ],
    ),
    "placeholders": (planted.PLACEHOLDERS, [(k, IDLE, None) for k in range(6)]),
    "holds the answer": (
        planted.HOLDS_THE_ANSWER,
        [*((k, IDLE, None) for k in range(5)), (5, NEEDED, None), (5, DECODES, 5)],
    ),
}


def told(roles):
    return [(int(role.thought.removeprefix("CT")), role.role, role.step) for role in roles]


each_truth = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name != "chain" else []) for name in TRUTHS]
)


@each_truth
def test_planted_roles_are_found(name):
    model, truth = TRUTHS[name]
    assert told(roles_of(model.rows())) == truth


@pytest.mark.slow
def test_of_too_few_problems_nothing_is_known():
    roles = roles_of(planted.TOO_FEW.rows())
    assert {role.role for role in roles if role.thought != "CT0"} <= {UNKNOWN, DECODES}
    assert not [role for role in roles if role.role in (IDLE, CARRIES)]


@pytest.mark.slow
def test_permuting_thoughts_permutes_roles():
    model, truth = TRUTHS["stores in even and computes in odd positions"]
    for names in Random(5).sample(list(permutations(range(6))), 3):
        moved = planted.replace(model, names=names)
        expected = sorted(((names[k], role, step) for k, role, step in truth), key=lambda row: row[0])
        assert told(roles_of(moved.rows())) == expected


def test_a_void_claim_and_an_undecided_one_say_nothing():
    rows = planted.CHAIN.rows()
    void = [{**row, "verdict": "VOID"} for row in rows]
    assert roles_of(void) == ()
    undecided = [{**row, "effect": {**row["effect"], "undecided": "why"}} for row in rows]
    assert roles_of(undecided) == ()


def test_cells_of_a_measure_that_gives_no_rates_say_nothing():
    needed, carry, *others = planted.CHAIN.rows()
    details = carry["effect"]["details"]
    cells = [{name: value for name, value in cell.items() if name != "rate"} for cell in details["cells"]]
    rows = [needed, {**carry, "effect": {**carry["effect"], "details": {**details, "cells": cells}}}, *others]
    assert {role.role for role in roles_of(rows)} == {NEEDED, IDLE}


def test_a_thought_that_is_needed_somewhere_is_not_idle_however_little_it_costs_on_the_whole():
    *others, idle = planted.CHAIN.rows()
    details = idle["effect"]["details"]
    cells = [{**cell, "label": "idle"} for cell in details["cells"]]
    rows = [*others, {**idle, "effect": {**idle["effect"], "details": {**details, "cells": cells}}}]
    assert [role.thought for role in roles_of(rows) if role.role == IDLE] == ["CT5"]


def test_an_exchange_that_does_not_move_the_answer_takes_the_result_away():
    rows = planted.CHAIN.rows()
    (place,) = [at for at, row in enumerate(rows) if row["id"].startswith("exchanging")]
    details = rows[place]["effect"]["details"]
    labels = {"CT0": "exchanged", "CT1": "not exchanged", "CT2": "exchanged", "CT3": "unknown", "CT4": "exchanged"}
    cells = [
        {**cell, "label": labels[cell["thought"]] if "beyond a donor" in cell["place"] else cell["label"]}
        for cell in details["cells"]
        if not cell["last"]
    ]
    worse = {**rows[place], "effect": {**rows[place]["effect"], "details": {**details, "cells": cells}}}
    roles = roles_of([*rows[:place], worse, *rows[place + 1 :]])
    carrying = [role for role in roles if role.role == CARRIES]
    assert [role.thought for role in carrying] == ["CT0", "CT2", "CT4"]
    assert {role.thought for role in roles if role.lacks == Lacks.EXCHANGE} == {"CT1", "CT3"}
    assert all("exchanging-a-thought-exchanges-the-answer" in role.to_json()["claims"] for role in carrying)


def test_of_a_result_that_nobody_exchanged_nothing_is_said_to_carry_it():
    rows = [row for row in planted.CHAIN.rows() if not row["id"].startswith("exchanging")]
    roles = [role for role in roles_of(rows) if role.role == DECODES]
    assert [role.thought for role in roles] == [f"CT{k}" for k in range(5)]
    assert {role.lacks for role in roles} == {Lacks.JUDGED}
