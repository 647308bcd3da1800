"""One claim as a reader meets it: its sentence, the answer to "how do you know?", its drawing, two problems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.reporting.html.claim_tables import DetailTable, claim_tables
from ctlab.reporting.html.forest import Axis, Forest, axis, ends, forest
from ctlab.reporting.prose import reason_words as reasons
from ctlab.reporting.prose import sentences
from ctlab.reporting.prose.compared import changed, discordant, null_words
from ctlab.reporting.prose.group_names import group_words
from ctlab.reporting.prose.label_rates import label_rates
from ctlab.reporting.prose.sentences import Evidence
from ctlab.reporting.prose.untrusted_text import clip

_SHOWS = {
    "no-op": "must give the same token ids as",
    "negligible": "must cost no more than its margin against",
    "bites": "must weaken edges or replace thoughts, and move the logits",
    "not so": "must not show what is claimed",
}
_STATES = {"holds": ("holds", "good"), "contradicts": ("contradicts", "bad"), "cannot tell": ("cannot tell", "bad")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleView:
    """One problem that changed."""

    heading: str
    """Which problem and what happened to it."""
    question: str
    """The question, cut when very long."""
    gold: str
    """The reference number."""
    answers: tuple[tuple[str, str], ...]
    """Condition and what the model said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """Everything the page shows of one claim; text only."""

    id: str
    """The claim's id, also its anchor."""
    family: str
    """Its family."""
    statement: str
    """The statement in quotation marks."""
    verdict: str
    """The verdict, or why there is none."""
    mark: str
    """A shape for the verdict."""
    sentence: str
    """The finding as prose."""
    effect: str
    """The estimate with its unit, for the table; empty where nothing was measured."""
    effect_value: float | None
    """The estimate, for sorting."""
    interval: str
    """The deciding interval with its level, in the effect's unit."""
    test: str
    """p against α."""
    p_value: float | None
    """p, for sorting."""
    n: int | None
    """Number of problems."""
    accepted: Evidence | None
    """Comparison with the accepted verdict."""
    badges: tuple[str, ...]
    """Words that qualify the verdict: exploratory, recorded, changed."""
    evidence: tuple[Evidence, ...]
    """The answer to "how do you know?"."""
    overview: Forest | None
    """The effect on the axis that it shares with the other claims of its unit."""
    detail: Forest | None
    """The effect on an axis of its own."""
    examples: tuple[ExampleView, ...]
    """Problems to look at."""
    tables: tuple[DetailTable, ...]
    """Parts, pairs and groups behind the number."""
    details: Mapping[str, Any]
    """Everything else that the statistics recorded."""
    nodeid: str
    """The test to run again."""


def shared_axes(claims: Sequence[Mapping[str, Any]]) -> dict[str, Axis]:
    """One axis for all effects of a unit, so that claims can be compared by eye."""
    values: dict[str, list[float]] = {}
    for claim in claims:
        if effect := reasons.estimate_of(claim):
            unit = reasons.unit_of(claim)
            values.setdefault(unit, []).extend(ends(effect, claim.get("interval_95")))
    return {unit: axis(points, unit) for unit, points in values.items()}


def claim_view(claim: Mapping[str, Any], report: Mapping[str, Any], axes: Mapping[str, Axis]) -> ClaimView:
    """Project one claim of the report."""
    effect = claim.get("effect") or {}
    estimated = reasons.estimate_of(claim) is not None
    unit, marks = reasons.unit_of(claim), reasons.landmarks(effect)
    tables, details = claim_tables(effect)
    verdict = sentences.verdict_word(claim)
    plain = claim.get("interval_95")
    accepted = sentences.acceptance(claim)
    return ClaimView(
        id=claim["id"],
        family=claim["family"],
        statement=sentences.quoted(claim),
        verdict=verdict,
        mark=formatting.VERDICT_MARKS.get(verdict, "–"),
        sentence=sentences.sentence(claim),
        effect=formatting.quantity(effect["estimate"], unit, marks)
        if estimated
        else formatting.NO_ESTIMATE
        if effect
        else "",
        effect_value=effect.get("estimate"),
        interval=_deciding(effect, unit, marks) if estimated else "",
        test=sentences.test_result(claim).rstrip("."),
        p_value=effect.get("p_value") if estimated else None,
        n=effect.get("n"),
        accepted=accepted,
        badges=_badges(claim, accepted),
        evidence=tuple(_evidence(claim, report)),
        overview=forest(effect, axes[unit], plain, unit=unit) if estimated else None,
        detail=forest(effect, axis(ends(effect, plain), unit), plain, unit=unit) if estimated else None,
        tables=tuple(tables),
        examples=tuple(_example(row, claim) for row in claim.get("examples") or ()),
        details=details,
        nodeid=claim.get("nodeid") or "",
    )


