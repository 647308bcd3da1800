"""The badge counts as tests do: what is red there is red here."""

from xml.etree import ElementTree

import pytest

from ctlab.records import Verdict
from ctlab.reporting.history.verdict_badge import stands, verdict_badge
from ctlab.reporting.schema import complete
from tests.reporting.fake_report import fake_report

CLAIM = complete(fake_report(conditions=2)).claims[0]


def claim(verdict, accepted=None, status="judged"):
    return CLAIM.model_copy(
        update={"verdict": verdict and Verdict(verdict), "accepted": accepted and Verdict(accepted), "status": status}
    )


@pytest.mark.parametrize(
    ("row", "stand"),
    [
        (claim("SUPPORTED"), "as claimed"),
        (claim("SUPPORTED", "SUPPORTED"), "as claimed"),
        (claim("SUPPORTED", "REFUTED"), "red"),
        (claim("REFUTED"), "red"),
        (claim("REFUTED", "REFUTED"), "accepted"),
        (claim("INCONCLUSIVE", "REFUTED"), "red"),
        (claim("VOID", "VOID"), "red"),
        (claim(None, "REFUTED", "error"), "red"),
        (claim(None, "REFUTED", "not_run"), None),
        (claim(None, None, "skipped"), None),
    ],
)
def test_a_claim_stands_as_its_test_does(row, stand):
    from ctlab.plugin.pytest_outcome import agreed_outcome

    assert stands(row) == stand
    if row.verdict is not None:
        outcome = agreed_outcome(
            "passed" if row.verdict == "SUPPORTED" else "failed",
            asserted=row.verdict != "SUPPORTED",
            verdict=row.verdict,
            accepted=row.accepted,
        ).outcome
        assert {"passed": "as claimed", "skipped": "accepted", "failed": "red"}[outcome] == stand


@pytest.mark.parametrize(
    ("claims", "text", "colour"),
    [
        ([claim("SUPPORTED"), claim("REFUTED", "REFUTED")], "1 as claimed · 1 accepted · 0 red", "#2b6a30"),
        ([claim("SUPPORTED"), claim("REFUTED")], "1 as claimed · 0 accepted · 1 red", "#b3261e"),
        ([claim(None, None, "not_run")], "none judged", "#5b5e66"),
    ],
)
def test_the_badge_says_its_counts_to_everybody(claims, text, colour):
    badge = ElementTree.fromstring(verdict_badge(claims))
    texts = [each.text for each in badge.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["claims", text]
    assert badge.get("aria-label") == f"claims: {text}"
    assert badge.find("{http://www.w3.org/2000/svg}rect").get("fill") == colour
