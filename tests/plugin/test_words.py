import pytest

from ctlab.plugin.words import not_run_lines, status_word, verdict_lines


def row(name="a", status="judged", verdict="SUPPORTED", **fields):
    given = {"accepted": None, "family": "demo", "reason": "", "exploratory": False, "deviation": ""}
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
    rows = [
        row("one", family="a", reason="+3 points."),
        row("two", family="b", verdict="REFUTED", accepted="SUPPORTED", exploratory=True, deviation="not registered"),
        row("three", family="a", status="error", reason="KeyError: 'x'"),
        row("four", family="b", status="not_run"),
    ]
    lines = [line for line, _ in verdict_lines(rows)]
    assert lines == [
        "one    SUPPORTED     +3 points.",
        "three  ERROR         KeyError: 'x'",
        "two    REFUTED       was accepted as SUPPORTED. EXPLORATORY: not registered.",
    ]


def test_claims_without_a_verdict_are_grouped_by_reason():
    rows = [row("a", status="not_run", reason="not selected"), row("b", status="skipped", reason="not recorded: x")]
    rows.append(row("c", status="not_run", reason="not selected"))
    assert not_run_lines(rows) == ["2 not judged (not selected): a, c", "1 not judged (not recorded: x): b"]