def _deciding(effect: Mapping[str, Any], unit: str, marks: Sequence[float]) -> str:
    """The deciding interval behind its level, without the unit."""
    ends = formatting.interval(effect["low"], effect["high"], unit, marks, unit_shown=False)
    return f"{formatting.level(effect['level'])}: {ends}"


def _badges(claim: Mapping[str, Any], accepted: Evidence | None) -> tuple[str, ...]:
    badges = []
    if claim.get("exploratory") and claim["status"] == "judged":
        badges.append("exploratory")
    if any("recorded" in flag for flag in claim.get("flags") or ()):
        badges.append("recorded")
    if accepted and accepted.tone == "bad":
        badges.append("changed")
    return tuple(badges)


def _evidence(claim: Mapping[str, Any], report: Mapping[str, Any]) -> list[Evidence]:
    effect = claim.get("effect") or {}
    rows = _measured(claim, effect, report) if effect else []
    if claim["status"] == "judged":
        # Baseline hides nothing; what its probes saw is proved all the same.
        shown = [n for n in claim.get("conditions") or () if n != "baseline" or claim.get("needs", "G") != "G"]
        rows += [_certificate(name, report) for name in shown]
        rows += [_control(row) for row in claim.get("controls") or ()]
    # A flag about a control repeats the control's own line, which is marked instead.
    flags = [flag for flag in claim.get("flags") or () if not flag.startswith("control ") or not claim.get("controls")]
    rows += [Evidence(label="Flag", text=flag, tone="bad") for flag in flags]
    if claim.get("exploratory"):
        text = f"exploratory: {claim.get('deviation') or 'differs from what was registered'}"
        rows.append(Evidence(label="Registration", text=text, tone="bad"))
    if accepted := sentences.acceptance(claim):
        rows.append(accepted)
    if reason := reasons.why(claim):
        rows.append(Evidence(label="So", text=f"{reason} {reasons.reach(claim)}".strip()))
    if source := claim.get("source"):
        rows.append(Evidence(label="Source of the claim", text=source))
    return rows


def _measured(claim: Mapping[str, Any], effect: Mapping[str, Any], report: Mapping[str, Any]) -> list[Evidence]:
    rows = []
    if claim.get("needs", "G") == "G" and effect.get("unit", formatting.POINTS) in (formatting.POINTS, "log-odds"):
        rows += label_rates(claim, report)
    pairs = discordant(claim)
    rows.append(
        Evidence(
            label="Counts",
            text=f"{pairs} of {formatting.counted(effect['n'], 'problem')}"
            if pairs
            else f"n = {formatting.count(effect['n'])}",
        )
    )
    if groups := effect.get("groups"):
        sizes = formatting.listed(
            [f"{group_words(name)}: {formatting.counted(size, 'problem')}" for name, size in groups.items()]
        )
        rows.append(Evidence(label="Groups compared", text=sizes))
    rows += _estimate(claim, effect)
    test = f"{sentences.test_result(claim)} Null hypothesis: {null_words(claim)}."
    rows.append(Evidence(label="Test", text=test.strip()))
    if (adjusted := claim.get("holm_p")) is not None and effect["estimate"] is not None:
        text = f"{formatting.p_value(adjusted)} across the family (for display, it decides nothing)"
        rows.append(Evidence(label="Holm-adjusted", text=text))
    rows.append(Evidence(label="Method", text=str(effect.get("method", "not stated"))))
    if undecided := effect.get("undecided"):
        rows.append(Evidence(label="Undecided because", text=undecided))
    return rows


