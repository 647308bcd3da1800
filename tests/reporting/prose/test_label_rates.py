from ctlab.reporting.model import ClaimRow, OutcomeCell, Report, read
from ctlab.reporting.prose import label_rates as rates
from tests.reporting.fake_report import claim

CELL = {
    "of": 565,
    "count": 452,
    "rate": 452 / 1319,
    "share": 0.8,
    "chance": 0.6,
    "corrected": 0.5,
    "low": 0.45,
    "high": 0.55,
}
TREATED = {**CELL, "count": 629, "share": 0.81, "corrected": 0.525, "low": None, "high": None}
REPORT = {
    "model": {},
    "problems": {},
    "alpha": 0.05,
    "claims": [],
    "conditions": [
        {"name": "baseline", "interventions": [], "n": 1319, "accuracy": 0.5},
        {"name": "ct0_blocked", "interventions": [], "n": 1319},
    ],
    "outcomes": {"baseline": {"CALC_ERROR": CELL}, "ct0_blocked": {"CALC_ERROR": TREATED}},
}


def label_rates(outcome, *conditions):
    row = claim("x", "X.", outcome=outcome, conditions=conditions, status="not_run")
    return rates.label_rates(read(ClaimRow, row, "row"), read(Report, REPORT, "report"))


def test_an_error_label_is_shown_beside_its_chance_rate_under_both_conditions():
    found = label_rates("CALC_ERROR", "baseline", "ct0_blocked", "never_run")
    assert [(row.label, row.text) for row in found] == [
        ("Rate of “calculation error”", "baseline 452 of 1,319 (34.3 %); ct0_blocked 629 of 1,319 (47.7 %)"),
        (
            "“calculation error” beside chance",
            "baseline 80.0 % of wrong answers, chance 60.0 %, chance-corrected 50.0 % [45.0 to 55.0 %]; "
            "ct0_blocked 81.0 % of wrong answers, chance 60.0 %, chance-corrected 52.5 %",
        ),
    ]


def test_correct_answers_have_no_chance_rate():
    (row,) = label_rates("CORRECT", "baseline")
    assert (row.label, row.text) == ("Rate of “correct”", "baseline 660 of 1,319 (50.0 %)")


def test_nothing_is_said_where_nothing_was_counted():
    assert label_rates("EVERY", "baseline") == []
    assert rates.chance_words(OutcomeCell(count=1, rate=0.1)) == []
