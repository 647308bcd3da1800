"""Suites on problems whose answers are no numbers: judged, tabulated, and claims about numbers skipped."""

import json

import pytest

from tests.plugin.suite import REGISTRY, TESTS, calls, report, rows, run, write_suite

LAST = 'conditions=("baseline", "ct4_blocked"),'
JUDGED = """    effect = rate_difference("CORRECT", baseline, ct0_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
"""
RAISING = '    raise AnswerKindError("these are no numbers")\n'


def about(outcome):
    """The suite with its last claim about another outcome."""
    tests = TESTS.replace('"CORRECT", baseline, ct4_blocked', f'"{outcome}", baseline, ct4_blocked')
    return {"registry": REGISTRY.replace(LAST, f'{LAST} outcome="{outcome}",'), "tests": tests}


KINDS = {
    "entity": lambda i: {"gold": f"Sally is a fig{i}.", "options": [f"fig{i}", "7777"], "edges": [[0, 1]], "hops": i},
    "boolean": lambda i: {"gold": i % 3 == 0},
    "choice": lambda i: {"gold": "ABC"[i % 3], "options": ["fig", "pear", "plum"]},
    "set": lambda i: {"gold": [f"fig{i}", "pear"]},
    "sequence": lambda i: {"gold": [f"fig{i}", "pear"]},
}


@pytest.fixture
def suite(pytester):
    def write(kind, n=80, **more):
        write_suite(pytester, folder="demo_claims", **more)
        asked = ({"question": f"{kind} {i}?", "kind": kind, **KINDS[kind](i)} for i in range(n))
        lines = "".join(json.dumps(row) + "\n" for row in asked)
        (pytester.path / "problems.jsonl").write_text(lines, encoding="utf-8")
        return pytester

    return write


@pytest.mark.parametrize("kind", KINDS)
def test_a_claim_is_judged_on_answers_of_every_kind(suite, kind):
    there = suite(kind)
    result = run(there)
    assert not any("Traceback" in line or "INTERNALERROR" in line for line in result.outlines + result.errlines)
    assert rows(there)["ct0-lowers"]["verdict"] == "SUPPORTED"
    row = report(there)["conditions"][0]
    assert row["accuracy"] > 0.5


def test_a_claim_about_numbers_is_skipped_before_anything_is_generated_for_it(suite):
    there = suite("entity", **about("CALC_ERROR"))
    run(there)
    row = rows(there)["ct4-changes"]
    assert (row["status"], row["verdict"]) == ("skipped", None)
    assert row["reason"].startswith("needs answers that are a number, for “calculation error”")
    assert not any("ct4_blocked" in call for call in calls(there))


def test_a_measure_of_numbers_skips_its_claim_where_its_test_finds_out(suite):
    head, judged, tail = TESTS.rpartition(JUDGED)
    assert judged
    there = suite("boolean", tests=f"from ctlab.errors import AnswerKindError\n{head}{RAISING}{tail}")
    result = run(there)
    result.stdout.fnmatch_lines(["*these are no numbers*"])
    row = rows(there)["ct0-raises"]
    assert (row["status"], row["verdict"], row["reason"]) == ("skipped", None, "these are no numbers")


def test_tables_show_the_outcomes_of_the_kind_beside_chance(suite):
    there = suite("entity", **about("WRONG_OPTION"))
    run(there)
    shown = report(there)["error_taxonomy"]["conditions"]["baseline"]["outcomes"]
    assert list(shown)[:7] == ["CORRECT", "NONE", "NONSENSE", "FORM_BROKEN", "HEDGED", "NEGATED", "WRONG_OPTION"]
    assert shown["WRONG_OPTION"]["count"] > 0
    assert 0 <= shown["CORRECT"]["chance"] < 0.1
    assert report(there)["forms"]["known"] == ["The answer is: N"]
    page = (there.path / "reports" / "latest" / "index.html").read_text(encoding="utf-8")
    assert "of answers that could be read, chance" in page
    assert "other entity, named in the question" in page
