"""The claims of a paper: what was run, with every mark, where it decides and what it says."""

import inspect

from ctlab.lab import registered_claims
from ctlab.reporting.html.page import html
from ctlab.reporting.paper.claim_table import caption, claim_cells, statement_cells, tables
from ctlab.reporting.paper.methods import methods
from ctlab.reporting.prose.withdrawn import KEEPS_COUNTING
from ctlab.reporting.schema import complete
from tests.reporting.fake_cells import needed_claim
from tests.reporting.fake_report import fake_report


def report(*claims, **parts):
    return complete(fake_report(conditions=1) | {"claims": list(claims)} | parts)


def test_a_selection_counts_what_was_judged_and_leaves_out_what_was_not_run():
    idle = needed_claim(id="not-run", status="not_run", verdict=None, effect=None)
    run = report(needed_claim(), idle, idle | {"id": "neither"})
    assert [len(rows) for rows in tables(run)] == [1, 1]
    assert caption(run).startswith("1 of 3 claims, judged on")
    assert caption(run).endswith("Not run, and not in the table: 2 claims.")
    assert "1 of 3 claims about its thoughts were judged" in methods(run)
    assert caption(report(needed_claim())).startswith("1 claim, judged on")


def test_a_withdrawn_claim_keeps_counting_in_its_family_and_is_said():
    families = [{"name": "role", "alpha": 0.05, "claims": 7}, {"name": "role-in-points", "alpha": 0.05, "claims": 2}]
    note = f"gone was withdrawn on 2026-11-26 (why), last INCONCLUSIVE; {KEEPS_COUNTING} role"
    claim = needed_claim(family="role", alpha=0.05 / 8)
    said = methods(report(claim, families=families, notes=[note]))
    assert "role (7 claims and 1 withdrawn, α = .05), role-in-points (2 claims, α = .05)." in said
    assert "smaller α" not in said
    page = html(report(claim, families=families, notes=[note])).replace("\N{NO-BREAK SPACE}", " ")
    assert "7 claims registered and 1 withdrawn after their answers were seen share α = .05: .0063 each." in page
    assert "1 claim keeps the smaller α that it was registered at." in methods(report(claim, families=families))
    assert KEEPS_COUNTING in inspect.getsource(registered_claims)


def test_every_mark_stands_at_the_verdict_and_every_reason_at_the_statement():
    claim = needed_claim(positive_control="training rewards it", flags=["same: a does as b"], exploratory=True)
    claim["effect"]["details"]["weakest"] = "CT1 at n_operations = 2"
    claim["effect"]["p_value"] = 1.0
    (row,) = report(claim).claims
    cells, (_, said) = claim_cells(row), statement_cells(row)
    assert cells[1] == "SUPPORTED (positive control, exploratory, flagged)"
    assert cells[2].endswith("(CT1 at 2 operations)")
    assert cells[4] == "> .999"
    assert said == f"{row.statement} Positive control: training rewards it. Flagged: same: a does as b."
