"""The answer to "how do you know?": every line that stands behind a claim's verdict."""

from collections.abc import Sequence

from ctlab import formatting
from ctlab.claims.group_words import group_words
from ctlab.records.control import ControlState, Shows
from ctlab.reporting.model.claim_row import CheckedControl, ClaimRow
from ctlab.reporting.model.effects import EffectRow
from ctlab.reporting.model.record import BASELINE
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.prose import glossary, sentences
from ctlab.reporting.prose.certificate_words import certificate_words
from ctlab.reporting.prose.label_rates import label_rates
from ctlab.reporting.prose.sentences import Evidence

_SHOWS = {
    Shows.NO_OP: "must give the same token ids as",
    Shows.NEGLIGIBLE: "must cost no more than its margin against",
    Shows.BITES: "must weaken edges or replace thoughts, and move the logits",
    Shows.NOT_SO: "must not show what is claimed",
}
_HAS_TO = {
    Shows.NO_OP: "no-op",
    Shows.NEGLIGIBLE: "negligible",
    Shows.BITES: "bites",
    Shows.NOT_SO: "not so",
}
_SAME_FOR_ALL = (Shows.NO_OP, Shows.BITES)
"""What a condition shows whatever is claimed: numbers of its certificate, or that all answers are alike."""
_ALONE = (Shows.BITES, Shows.NOT_SO)
"""What a condition shows by itself, without a reference."""
_TONES = {ControlState.HOLDS: "good", ControlState.CONTRADICTS: "bad", ControlState.CANNOT_TELL: "bad"}


def claim_evidence(claim: ClaimRow, report: Report) -> list[Evidence]:
    """Return what was measured, what the controls showed, what is wrong with certificates, and how it was registered.

    Why a verdict follows stands above these lines, and certificates that passed with their conditions.
    """
    rows = _measured(claim, claim.effect, report) if claim.effect else []
    if claim.status == "judged":
        # Baseline hides nothing; what its probes saw is proved all the same.
        shown = [name for name in claim.conditions if name != BASELINE or claim.needs != "G"]
        rows += [row for name in shown if (row := _certificate(name, report)).tone == "bad"]
        rows += _controls(claim.controls)
    # A flag about a control repeats the control's own line, which is marked instead.
    flags = [flag for flag in claim.flags if not flag.startswith("control ") or not claim.controls]
    rows += [Evidence(label="Flag", text=flag, tone="bad") for flag in flags]
    if claim.exploratory:
        text = f"exploratory: {claim.deviation or 'differs from what was registered'}"
        rows.append(Evidence(label="Registration", text=text, tone="bad"))
    if claim.registration:
        rows.append(Evidence(label="Registration", text=claim.registration))
    rows += [Evidence(label="Registration", text=remark) for remark in claim.remarks]
    if accepted := sentences.acceptance(claim):
        rows.append(accepted)
    if claim.source:
        tip = "what the study that the claim is from says, of its own model: no number of this run"
        rows.append(Evidence(label="Claimed in the study", text=claim.source, tip=tip))
    if claim.digest:
        rows.append(Evidence(label="Digest of the claim", text=claim.digest))
    return rows


def _measured(claim: ClaimRow, effect: EffectRow, report: Report) -> list[Evidence]:
    rows = []
    if claim.needs == "G" and effect.unit in (formatting.POINTS, "log-odds"):
        rows += label_rates(claim, report)
    problems = formatting.counted(effect.n, "problem")
    # A report from before counts were stored has no words for which conditions they belong to, only the numbers.
    counts = claim.counts or formatting.lost_and_gained(effect.lost, effect.gained, None)
    text = f"{counts} of {problems}" if counts else f"n = {formatting.count(effect.n)}"
    rows.append(Evidence(label="Counts", text=text))
    if effect.groups:
        sizes = [f"{group_words(name)}: {formatting.counted(n, 'problem')}" for name, n in effect.groups.items()]
        rows.append(Evidence(label="Groups compared", text=formatting.listed(sizes)))
    rows += _estimate(claim, effect)
    test = f"{sentences.test_result(claim)} Null hypothesis: {claim.null or effect.null}."
    rows.append(Evidence(label="Test", text=test.strip(), tip=f"α: {glossary.ALPHA}"))
    if claim.holm_p is not None and effect.measured:
        tip = "p as Holm adjusts it across the family, for display: it decides nothing"
        rows.append(Evidence(label="Holm-adjusted", text=formatting.p_value(claim.holm_p), tip=tip))
    rows.append(Evidence(label="Method", text=effect.method))
    if effect.undecided:
        rows.append(Evidence(label="Undecided because", text=effect.undecided))
    return rows


