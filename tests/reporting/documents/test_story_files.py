import json
import re

import pytest

from ctlab.reporting import write_report
from ctlab.reporting.documents.comprehensive import claims_by_family
from ctlab.reporting.documents.document import markdown
from ctlab.reporting.documents.limits import limits
from ctlab.reporting.model import ClaimRow, ProblemRow, read
from ctlab.reporting.model.record import Many
from ctlab.reporting.prose.sentences import sentence
from ctlab.reporting.schema import complete
from ctlab.reporting.summaries.case_studies import case_studies
from ctlab.reporting.summaries.prediction_rows import Predictions
from tests.reporting.fake_report import claim, effect_row, fake_predictions, fake_problems, fake_report

FORM = fake_report(conditions=3)
REPORT = complete(FORM)
PREDICTIONS, PROBLEMS = fake_predictions(FORM), fake_problems(FORM)
ROWS = read(Many[ProblemRow], PROBLEMS, "problems")
ATTENTION = {"readers": ["CT0", "CT1"], "keys": ["question", "CT0"], "mass": [[0.9, 0.1], [0.5, 0.5]]}
DETAILS = {
    row["problem_id"]: {
        "thoughts": {"baseline": [[{"token": "7", "probability": 0.61}], []]},
        "attention": {"baseline": ATTENTION},
        "divergence": {"ct0_blocked": {"positions": ["CT0", "CT1"], "cosine": [1.0, 0.62]}},
    }
    for row in PROBLEMS
}


@pytest.fixture(scope="module")
def studies():
    return case_studies(REPORT, Predictions(PREDICTIONS, "answers"), ROWS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stories")
    probed = dict(list(DETAILS.items())[:200])
    write_report(FORM, folder, predictions=PREDICTIONS, problems=PROBLEMS, details=probed)
    return folder


def test_rule_and_seed_are_printed(folder, studies):
    text = (folder / "case_studies.md").read_text()
    assert studies.rule.split(".")[0] in text
    assert "12 problems under ct0_blocked, chosen with seed 0." in text
    assert len(re.findall(r"^## Case \d+: ", text, re.MULTILINE)) == 12


def test_a_case_tells_what_each_condition_answered(studies):
    case = studies.cases[0]
    assert set(case.answers) == {"baseline", "ct0_blocked", "ct4_blocked"}
    assert case.narrative.startswith("Under baseline it answered 2, which is right. Under ct0_blocked it answered 3, ")


def test_what_probes_found_is_shown(folder):
    cases = json.loads((folder / "case_studies.json").read_text())["cases"]
    probed = [number for number, case in enumerate(cases, start=1) if case["thoughts"]]
    assert {path.name for path in (folder / "case_studies").iterdir()} == {f"case-{number:02}.png" for number in probed}
    assert probed
    text = (folder / "case_studies.md").read_text()
    assert "| CT0 | “7” 61.0 % |" in text
    assert "the thoughts decode to “7” and nothing, in order" in text
    assert f"](case_studies/case-{probed[0]:02}.png)" in text
    assert "furthest from baseline at CT1 (cosine 0.62)" in text


def test_the_comprehensive_report_is_whole_and_stands_alone(folder):
    page = (folder / "comprehensive_report.html").read_text()
    text = (folder / "comprehensive_report.md").read_text()
    for words in ("A continuous thought is", "Claims", "error-taxonomy", "Conditions", "Case studies", "Limits"):
        assert words in page
        assert words in text
    linked = re.findall(r'(?:src|href)="(?!#|data:)([^"#]*)', page)
    assert all((folder / name).is_file() for name in linked)
    assert {"index.html", "case_studies.md"} <= set(linked)


def test_three_cases_are_told_and_the_others_linked(folder):
    text = (folder / "comprehensive_report.md").read_text()
    told = re.findall(r"^### Case \d+: (\w+)", text, re.MULTILINE)
    assert told == ["broken", "changed", "unchanged"]  # nothing was fixed here
    assert "3 of them are below, all are in [case_studies.md](case_studies.md)" in text


def test_only_supported_claims_are_stated():
    """Outside quotation marks a claim's line says only what registered, supported claims say."""
    unquoted = re.sub("“[^”]*”", "", markdown(claims_by_family(REPORT)))
    for row in REPORT.claims:
        stated = row.statement.rstrip(".") in unquoted
        assert stated == (row.verdict == "SUPPORTED" and not row.exploratory), row.id


def plain(*rows):
    return markdown(claims_by_family(complete({**FORM, "claims": rows})))


def test_an_exploratory_claim_is_not_stated():
    row = next(row for row in FORM["claims"] if row["verdict"] == "SUPPORTED")
    text = plain({**row, "exploratory": True})
    assert "SUPPORTED, exploratory: “Hiding CT0 from later positions lowers accuracy” (" in text


def test_an_auc_says_that_it_is_one():
    effect = effect_row(0.70, 0.66, 0.74, 0.001, "probability", boundary=0.5, alternative="greater")
    row = claim("x", "Broken problems lie further out.", kind="auc", verdict="SUPPORTED", effect=effect, noun="AUC")
    assert "(AUC 0.70; " in plain(row)
    assert "Observed AUC: 0.70" in sentence(read(ClaimRow, row, "row"))


def test_where_nothing_is_decided_the_reason_stands():
    rows = [
        claim("x", "CT0 matters.", status="error", reason="boom"),
        claim("y", "CT1 matters.", verdict="VOID", reason="Nothing can be concluded."),
    ]
    assert "error: “CT0 matters” – Boom." in plain(*rows)
    assert "VOID: “CT1 matters” – Nothing can be concluded." in plain(*rows)
    assert plain() == "This run judged no claim.\n"


def test_limits_name_what_is_not_known():
    report = complete({**fake_report(conditions=2, recorded=True), "interrupted": True})
    text = markdown(limits(report))
    for words in (
        "The run was interrupted",
        "The answers for baseline and ct0_blocked were recorded",
        "ct5-lowers-accuracy is VOID",
        "multi-step-needs-ct0 (Under 50 problems nothing is decided",
        "Exploratory, not judged as registered before their answers were seen: ct0-costs-a-quarter.",
        "Nothing is known about ct0-is-a-hub: it was skipped.",
        "Wrong answers that no label explains: 50 of 251 (19.9 %) under baseline; ",
        "not above chance",
    ):
        assert words in text, words


def test_no_treated_answers_no_cases():
    undisturbed = [row for row in PREDICTIONS if row["condition"] == "baseline"]
    assert case_studies(REPORT, Predictions(undisturbed, "answers"), ROWS) is None
    assert case_studies(REPORT, Predictions([], "answers"), []) is None
