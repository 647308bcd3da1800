"""Every claim of two runs: how its verdicts stand to each other, what it says otherwise, how far its effect moved."""

from ctlab.reporting.compare.claim_drift import TwoRuns, drift_of
from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.reporting.model.compared_runs import Change, ChangedCell, ComparedClaim, DriftRow, Restatement
from ctlab.reporting.model.effects import EffectRow
from ctlab.reporting.model.role_table import CellRow
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.stated import STATED
from ctlab.reporting.prose import sentences

_ABSENT = "absent"
_LEVEL = "alpha"  # of the judgement, and no part of what is claimed


def compared_claims(before: Report, after: Report, runs: TwoRuns) -> list[ComparedClaim]:
    """Every claim of either run, in the order of the earlier one."""
    tables = [{claim.id: claim for claim in report.claims} for report in (before, after)]
    return [_compared(tables[0].get(name), tables[1].get(name), runs) for name in {**tables[0], **tables[1]}]


def _compared(earlier: ClaimRow | None, later: ClaimRow | None, runs: TwoRuns) -> ComparedClaim:
    claim = later or earlier
    if claim is None:
        raise TypeError("a claim that neither run has")
    change = _change(earlier, later)
    drift: DriftRow | None = None
    why, restatements, cells = "", [], []
    if earlier is not None and later is not None:
        drift, why = drift_of(earlier, later, runs)
        restatements = _restatements(earlier, later)
        cells = _changed_cells(earlier.effect, later.effect)
    words = [sentences.verdict_word(side) if side else _ABSENT for side in (earlier, later)]
    return ComparedClaim(
        id=claim.id,
        family=claim.family,
        statement=claim.statement,
        scale=claim.scale,
        before=words[0],
        after=words[1],
        changed=change == "changed",
        change=change,
        effects=(earlier.effect if earlier else None, later.effect if later else None),
        conditions=claim.conditions,
        restated=any(part.what != _LEVEL for part in restatements),
        restatements=tuple(restatements),
        drift=drift,
        no_drift=why,
        cells=tuple(cells),
    )


def _change(earlier: ClaimRow | None, later: ClaimRow | None) -> Change:
    if later is None:
        return "gone"
    if earlier is None:
        return "new"
    if earlier.verdict is not None and later.verdict is not None:
        return "same" if earlier.verdict == later.verdict else "changed"
    if earlier.verdict is None and later.verdict is None:
        return "unjudged"
    unjudged = earlier if earlier.verdict is None else later
    return "stopped" if unjudged.status == "error" else "not run"


def _restatements(earlier: ClaimRow, later: ClaimRow) -> list[Restatement]:
    """What a claim says otherwise, and its α where its family has grown or shrunk."""
    sides = [row.filled().to_json() for row in (earlier, later)]
    return [
        Restatement(what=name, before=sides[0][name], after=sides[1][name])
        for name in (*STATED, _LEVEL)
        if sides[0][name] != sides[1][name]
    ]


def _changed_cells(earlier: EffectRow | None, later: EffectRow | None) -> list[ChangedCell]:
    tables = [_cells(effect) for effect in (earlier, later)]
    return [
        ChangedCell(
            thought=now.thought, place=now.place, readers=now.readers, before=tables[0][where].label, after=now.label
        )
        for where, now in tables[1].items()
        if where in tables[0] and tables[0][where].label != now.label
    ]


def _cells(effect: EffectRow | None) -> dict[tuple[str, str, str], CellRow]:
    cells = (effect.details.known.cells or ()) if effect else ()
    return {(cell.thought, cell.place, cell.readers): cell for cell in cells}
