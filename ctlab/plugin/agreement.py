"""Does what pytest saw agree with what was judged? One table, so that no test can pass, fail or vanish by accident.

The verdict is the recorded judgement, never the exception. A claim test that passes without judging, an
`AssertionError` out of a library after a SUPPORTED judgement, a `KeyError` after any: errors, without a verdict.
"""

from dataclasses import dataclass
from typing import Literal

from ctlab.records import Verdict

Outcome = Literal["passed", "failed", "skipped"]
Status = Literal["judged", "error", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What becomes of a claim test."""

    outcome: Outcome
    """What pytest counts; an expected failure is ``skipped`` with ``expected``."""
    status: Status
    """What the report says; only ``judged`` comes with a verdict."""
    expected: str = ""
    """Reason of an expected failure, empty when it is none."""
    message: str = ""
    """What to show instead of pytest's own text, empty to keep that."""


def settle(
    outcome: Outcome, *, asserted: bool, verdict: Verdict | None, accepted: Verdict | None, accepting: bool = False
) -> Settlement:
    """Settle a test's call.

    ``asserted`` says that it failed by an assertion; ``accepted`` is the verdict that the registry holds for this model
    and these problems, None for none; ``accepting`` makes this run's verdict the accepted one.
    """
    if verdict is None:
        return _without_judgement(outcome)
    if disagreement := _disagreement(outcome, asserted, verdict):
        return Settlement(outcome="failed", status="error", message=disagreement)
    if verdict == Verdict.VOID:
        return Settlement(outcome="failed", status="judged")
    if accepting:
        accepted = verdict
    if accepted is not None and verdict != accepted:
        return Settlement(
            outcome="failed",
            status="judged",
            message=f"the verdict changed: {accepted} was accepted for this model and these problems, "
            f"now it is {verdict}; find out why, then accept the new one with --ctlab-accept",
        )
    if verdict == Verdict.SUPPORTED:
        return Settlement(outcome="passed", status="judged")
    if accepted is None:
        return Settlement(outcome="failed", status="judged")
    return Settlement(outcome="skipped", status="judged", expected="as accepted")


def _without_judgement(outcome: Outcome) -> Settlement:
    if outcome == "passed":
        return Settlement(
            outcome="failed",
            status="error",
            message="the claim was never judged: end the test with `assert claim.judge(effect) == Verdict.SUPPORTED`",
        )
    return Settlement(outcome=outcome, status="skipped" if outcome == "skipped" else "error")


def _disagreement(outcome: Outcome, asserted: bool, verdict: Verdict) -> str:
    if outcome == "skipped":
        return f"the test was skipped after its claim was judged {verdict}; skip before judging, or not at all"
    if outcome == "passed" and verdict != Verdict.SUPPORTED:
        return (
            f"the test passed although its claim was judged {verdict}: a claim test asserts "
            f"`claim.judge(effect) == Verdict.SUPPORTED`; accepted verdicts belong into the registry"
        )
    if outcome == "failed" and verdict == Verdict.SUPPORTED:
        return (
            "the test failed although its claim was judged SUPPORTED; the verdict is withdrawn (the failure is below)"
        )
    if outcome == "failed" and not asserted:
        return f"the test broke after its claim was judged {verdict}; the verdict is withdrawn (the error is below)"
    return ""