def _estimate(claim: ClaimRow, effect: EffectRow) -> list[Evidence]:
    """The estimate with both its intervals; or that there is none."""
    unit, marks = claim.unit, effect.landmarks
    label = formatting.effect_noun(effect.unit).capitalize()
    if (measured := effect.measured) is None:
        return [Evidence(label=label, text=formatting.NO_ESTIMATE)]
    rows = [
        Evidence(
            label=label,
            text=formatting.quantity(measured.estimate, unit, marks),
            tip=glossary.LENGTHS if unit == "lengths" else "",
        ),
        Evidence(
            label=f"Deciding interval, {formatting.level(effect.level)}",
            text=formatting.interval(measured.low, measured.high, unit, marks),
            tip=f"level: {glossary.LEVEL}",
        ),
    ]
    if claim.interval_95:  # not defined for every kind of effect
        plain = formatting.interval(*claim.interval_95, unit, marks)
        rows.append(Evidence(label=f"Unadjusted {formatting.level(0.95)} interval", text=plain))
    return rows


def _certificate(name: str, report: Report) -> Evidence:
    condition, label = report.condition(name), f"Certificate of {name}"
    if condition is None:
        return Evidence(label=label, text="none: this condition did not run", tone="bad")
    text, tone = certificate_words(condition)
    return Evidence(label=label, text=text, tone=tone)


def held_alike(condition: str, claims: Sequence[ClaimRow]) -> list[str]:
    """What a condition showed as a control that holds whatever is claimed, each once."""
    controls = [row for claim in claims for row in claim.controls if row.control.condition == condition]
    return list(dict.fromkeys(row.detail for row in controls if _is_plain(row) and row.detail))


def _is_plain(row: CheckedControl) -> bool:
    return row.state == ControlState.HOLDS and row.control.shows in _SAME_FOR_ALL


def _controls(controls: Sequence[CheckedControl]) -> list[Evidence]:
    """Controls: those that hold without a number of this claim's in one line, the others each in its own."""
    plain = [row for row in controls if _is_plain(row)]
    rows = [_control(row) for row in controls if row not in plain]
    if plain:
        named = [f"{row.control.condition} ({_HAS_TO[row.control.shows]})" for row in plain]
        tip = "; ".join(f"{_must(row)}: {row.detail}" for row in plain)
        label = "Control that holds" if len(plain) == 1 else "Controls that hold"
        rows.insert(0, Evidence(label=label, text=formatting.listed(named), tone="good", tip=tip))
    return rows


def _control(row: CheckedControl) -> Evidence:
    state = str(row.state) if row.state else "not checked"
    return Evidence(
        label=f"Control {row.control.condition} ({_HAS_TO[row.control.shows]})",
        text=f"{state}{f': {row.detail}' if row.detail else ''}",
        tone=_TONES[row.state] if row.state else "",
        tip=_must(row),
    )


def _must(row: CheckedControl) -> str:
    """What a control must show."""
    control = row.control
    reference = f" {control.reference}" if control.reference and control.shows not in _ALONE else ""
    margin = f" ({formatting.points(control.margin).lstrip('+')})" if control.margin else ""
    return f"{control.condition} {_SHOWS[control.shows]}{reference}{margin}"