def _estimate(claim: Mapping[str, Any], effect: Mapping[str, Any]) -> list[Evidence]:
    """The estimate with both its intervals; or that there is none."""
    unit, marks = reasons.unit_of(claim), reasons.landmarks(effect)
    label = formatting.effect_noun(effect.get("unit", formatting.POINTS)).capitalize()
    if effect["estimate"] is None:
        return [Evidence(label=label, text=formatting.NO_ESTIMATE)]
    deciding, plain = formatting.interval(effect["low"], effect["high"], unit, marks), claim.get("interval_95")
    text = formatting.interval(plain[0], plain[1], unit, marks) if plain else "not defined for this kind of effect"
    return [
        Evidence(label=label, text=formatting.quantity(effect["estimate"], unit, marks)),
        Evidence(label=f"Deciding interval, {formatting.level(effect['level'])}", text=deciding),
        Evidence(label=f"Unadjusted {formatting.level(0.95)} interval", text=text),
    ]


def _certificate(name: str, report: Mapping[str, Any]) -> Evidence:
    condition = next((row for row in report["conditions"] if row["name"] == name), None)
    label = f"Certificate of {name}"
    if condition is None:
        return Evidence(label=label, text="none: this condition did not run", tone="bad")
    text, tone = certificate_words(condition)
    return Evidence(label=label, text=text, tone=tone)


def certificate_words(condition: Mapping[str, Any]) -> tuple[str, str]:
    """A certificate in a few words, and its tone."""
    certificate = condition.get("certificate")
    if condition.get("recorded") or (certificate and not certificate.get("available", True)):
        return "not available: recorded", ""
    if not certificate:
        return "none", "" if not condition["interventions"] else "bad"
    checks = certificate.get("checks") or []
    failed = [check for check in checks if not check["passed"]]
    if failed:
        return "failed: " + "; ".join(f"{check['name']}: {check['detail']}" for check in failed), "bad"
    text = f"passed {formatting.counted(len(checks), 'check')}"
    if size := certificate.get("problems"):
        text += f", {_per_problem(certificate, size)} (sample of {formatting.counted(size, 'problem')})"
    if twin := certificate.get("identical_to"):
        text += f"; it does what {twin} does, the two are one"
    return text, "good"


def _per_problem(certificate: Mapping[str, Any], size: int) -> str:
    """What was removed, weakened and replaced a problem; removed edges are named where nothing else was done."""
    removed, replaced = certificate["edges_removed"], certificate.get("thoughts_replaced", 0)
    weakened = certificate.get("edges_weakened", removed) - removed  # the certificate counts removed ones as weakened
    parts = []
    if removed or not (weakened or replaced):
        parts.append(f"{_mean(removed, size)} {'edge' if removed == size else 'edges'} removed")
    if weakened:
        parts.append(f"{_mean(weakened, size)} {'edge' if weakened == size else 'edges'} weakened")
    if replaced:
        parts.append(f"{_mean(replaced, size)} {'thought' if replaced == size else 'thoughts'} replaced")
    return f"{formatting.listed(parts)} a problem"


def _mean(total: int, size: int) -> str:
    """A mean number of things, without a decimal where it is whole."""
    return formatting.count(total // size) if total % size == 0 else formatting.decimal(total / size)


def _control(row: Mapping[str, Any]) -> Evidence:
    control = row.get("control", row)
    reference = (
        f" {control['reference']}" if control.get("reference") and control["shows"] not in ("bites", "not so") else ""
    )
    margin = f" ({formatting.points(control['margin']).lstrip('+')})" if control.get("margin") else ""
    must = f"{_SHOWS.get(control['shows'], control['shows'])}{reference}{margin}"
    word, tone = _STATES.get(row.get("state", ""), ("not checked", ""))
    detail = f": {row['detail']}" if row.get("detail") else ""
    return Evidence(label=f"Control {control['condition']}", text=f"{must}. {word.capitalize()}{detail}", tone=tone)


def _example(row: Mapping[str, Any], claim: Mapping[str, Any]) -> ExampleView:
    return ExampleView(
        heading=f"Problem {row['problem_id']}, {changed(row, claim)}",
        question=clip(row.get("question") or ""),
        gold=clip(str(row.get("gold", ""))),
        answers=tuple((name, clip(text or "")) for name, text in (row.get("answers") or {}).items()),
    )
