"""The summary as Markdown and as a renderer of GitHub's Markdown shows it."""

import html
import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from ctlab.claims.roles import explanation
from ctlab.reporting.ci.red_claims import red_claim
from ctlab.reporting.ci.step_summary import LIMIT, Summary, inert, step_summary
from ctlab.statistics import paired_difference
from tests.claims.roles import planted

EFFECT = paired_difference(lost=40, gained=10, n=1000, alternative="less", alpha=0.05).to_json()


def row(id="a", verdict="SUPPORTED", **fields):
    given = {"id": id, "family": "demo", "statement": "It does.", "direction": "decrease", "kind": "difference"}
    given |= {"outcome": "CORRECT", "conditions": ["baseline", "ct0_blocked"], "alpha": 0.05, "status": "judged"}
    given |= {"verdict": verdict, "accepted": verdict, "reason": "", "exploratory": False, "deviation": ""}
    return given | {"effect": EFFECT, "flags": [], "nodeid": f"t.py::{id}"} | fields


def summary(*rows, red=(), **fields):
    found = [red_claim(each) for each in rows if each["id"] in red]
    return Summary(subject="tiny on tiny, n = 1,000 (2e7d908e)", rows=rows, red=found, **fields)


def rendered(text):
    return MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(text)


def cells(page):
    lines = [re.findall(r"<td>(.*?)</td>", line, re.S) for line in re.findall(r"<tr>(.*?)</tr>", page, re.S)]
    return [[html.unescape(cell) for cell in line] for line in lines if line]


def test_red_claims_stand_first_and_the_others_are_folded():
    rows = [row("fine"), row("changed", "REFUTED", accepted="SUPPORTED", reason="It went up.", flags=["same: b is c"])]
    page = rendered(step_summary(summary(*rows, red=("changed",))))
    changed, fine = cells(page)
    measured = ["−3.0 points", "−4.2 to −1.9 (90\N{NO-BREAK SPACE}%)", "<\N{NO-BREAK SPACE}.0001", "1,000"]
    assert changed == ["changed", "REFUTED", "SUPPORTED", *measured, "same"]
    assert fine == ["fine", "SUPPORTED", "SUPPORTED", *measured, ""]
    assert "<h2>ctlab: 1 claim red</h2>" in page
    assert page.index("It went up.") < page.index("<details><summary>1 claim not red</summary>")


def test_the_paragraph_counts_and_subject_are_there():
    rows = [row("a"), row("b", None, status="not_run", effect=None), row("c", None, status="error")]
    text = step_summary(Summary(subject="m on p", rows=rows, red=[]))
    assert "**m on p**: of 3 claims 1 SUPPORTED, 1 without a verdict by an error and 1 not judged." in text
    assert "CT0 carries" not in text


def test_what_thoughts_do_is_said_whole():
    # Each of the planted claims is a row with its cells, without what else a row of a report has.
    rows = [row(**given) for given in planted.CHAIN.rows()]
    page = rendered(step_summary(Summary(subject="m on p", rows=rows, red=[])))
    assert page.startswith("<h2>ctlab: no claim red</h2>\n<blockquote>\n<p>CT0 carries the result of step 1")
    said = html.unescape(re.search(r"<blockquote>\n<p>(.*?)</p>", page, re.S).group(1))
    assert said == explanation(planted.CHAIN.rows()).text


def test_a_run_that_is_red_for_another_reason_says_so():
    text = step_summary(summary(row(), others=["b: registered, and gone from the code"]))
    assert text.startswith("## ctlab: red\n\n- b: registered, and gone from the code\n")


@pytest.mark.parametrize(
    ("rows", "accepting", "said"),
    [
        ([row()], False, "Every judged claim has an accepted verdict"),
        (
            [row(accepted=None)],
            False,
            "No verdict of these claims is accepted for this subject, so that none is",
        ),
        ([row(), row("b", accepted=None)], False, "No verdict is accepted of 1 of 2 judged claims, so"),
        ([row()], True, "This run accepts its own verdicts"),
        ([row(status="error", verdict=None)], False, "Nothing was judged, so no verdict was held against"),
    ],
)
def test_a_run_says_of_which_claims_it_would_notice_a_change(rows, accepting, said):
    assert said in step_summary(summary(*rows, accepting=accepting))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"exit_code": 0}, "**Exit code 0:** no claim is red. Every judged claim"),
        (
            {"exit_code": 1, "red": ("a",)},
            "**Exit code 1:** 1 claim is red (1 not SUPPORTED, with no verdict accepted). No",
        ),
        ({"exit_code": 1, "others": ["b: gone"]}, "**Exit code 1:** the run is red for what is listed above. Every"),
        ({"exit_code": 2, "interrupted": True}, "**Exit code 2:** the run was interrupted. Every"),
        ({}, "\n\nEvery judged claim"),
    ],
)
def test_the_exit_code_is_said_with_its_reason(fields, said):
    given = {"verdict": "INCONCLUSIVE", "accepted": None} if "red" in fields else {}
    assert said in step_summary(summary(row("a", **given), **fields))


def test_no_number_of_a_void_claim_is_shown():
    (cell,) = cells(rendered(step_summary(summary(row("v", "VOID", accepted="REFUTED"), red=("v",)))))
    assert cell == ["v", "VOID", "REFUTED", "", "", "", "", ""]


HOSTILE = (
    "a|b`c`\n# <img src=x onerror=y> @octocat [l](javascript:x) ![i](//e.org) **b** https://e.org www.e.org #1 &amp; "
    "$x$ ~~s~~"
)


def test_hostile_texts_stay_text():
    rows = [row(HOSTILE, flags=[f"{HOSTILE}: why"], reason=HOSTILE, verdict="VOID")]
    text = step_summary(replace(summary(*rows, red=(HOSTILE,)), subject=HOSTILE, others=[HOSTILE], report=HOSTILE))
    page = rendered(text)
    assert {tag.lower() for tag in re.findall(r"<(\w+)", page)} <= set(
        ["h2", "p", "ul", "li", "strong", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "code"]
    )
    assert len(cells(page)) == 1
    assert len(cells(page)[0]) == 8
    shown = html.unescape(re.sub(r"<[^>]*>", "", page)).replace("\u200b", "")
    assert " ".join(HOSTILE.split()) in shown
    assert not re.search(r"@\w|://|www\.|#\d", html.unescape(page))


@pytest.mark.parametrize("text", ["1. a", "- a", "> a", "# a", "+ a", "=== a", "|a|", "    a", "```"])
def test_what_begins_a_line_begins_nothing(text):
    assert rendered(inert(text)).startswith("<p>")


@pytest.mark.parametrize("room", [LIMIT, 20_000, 3_000])
def test_what_does_not_fit_is_counted(room):
    rows = [row(f"claim-{i}", flags=["wide: " + "x" * 900], statement="é" * 900) for i in range(400)]
    rows = [replace_flags(each, "ß" * 2_000) for each in rows] if room == LIMIT else rows
    text = step_summary(summary(*rows, red=("claim-399",)), room)
    assert len(text.encode()) <= room
    shown = len(cells(rendered(text)))
    (left,) = re.findall(r"… and (\d+) more", text)
    assert shown + int(left) == 400
    assert "claim-399 | SUPPORTED" in text
    assert "**tiny on tiny" in text


def replace_flags(given, flag):
    return {**given, "flags": [flag]}


def test_a_step_that_is_full_gets_nothing():
    assert step_summary(summary(row()), 500) == ""
