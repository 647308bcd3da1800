"""A report as a line of history.jsonl."""

from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.reporting.model.history_row import HistoryRun, JudgedClaim, RunSubject
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.stated import stated_digest


def history_run(report: Report, run: str = "") -> HistoryRun:
    """The line of a report whose folder is called ``run``; its ``claims`` are those that have a verdict."""
    return HistoryRun(
        run=run,
        started=report.started,
        commit=report.commit,
        ctlab=report.ctlab,
        interrupted=report.interrupted,
        subject=subject(report),
        claims={claim.id: _judged(claim) for claim in report.claims if claim.verdict is not None},
    )


def subject(report: Report) -> RunSubject:
    """Who was asked what in a report, and how."""
    return RunSubject(
        model=report.model.id,
        model_digest=report.model.digest,
        problems=report.problems.name,
        problems_digest=report.problems.digest,
        n=report.problems.n,
        padding=report.decoding.padding,
        dtype=report.decoding.dtype,
        max_new_tokens=report.decoding.max_new_tokens,
    )


def same_subject(one: RunSubject, other: RunSubject) -> bool:
    """Whether the same model answered the same problems in the same way; names are for people, and may change."""
    named = {"model": "", "problems": ""}
    return one.model_copy(update=named) == other.model_copy(update=named)


def _judged(claim: ClaimRow) -> JudgedClaim:
    if claim.verdict is None:
        raise TypeError(f"{claim.id} has no verdict")
    measured = claim.effect.measured if claim.effect else None
    return JudgedClaim(
        claimed=stated_digest(claim),
        verdict=claim.verdict,
        estimate=measured.estimate if measured else None,
        low=measured.low if measured else None,
        high=measured.high if measured else None,
        unit=claim.unit if measured else "",
    )
