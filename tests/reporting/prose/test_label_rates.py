from ctlab.reporting.prose.label_rates import chance_words, label_rates

CELL = {"count": 452, "rate": 452 / 1319, "share": 0.8, "chance": 0.6, "corrected": 0.5, "low": 0.45, "high": 0.55}
TREATED = {**CELL, "count": 629, "share": 0.81, "corrected": 0.525, "low": None, "high": None}
REPORT = {
    "conditions": [{"name": "baseline", "n": 1319, "accuracy": 0.5}, {"name": "ct0_blocked", "n": 1319}],
    "outcomes": {"baseline": {"CALC_ERROR": CELL}, "ct0_blocked": {"CALC_ERROR": TREATED}},
}
CLAIM = {"outcome": "CALC_ERROR", "conditions": ["baseline", "ct0_blocked", "never_run"]}


def test_an_error_label_is_shown_beside_its_chance_rate_under_both_conditions():
    found = label_rates(CLAIM, REPORT)
    assert [(row.label, row.text) for row in found] == [
        ("Rate of “calculation error”", "baseline 452 of 1,319 (34.3 %); ct0_blocked 629 of 1,319 (47.7 %)"),
        (
            "“calculation error” beside chance",
            "baseline 80.0 % of wrong answers, chance 60.0 %, beyond chance 50.0 % [45.0 to 55.0 %] of what chance "
            "leaves; "
            "ct0_blocked 81.0 % of wrong answers, chance 60.0 %, beyond chance 52.5 % of what chance leaves",
        ),
    ]


def test_correct_answers_have_no_chance_rate():
    (row,) = label_rates({"outcome": "CORRECT", "conditions": ["baseline"]}, REPORT)
    assert (row.label, row.text) == ("Rate of “correct”", "baseline 660 of 1,319 (50.0 %)")


def test_nothing_is_said_where_nothing_was_counted():
    assert label_rates({"outcome": "EVERY", "conditions": ["baseline"]}, REPORT) == []
    assert chance_words({"count": 1, "chance": None}) == []
