import json

from ctlab import formatting
from ctlab.reporting.html.claim_tables import claim_tables
from ctlab.reporting.model.effects import Details
from ctlab.statistics import equivalence
from ctlab.statistics.joint.intersection_union import all_of


def tables_of(details, unit="points"):
    return claim_tables(Details.model_validate(details), unit)


def test_what_stands_beside_a_slope_becomes_tables():
    numbers = {"estimate": 0.06, "low": -0.1, "high": 0.2, "level": 0.95, "p_value": 0.58, "undecided": ""}
    details = {
        "other_scale": {**numbers, "unit": "points"},
        "without": {**numbers, "group": "n_operations = 1", "n": 900},
        "lack_of_fit": {"chi2": 171.04, "df": 3, "p": 1e-30},
        "adjusted_for": ["n_operations"],
    }
    tables, rest = tables_of(details, "log-odds")
    assert rest == {"adjusted_for": ["n_operations"]}
    assert [table.caption for table in tables] == [
        "The same in points",
        "Without the most influential level (1 operation)",
        "Lack of fit: is the loss a straight line over the levels of the feature?",
    ]
    assert tables[0].rows == (("+6.0 points", "−10.0 to +20.0, 95 %", "p = .58"),)
    assert tables[1].rows == (("+0.06 log-odds", "−0.10 to +0.20, 95 %", "p = .58"),)
    assert tables[2].rows == (("171.0", "3", "p < .0001"),)
    nothing = {**details["without"], "estimate": None, "low": None, "high": None, "undecided": "one value"}
    assert tables_of({"without": nothing}, "log-odds")[0][0].rows == (("one value",),)


def test_parts_become_a_table():
    parts = {"CORRECT": equivalence(9, 4, 1319, margin=0.02), "LOGIC_ERROR": equivalence(2, 3, 1319, margin=0.02)}
    effect = all_of(parts, parts, null="some outcome differs").to_json()
    tables, rest = tables_of(json.loads(json.dumps(effect["details"])))
    assert [table.caption for table in tables] == ["Every part of the claim"]
    assert tables[0].rows[0][0] == "“correct”"
    assert tables[0].rows[0][-1] == "9 broken, 4 fixed"
    assert tables[0].rows[1][-1] == "2 lost, 3 gained"
    assert "parts" not in rest
    assert rest["weakest"] == "CORRECT"


def test_what_has_no_table_is_kept():
    assert tables_of({"q": 3.1, "points": "yes"}) == ([], {"q": 3.1, "points": "yes"})


def test_a_known_name_in_another_form_is_kept_beside_the_tables():
    tables, rest = tables_of({"z": [1], "rates": {"baseline": 0.5}, "losses": "free", "parts": {"a": {"low": 1}}})
    assert [table.caption for table in tables] == ["Rates by condition"]
    assert list(rest) == ["z", "losses", "parts"]


def test_groups_pairs_shares_and_rates():
    details = {
        "rates": {"baseline": 0.5},
        "pairs": [
            {
                "first": "ct0",
                "second": "ct1",
                "estimate": 0.1,
                "low": 0.05,
                "high": 0.15,
                "level": 0.95,
                "p_value": 0.001,
                "holm_p": 0.003,
                "lost": 3,
                "gained": 40,
            }
        ],
        "losses": [
            {"group": "few", "n": 60, "before": 0.5, "after": 0.4, "lost": 8, "gained": 2, "relative_loss": 0.2},
            {"group": "none", "n": 60, "before": 0.0, "after": 0.0, "lost": 0, "gained": 0, "relative_loss": None},
        ],
        "shares": [{"label": "LOGIC_ERROR", "before": 0.4, "after": 0.5, "low": 0.02, "high": 0.18}],
        "points": {"estimate": 0.031, "low": 0.01, "high": 0.05, "level": 0.99},
    }
    tables, rest = tables_of(details)
    assert rest == {}
    cells = [cell for table in tables for row in table.rows for cell in row]
    assert "ct1 against ct0" in cells
    assert "3 under ct0 only, 40 under ct1 only" in cells
    assert "p = .001, Holm p = .003" in cells
    assert "+10.0 points [+2.0 to +18.0]" in cells
    assert "−10.0 points" in cells
    assert "20.0 %" in cells
    assert "+3.1 points [+1.0 to +5.0, 99 %]" in cells


def test_only_outcomes_are_put_in_words():
    assert formatting.part("SIGN_ERROR") == "“sign error”"
    assert formatting.part("baseline → ct0_keep_075") == "baseline → ct0_keep_075"


def test_strata_become_a_table():
    rows = [
        {"group": "n_operations = 2", "positive": 10, "negative": 217, "estimate": 0.299, "low": 0.113, "high": 0.616},
        {"group": "n_operations = 9", "positive": 3, "negative": 0, "estimate": None, "low": None, "high": None},
    ]
    tables, rest = tables_of({"strata": rows})
    assert tables[0].rows == (
        ("2 operations", "10", "217", "0.30", "0.11 to 0.62"),
        ("9 operations", "3", "0", formatting.NO_ESTIMATE, "–"),
    )
    assert not rest


def test_means_of_strata_become_a_table():
    rows = [
        {"group": "n_operations = 2", "n": 227, "estimate": 0.12, "low": 0.1, "high": 0.14},
        {"group": "n_operations = 9", "n": 1, "estimate": -0.2, "low": None, "high": None},
    ]
    tables, rest = tables_of({"group_means": rows})
    assert tables[0].rows == (
        ("2 operations", "227", "+12.0 points", "+10.0 to +14.0"),
        ("9 operations", "1", "−20.0 points", "–"),
    )
    assert not rest


def test_cells_become_a_table_in_words():
    cell = {"thought": "CT0", "place": "n_operations = 2", "value": 2.0, "n": 264, "label": "needed", "why": ""}
    cell |= {"power": 0.1, "estimate": -0.79, "low": -0.86, "high": -0.69, "p_value": 0.0, "lost": 209, "gained": 0}
    small = {**cell, "place": "", "n": 30, "label": "unknown", "why": "fewer than 50 problems"}
    small |= dict.fromkeys(("power", "estimate", "low", "high", "p_value", "lost", "gained"))
    tables, rest = tables_of({"cells": [cell, small], "asks": "needed"})
    assert rest == {"asks": "needed"}
    assert tables[0].rows == (
        ("CT0", "2 operations", "264", "−79.0 points", "−86.0 to −69.0", "needed"),
        ("CT0", "all problems", "30", "–", "–", "unknown: fewer than 50 problems"),
    )
