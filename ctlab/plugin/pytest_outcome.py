"""What becomes of a claim test: pytest's outcome and the recorded judgement must agree, and the report says what was.

The verdict is the recorded judgement, never the exception. A claim test that passes without judging, an
`AssertionError` out of a library after a SUPPORTED judgement, a `KeyError` after any: errors, without a verdict. So no
test passes, fails or vanishes by accident.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pytest

from ctlab.claims import Claim
from ctlab.errors import CertificateError, ClaimError, CtlabError, StoreError
from ctlab.lab.claim_rows import judged, unjudged, voided
from ctlab.plugin.claim_fixture import evidence
from ctlab.records import Judgement, Verdict
from ctlab.records.verdict import COMPARE
from ctlab.reporting.ci.junit_properties import PREFIX, junit_properties

ROW = "ctlab_claim"
"""Attribute of a report that carries the claim's row; pytest-xdist ships it as it is."""

PytestOutcome = Literal["passed", "failed", "skipped"]
Status = Literal["judged", "error", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimOutcome:
    """What becomes of a claim test."""

    outcome: PytestOutcome
    """What pytest counts; an expected failure is ``skipped`` with ``expected``."""
    status: Status
    """What the report says; only ``judged`` comes with a verdict."""
    expected: str = ""
    """Reason of an expected failure, empty when it is none."""
    message: str = ""
    """What to show, below pytest's own text where there is some; empty for nothing."""
    alone: bool = False
    """Whether the message stands in place of pytest's own text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a run lets pass."""

    accepting: bool = False
    """It makes this verdict the accepted one."""
    barred: str = ""
    """Why its SUPPORTED is not what was registered; empty where it is."""
    changed: str = ""
    """How the claim differs from the one whose verdict was accepted here; empty where it does not."""
    look: bool = False
    """No verdict of any claim is accepted for this model and these problems: whatever comes of them passes."""
    strict: bool = False
    """Nothing passes but SUPPORTED, whatever was accepted."""


def agreed_outcome(
    outcome: PytestOutcome,
    *,
    asserted: bool,
    verdict: Verdict | None,
    accepted: Verdict | None,
    compared: bool = True,
    rules: Rules = Rules(),
) -> ClaimOutcome:
    """Return what becomes of a test's call.

    ``asserted`` says that it failed by an assertion; ``compared`` that something hung on a comparison of the verdict;
    ``accepted`` is the verdict that the registry holds for this model and these problems, None for none.
    """
    if verdict is None:
        return _without_judgement(outcome)
    if outcome == "passed" and not compared:
        return ClaimOutcome(outcome="failed", status="error", message=_unasserted(verdict))
    if disagreement := _disagreement(outcome, asserted, verdict):
        return ClaimOutcome(outcome="failed", status="error", message=disagreement)
    if verdict == Verdict.VOID:  # even where somebody wrote it into the registry by hand
        return ClaimOutcome(outcome="failed", status="judged")
    if rules.changed:  # before any number: it is of another claim than the one that this run guards
        return ClaimOutcome(outcome="failed", status="judged", message=rules.changed, alone=True)
    if verdict == Verdict.SUPPORTED and rules.barred:
        return ClaimOutcome(outcome="failed", status="judged", message=f"SUPPORTED cannot pass here: {rules.barred}")
    if rules.accepting:
        accepted = verdict
    if accepted is not None and verdict != accepted:
        return ClaimOutcome(
            outcome="failed",
            status="judged",
            message=f"the verdict changed: {accepted} was accepted for this model and these problems, "
            f"now it is {verdict}; find out why, then accept the new one with --ctlab-accept",
        )
    if verdict == Verdict.SUPPORTED:
        return ClaimOutcome(outcome="passed", status="judged")
    if accepted is None:
        return ClaimOutcome(outcome="passed" if rules.look else "failed", status="judged")
    if rules.strict:
        message = f"{verdict} is accepted here, and with --ctlab-strict only SUPPORTED passes"
        return ClaimOutcome(outcome="failed", status="judged", message=message)
    return ClaimOutcome(outcome="skipped", status="judged", expected=f"{verdict}, as accepted")


def _without_judgement(outcome: PytestOutcome) -> ClaimOutcome:
    if outcome == "passed":
        return ClaimOutcome(
            outcome="failed",
            status="error",
            message=f"the claim was never judged: end the test with `assert {COMPARE}`",
        )
    return ClaimOutcome(outcome=outcome, status="skipped" if outcome == "skipped" else "error")


def _unasserted(verdict: Verdict) -> str:
    # Python -O drops the asserts of modules that pytest does not rewrite: of a suite's, all but those of its tests.
    dropped = "; Python -O leaves out the asserts of other modules than tests" if sys.flags.optimize else ""
    return (
        f"the test passes whatever the verdict, which is {verdict}: its `assert` is missing; end it with "
        f"`assert {COMPARE}`{dropped}"
    )


def _disagreement(outcome: PytestOutcome, asserted: bool, verdict: Verdict) -> str:
    if outcome == "skipped":
        return f"the test was skipped after its claim was judged {verdict}; skip before judging, or not at all"
    if outcome == "passed" and verdict != Verdict.SUPPORTED:
        return (
            f"the test passed although its claim was judged {verdict}: a claim test asserts "
            f"`{COMPARE}`; accepted verdicts belong into the registry"
        )
    if outcome == "failed" and verdict == Verdict.SUPPORTED:
        return (
            "the test failed although its claim was judged SUPPORTED; the verdict is withdrawn (the failure is below)"
        )
    if outcome == "failed" and not asserted:
        return f"the test broke after its claim was judged {verdict}; the verdict is withdrawn (the error is below)"
    return ""


def set_outcome(
    report: pytest.TestReport,
    excinfo: pytest.ExceptionInfo[BaseException] | None,
    row: Mapping[str, Any],
    judgement: Judgement | None,
    rules: Rules,
    *,
    compared: bool,
) -> None:
    """Set what pytest counts, in the phase that decided: the call, or a setup that did not pass; attach the row."""
    if report.when == "teardown" or (report.when == "setup" and report.passed):
        return
    error = excinfo.value if excinfo is not None else None
    row = {**row, "nodeid": report.nodeid, "seconds": report.duration}
    if isinstance(error, CertificateError):
        # In either phase, and whatever the test did: runs are made when a fixture or the judgement asks for them.
        report.outcome = "failed"
        _attach(report, voided(row, str(error)), error)
    elif report.when == "setup":
        _attach(report, unjudged(row, "skipped" if report.skipped else "error", _reason(report, error)), error)
    else:
        _set_call_outcome(report, error, row, judgement, rules, compared=compared)


def _set_call_outcome(
    report: pytest.TestReport,
    error: BaseException | None,
    row: Mapping[str, Any],
    judgement: Judgement | None,
    rules: Rules,
    *,
    compared: bool,
) -> None:
    agreed = agreed_outcome(
        report.outcome,
        asserted=isinstance(error, AssertionError),
        verdict=None if judgement is None else judgement.verdict,
        accepted=Verdict(row["accepted"]) if row["accepted"] else None,
        compared=compared,
        rules=rules,
    )
    if agreed.status == "judged" and judgement is not None:
        row = judged(row, judgement)
    else:
        row = unjudged(row, agreed.status, agreed.message or _reason(report, error))
    report.outcome = agreed.outcome
    if report.passed or agreed.alone:  # of a look: the assertion that did not hold is the verdict, shown as one
        report.longrepr = None
    if agreed.expected:
        report.wasxfail = agreed.expected
    _attach(report, row, error)
    if agreed.message:
        _show(report, agreed.message)
    if judgement is not None and not report.passed:
        _show(report, evidence(judgement), title=f"claim {judgement.claim_id}")


def _attach(report: pytest.TestReport, row: Mapping[str, Any], error: BaseException | None) -> None:
    setattr(report, ROW, dict(row))
    ours = CtlabError if report.when == "setup" else ClaimError | CertificateError | StoreError
    if report.failed and isinstance(error, ours):
        # What ctlab raises on purpose says all there is to say; a traceback through its rooms would bury it. In a call,
        # other errors keep theirs: it shows the line of the test.
        report.longrepr = sentence(error)


def record_properties(item: pytest.Item, report: pytest.TestReport, claim: Claim) -> None:
    """Give a test the properties of its claim, for ``--junitxml`` and others that keep a test's properties.

    They are the item's, as those of pytest's ``record_property``: its later reports carry them, and JUnit's file takes
    them from the last one. A test that is run again has those of its last run.
    """
    row = getattr(report, ROW, None)
    if row is None:
        return
    item.user_properties[:] = [entry for entry in item.user_properties if not entry[0].startswith(PREFIX)]
    item.user_properties += junit_properties(claim, row)
    report.user_properties = list(item.user_properties)


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
    if isinstance(error, pytest.FixtureLookupError):
        name = error.argname
        return f"there is no fixture {name!r}; that of a condition is a session fixture which returns run({name!r})"
    return f"{type(error).__name__}: {error}" if error is not None else ""
