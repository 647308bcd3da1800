"""What changed between two runs: verdicts, accuracies (paired where both hold the same problems), and inputs."""

from collections.abc import Mapping
from pathlib import Path

from ctlab.reporting.documents.write import PREDICTIONS, read_json
from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.reporting.model.compared_runs import (
    AnsweredCondition,
    ComparedClaim,
    ComparedCondition,
    ComparedInput,
    Comparison,
    PairedAccuracy,
    RunIdentity,
)
from ctlab.reporting.model.condition_row import ConditionRow
from ctlab.reporting.model.outcome_table import Prediction
from ctlab.reporting.model.reading import read
from ctlab.reporting.model.record import Form, Many
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.prose import sentences
from ctlab.reporting.schema import REPORT, complete

Answers = dict[str, dict[str, bool]]
"""By condition and problem id: whether the answer was right."""


def compare_reports(before: Path, after: Path) -> Form:
    """Compare the reports in two folders; the result is JSON."""
    return compare(before, after).to_json()


def compare(before: Path, after: Path) -> Comparison:
    """Compare the reports in two folders, or two report.json."""
    earlier, later = (complete(read_json(_report_path(folder))) for folder in (before, after))
    claims = _claims(earlier, later)
    return Comparison(
        schema_=1,
        before=_identity(before, earlier),
        after=_identity(after, later),
        inputs=tuple(_inputs(earlier, later)),
        claims=tuple(claims),
        conditions=tuple(_conditions(earlier, later, _answers(before), _answers(after))),
        verdicts_changed=sum(row.changed for row in claims),
    )


def _report_path(folder: Path) -> Path:
    """Accept a folder or the JSON file itself."""
    return folder if folder.suffix == ".json" else folder / REPORT


def _identity(folder: Path, report: Report) -> RunIdentity:
    return RunIdentity(folder=str(folder), started=report.started, command=report.command)


def _inputs(before: Report, after: Report) -> list[ComparedInput]:
    """What went into each run, with the environment; only what either of them states."""
    rows = []
    for earlier, later in ((_stated_inputs(before), _stated_inputs(after)), (before.environment, after.environment)):
        for what in {**earlier, **later}:
            sides = earlier.get(what), later.get(what)
            if sides != (None, None):
                changed = sides[0] != sides[1]
                rows.append(ComparedInput(what=what, before=sides[0], after=sides[1], changed=changed))
    return rows


def _stated_inputs(report: Report) -> Form:
    """Everything but the environment that can change an answer, in words."""
    return {
        "model": report.model.id,
        "model digest": report.model.digest,
        "problem set": report.problems.name,
        "problem set digest": report.problems.digest,
        "problems": report.problems.n,
        "padding": report.decoding.padding,
        "dtype": report.decoding.dtype,
        "most new tokens": report.decoding.max_new_tokens,
        "family α": report.alpha,
        "ctlab": report.ctlab,
    }


def _claims(before: Report, after: Report) -> list[ComparedClaim]:
    """Every claim of either run with both verdicts."""
    tables = [{claim.id: claim for claim in report.claims} for report in (before, after)]
    rows = []
    for name, claim in {**tables[0], **tables[1]}.items():
        earlier, later = (table.get(name) for table in tables)
        words = [sentences.verdict_word(side) if side else "absent" for side in (earlier, later)]
        rows.append(
            ComparedClaim(
                id=claim.id,
                family=claim.family,
                statement=claim.statement,
                scale=claim.scale,
                before=words[0],
                after=words[1],
                changed=words[0] != words[1],
                effects=(earlier.effect if earlier else None, later.effect if later else None),
                conditions=claim.conditions,
                restated=earlier is not None and later is not None and _stated(earlier) != _stated(later),
            )
        )
    return rows


def _stated(claim: ClaimRow) -> tuple[object, ...]:
    """What a claim says; when this differs the two verdicts are about two claims."""
    return (
        claim.statement,
        claim.kind,
        claim.direction,
        claim.outcome,
        claim.margin,
        claim.feature,
        claim.scale,
        claim.adjust,
        claim.conditions,
        claim.alpha,
    )


def _conditions(
    before: Report, after: Report, answers_before: Answers, answers_after: Answers
) -> list[ComparedCondition]:
    """Every condition of either run with both accuracies, paired on problem id where both hold the same problems."""
    tables = [{row.name: row for row in report.conditions} for report in (before, after)]
    rows = []
    for name in {**tables[0], **tables[1]}:
        earlier, later = (table.get(name) for table in tables)
        rows.append(
            ComparedCondition(
                name=name,
                before=_answered(earlier),
                after=_answered(later),
                same_interventions=earlier is not None and later is not None and earlier.digest == later.digest,
                paired=_paired(answers_before.get(name, {}), answers_after.get(name, {})),
            )
        )
    return rows


def _answered(row: ConditionRow | None) -> AnsweredCondition | None:
    return AnsweredCondition(n=row.n, accuracy=row.accuracy, digest=row.digest) if row else None


def _answers(folder: Path) -> Answers:
    """Which problems each condition got right, by problem id; empty without the side table."""
    table = (folder.parent if folder.suffix == ".json" else folder) / PREDICTIONS
    answers: Answers = {}
    for row in read(Many[Prediction], read_json(table) if table.is_file() else (), PREDICTIONS):
        answers.setdefault(row.condition, {})[row.problem_id] = row.right
    return answers


def _paired(before: Mapping[str, bool], after: Mapping[str, bool]) -> PairedAccuracy | None:
    """The paired difference of accuracy, None unless both hold the same problems."""
    if not before or before.keys() != after.keys():
        return None
    from ctlab.statistics import paired_difference

    pairs = [(before[name], after[name]) for name in before]
    effect = paired_difference(pairs.count((True, False)), pairs.count((False, True)), len(pairs), alpha=0.05)
    return PairedAccuracy(
        broken=effect.lost or 0,
        fixed=effect.gained or 0,
        n=effect.n,
        estimate=effect.estimate,
        low=effect.low,
        high=effect.high,
        level=effect.level,
    )
