"""Why a verdict is one sentence, made when it is judged: page, terminal, JSON and Markdown say it and no other."""

import html as markup
import itertools
import json
import re

import pytest

from ctlab.claims import Claim, Direction, Kind, judge
from ctlab.lab.claim_rows import claim_row, judged
from ctlab.plugin.claim_fixture import explain
from ctlab.plugin.terminal import flag_names, verdict_lines
from ctlab.reporting import write_report
from ctlab.reporting.documents.document import escaped
from ctlab.statistics import equivalence, paired_difference
from ctlab.statistics.joint.intersection_union import all_of
from tests.reporting.fake_report import fake_report

N, ALPHA, MARGIN = 1319, 0.05 / 6, 0.02
CONTRADICTED = (74, 22)
"""Counts at which page and terminal once said two things of an equivalence of every outcome."""
COUNTS = [*itertools.product((0, 3, 20, 50, 74, 170), (0, 5, 22, 60)), (20, 20)]


def claim(name, **fields):
    return Claim(id=name, family="sweep", statement=f"{name} holds.", conditions=("baseline", "ct0_blocked"), **fields)


def drop(lost, gained):
    asked = claim(f"drop-{lost}-{gained}", direction=Direction.DECREASE)
    return asked, paired_difference(lost, gained, N, alternative="less", alpha=ALPHA)


def same(lost, gained):
    asked = claim(f"same-{lost}-{gained}", direction=Direction.EQUIVALENT, kind=Kind.EQUIVALENCE, margin=MARGIN)
    return asked, equivalence(lost, gained, N, margin=MARGIN, alpha=ALPHA)


def every(lost, gained):
    named = {"direction": Direction.EQUIVALENT, "kind": Kind.EQUIVALENCE, "outcome": "EVERY", "margin": MARGIN}
    parts, refuting = (
        {
            "CORRECT": equivalence(lost, gained, N, margin=MARGIN, alpha=level),
            **{name: equivalence(2, 1, N, margin=MARGIN, alpha=level) for name in ("NONE", "SIGN_ERROR", "NONSENSE")},
        }
        for level in (ALPHA, ALPHA / 4)
    )
    return claim(f"every-{lost}-{gained}", **named), all_of(parts, refuting, null="some outcome differs")


@pytest.fixture(scope="module")
def judgements():
    found = {}
    for make, counts in itertools.product((drop, same, every), COUNTS):
        asked, effect = make(*counts)
        judgement = judge(asked, effect, alpha=ALPHA)
        found[asked.id] = judgement, judged(claim_row(asked, ALPHA), judgement)
    return found


@pytest.fixture(scope="module")
def views(judgements, tmp_path_factory):
    """The four places, as plain text."""
    folder = tmp_path_factory.mktemp("sweep")
    rows = [row for _, row in judgements.values()]
    write_report({**fake_report(conditions=2), "claims": rows, "outcomes": {}, "problem_sensitivity": {}}, folder)
    page = (folder / "index.html").read_text(encoding="utf-8")
    return {
        "page": markup.unescape(re.sub("<[^>]*>", "", page)).replace("\N{NO-BREAK SPACE}", " "),
        "Markdown": (folder / "comprehensive_report.md").read_text(encoding="utf-8"),
        "JSON": (folder / "report.json").read_text(encoding="utf-8"),
    }


def test_the_sweep_meets_every_verdict(judgements):
    assert {str(judgement.verdict) for judgement, _ in judgements.values()} == {"SUPPORTED", "REFUTED", "INCONCLUSIVE"}


def test_all_say_the_same(judgements, views):
    for judgement, row in judgements.values():
        why = row["why"]
        assert why in views["page"], row["id"]
        assert escaped(f"x {why}").removeprefix("x ") in views["Markdown"], row["id"]
        assert json.dumps(why, ensure_ascii=False) in views["JSON"], row["id"]
        assert why in "\n".join(explain(judgement)), row["id"]


def test_the_terminal_says_what_was_observed_as_the_reason_does(judgements):
    for _, row in judgements.values():
        ((line, _),) = verdict_lines([row])
        observed = line.split(str(row["verdict"]))[1].strip().rsplit(", p", 1)[0].removeprefix(flag_names(row))
        assert row["reason"].startswith(observed), row["id"]


def test_where_they_once_contradicted_each_other(judgements, tmp_path):
    lost, gained = CONTRADICTED
    judgement, row = judgements[f"every-{lost}-{gained}"]
    write_report({**fake_report(conditions=2), "claims": [row], "outcomes": {}, "problem_sensitivity": {}}, tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    low, high = judgement.effect.low, judgement.effect.high
    assert high < -MARGIN, "the interval lies outside the margin"
    assert low < high
    assert "neither within nor outside" not in page
    assert markup.escape(row["why"], quote=False) in page
