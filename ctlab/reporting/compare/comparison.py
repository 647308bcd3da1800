"""What changed between two runs: what went in, verdicts, effects, accuracies, problems that flipped, the paragraph."""

from collections import Counter
from pathlib import Path

from ctlab.reporting.compare.claim_drift import TwoRuns
from ctlab.reporting.compare.compared_claims import compared_claims
from ctlab.reporting.compare.compared_conditions import compared_conditions
from ctlab.reporting.compare.compared_inputs import compared_inputs
from ctlab.reporting.compare.known_answers import Answers, answers_in
from ctlab.reporting.model.compared_runs import Comparison, RunIdentity
from ctlab.reporting.model.record import Form
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.report_files import read_json
from ctlab.reporting.report_place import named, report_file
from ctlab.reporting.schema import complete


def compare_reports(before: Path, after: Path) -> Form:
    """Compare the reports in two folders; the result is JSON."""
    return compare(before, after).to_json()


def compare(before: Path, after: Path) -> Comparison:
    """Compare the reports in two folders, or two report.json."""
    earlier, answers_before = _run(before)
    later, answers_after = _run(after)
    runs = TwoRuns(answers=(answers_before, answers_after))
    claims = compared_claims(earlier, later, runs)
    return Comparison(
        schema_=1,
        before=_identity(before, earlier),
        after=_identity(after, later),
        inputs=tuple(compared_inputs(earlier, later)),
        claims=tuple(claims),
        conditions=tuple(compared_conditions(earlier, later, runs)),
        verdicts_changed=sum(row.changed for row in claims),
        counts=dict(Counter(row.change for row in claims)),
        explanations=(_paragraph(earlier), _paragraph(later)),
        same_roles=_roles(earlier) == _roles(later),
    )


def _run(place: Path) -> tuple[Report, Answers]:
    """Read a report and the answers beside it."""
    path = report_file(place)
    with named(path.parent):
        return complete(read_json(path)), answers_in(path.parent)


def _identity(folder: Path, report: Report) -> RunIdentity:
    return RunIdentity(folder=str(folder), started=report.started, command=report.command)


def _roles(report: Report) -> list[tuple[object, ...]]:
    """What each thought does, whichever claims say so."""
    return [(row.thought, row.role, row.step, row.where, row.read_by) for row in report.roles]


def _paragraph(report: Report) -> str | None:
    """The paragraph about what thoughts do; None where no claim is behind any of it."""
    said = report.explanation
    return said.text if said and any(sentence.claims for sentence in said.sentences) else None
