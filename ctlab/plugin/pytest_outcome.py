"""From a test's report to a settled claim: adjusts what pytest counts and attaches the claim's row to the report."""

from collections.abc import Mapping
from typing import Any

import pytest

from ctlab.errors import CertificateError, ClaimError, CtlabError
from ctlab.lab.claim_rows import judged, unjudged, voided
from ctlab.plugin.agreement import settle
from ctlab.plugin.claim_fixture import evidence
from ctlab.records import Judgement, Verdict

ROW = "ctlab_claim"
"""Attribute of a report that carries the claim's row; pytest-xdist ships it as it is."""


def settle_report(
    report: pytest.TestReport,
    excinfo: pytest.ExceptionInfo[BaseException] | None,
    row: Mapping[str, Any],
    judgement: Judgement | None,
    *,
    accepting: bool,
) -> None:
    """Settle the phase that decided: the call, or a setup that did not pass."""
    if report.when == "teardown" or (report.when == "setup" and report.passed):
        return
    error = excinfo.value if excinfo is not None else None
    row = {**row, "nodeid": report.nodeid, "seconds": report.duration}
    if isinstance(error, CertificateError):
        report.outcome = "failed"
        _attach(report, voided(row, str(error)), error)
    elif report.when == "setup":
        _attach(report, unjudged(row, "skipped" if report.skipped else "error", _reason(report, error)), error)
    else:
        _settle_call(report, error, row, judgement, accepting)


def _settle_call(
    report: pytest.TestReport,
    error: BaseException | None,
    row: Mapping[str, Any],
    judgement: Judgement | None,
    accepting: bool,
) -> None:
    settlement = settle(
        report.outcome,
        asserted=isinstance(error, AssertionError),
        verdict=judgement.verdict if judgement else None,
        accepted=Verdict(row["accepted"]) if row["accepted"] else None,
        accepting=accepting,
    )
    if settlement.status == "judged" and judgement is not None:
        row = judged(row, judgement)
    else:
        row = unjudged(row, settlement.status, settlement.message or _reason(report, error))
    report.outcome = settlement.outcome
    if settlement.expected:
        report.wasxfail = settlement.expected
    _attach(report, row, error)
    if settlement.message:
        _show(report, settlement.message)
    if judgement is not None and not report.passed:
        _show(report, evidence(judgement), title=f"claim {judgement.claim_id}")


def _attach(report: pytest.TestReport, row: Mapping[str, Any], error: BaseException | None) -> None:
    setattr(report, ROW, dict(row))
    ours = CtlabError if report.when == "setup" else ClaimError | CertificateError
    if report.failed and isinstance(error, ours):
        # What ctlab raises on purpose says all there is to say; a traceback through its rooms would bury it. In a call,
        # other errors keep theirs: it shows the line of the test.
        report.longrepr = sentence(error)


def sentence(error: BaseException) -> Any:
    """An exception's message alone, in the form that pytest prints and repeats in its summary."""
    try:
        raise error
    except BaseException:
        return pytest.ExceptionInfo.from_current().getrepr(style="value", chain=False)


def _show(report: pytest.TestReport, text: str, title: str = "ctlab") -> None:
    if report.longrepr is None or isinstance(report.longrepr, tuple):
        report.longrepr = sentence(ClaimError(text))
    elif text and hasattr(report.longrepr, "addsection"):
        report.longrepr.addsection(title, text)


def _reason(report: pytest.TestReport, error: BaseException | None) -> str:
    if report.skipped and isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return f"{type(error).__name__}: {error}" if error is not None else ""
