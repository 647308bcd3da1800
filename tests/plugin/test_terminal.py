from dataclasses import replace

import pytest

from ctlab.claims.roles import explanation
from ctlab.plugin.terminal import explained, finding, remark_lines, status_word, unknown_names, verdict_lines
from ctlab.statistics import paired_difference
from tests.claims.roles import planted


def row(name="a", status="judged", verdict="SUPPORTED", **fields):
    given = {"accepted": None, "family": "demo", "reason": "", "exploratory": False, "deviation": ""}
    given |= {"effect": None, "flags": ()}
    return {"id": name, "status": status, "verdict": verdict if status == "judged" else None, **given, **fields}


@pytest.mark.parametrize(
    ("given", "outcome", "expected", "category", "letter", "word"),
    [
        (row(), "passed", False, "passed", "S", "SUPPORTED"),
        (row(verdict="REFUTED"), "failed", False, "failed", "R", "REFUTED"),
        (row(verdict="INCONCLUSIVE"), "failed", False, "failed", "I", "INCONCLUSIVE"),
        (row(verdict="VOID"), "failed", False, "failed", "V", "VOID"),
        (row(verdict="REFUTED", accepted="REFUTED"), "skipped", True, "xfailed", "r", "REFUTED"),
        (row(accepted="REFUTED"), "failed", False, "failed", "S", "SUPPORTED, was REFUTED"),
        (row(status="error"), "failed", False, "error", "E", "ERROR"),
    ],
)
def test_categories_stay_pytest_s_own(given, outcome, expected, category, letter, word):
    found = status_word(given, outcome, expected=expected)
    assert (found[0], found[1], found[2][0]) == (category, letter, word)


def test_the_table_groups_families_and_shows_what_changed():
    effect = paired_difference(lost=10, gained=40, n=1000, alternative="greater", alpha=0.05).to_json()
    rows = [
        row("one", family="a", effect=effect),
        row("two", family="b", verdict="REFUTED", accepted="SUPPORTED", effect=effect),
        row("three", family="a", status="error", reason="KeyError: 'x'\nand a traceback"),
        row("four", family="b", status="not_run"),
        row("five", family="b", verdict="VOID", reason="Nothing can be concluded: the mask leaks."),
    ]
    measured = "+3.0 points (90 % interval +1.9 to +4.2, n = 1,000), p < .0001"
    assert [line for line, _ in verdict_lines(rows)] == [
        f"one    SUPPORTED     {measured}",
        "three  ERROR         KeyError: 'x'",
        f"two    REFUTED       was accepted as SUPPORTED. {measured}",
        "five   VOID          Nothing can be concluded: the mask leaks.",
    ]


def test_what_has_no_estimate_says_why_instead_of_a_number():
    effect = paired_difference(lost=10, gained=40, n=1000).no_estimate("separation: all wrong").to_json()
    assert finding(row("one", effect=effect)) == "no estimate (n = 1,000): separation: all wrong"


def test_an_open_claim_with_a_small_p_says_what_stands_in_the_way():
    why = "Not decided: every problem has the same value, so nothing tells how far it may be off."
    effect = paired_difference(lost=10, gained=40, n=300, alternative="greater", alpha=0.05).to_json()
    said = finding(row("one", verdict="INCONCLUSIVE", effect=effect, alpha=0.05, why=why))
    assert said.endswith(f"n = 300), p < .0001. {why}")
    assert finding(row("one", verdict="INCONCLUSIVE", effect=effect, alpha=1e-9, why=why)).endswith("p < .0001")


def test_many_claims_are_not_all_listed():
    rows = [row(f"c{i}", status="not_run", reason="not selected") for i in range(8)]
    assert remark_lines(rows) == ["8 not judged (not selected): c0, c1, c2, c3, c4, c5 and 2 more"]


def test_remarks_are_grouped_by_reason():
    rows = [row("a", status="not_run", reason="not selected"), row("b", status="skipped", reason="not recorded: x")]
    rows += [row("c", status="not_run", reason="not selected"), row("d", exploratory=True, deviation="not registered")]
    assert remark_lines(rows) == [
        "EXPLORATORY (not registered): d",
        "2 not judged (not selected): a, c",
        "1 not judged (not recorded: x): b",
    ]


def test_every_flag_stands_behind_its_verdict_and_is_spelled_out_once():
    flags = ("recorded: baseline has no certificate", "control no_op: it was not run")
    shown = [row("a", verdict="VOID", reason="Nothing.", flags=flags), row("b", reason="x", flags=flags[:1])]
    assert [line for line, _ in verdict_lines(shown)] == [
        "a  VOID          [recorded, control no_op] Nothing.",
        "b  SUPPORTED     [recorded] x",
    ]
    assert remark_lines(shown) == [f"[{flags[0]}] a, b", f"[{flags[1]}] a"]


def test_a_rate_without_room_says_so_whatever_its_p():
    effect = replace(paired_difference(lost=0, gained=0, n=1000), undecided="there is no room to fall")
    open_claim = row("one", verdict="INCONCLUSIVE", effect=effect.to_json(), alpha=0.05, why="Not decided: no room.")
    assert finding(open_claim).endswith("p = 1. Not decided: no room.")


def test_no_number_of_a_void_claim_is_printed():
    shown = row("a", verdict="VOID", reason="Nothing can be concluded: x.", effect={"estimate": 0.5})
    assert verdict_lines([shown]) == [("a  VOID          Nothing can be concluded: x.", "red")]


def test_a_positive_control_is_called_one():
    (known,), (other,) = (
        verdict_lines([row(reason="because", **fields)]) for fields in ({"positive_control": "it was trained to"}, {})
    )
    assert known[0] == "a  SUPPORTED     positive control: because"
    assert "positive" not in other[0]


def test_a_recorded_name_that_no_condition_has_is_said_with_the_nearest():
    found = unknown_names(["baseline", "ct0_bloked", "mine"], ["baseline", "ct0_blocked", "ct4_blocked"])
    assert found == [
        "warning: 'ct0_bloked' is not a condition of this suite, so no claim reads its answers; "
        "did you mean ct0_blocked?",
        "warning: 'mine' is not a condition of this suite, so no claim reads its answers",
    ]


def test_what_thoughts_do_is_said_in_three_sentences_at_most_and_only_where_a_claim_asks():
    assert explained([row()]) == []
    lines = explained(planted.CHAIN.rows())
    assert max(map(len, lines)) <= 80
    begun = [line for line in lines if not line.startswith("  ")]
    assert len(begun) == 3
    assert begun[0].startswith("CT0 carries the result of step 1")
    assert begun[2].startswith("CT0 to CT4 work alike")
    said = " ".join(line.strip() for line in lines)
    assert explanation(planted.CHAIN.rows()).text.startswith(said)
