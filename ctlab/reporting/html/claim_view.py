"""One claim as a reader meets it: its sentence, its evidence, its drawing, two problems that changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ctlab import formatting
from ctlab.reporting.html.axis import effect_axis
from ctlab.reporting.html.claim_evidence import claim_evidence
from ctlab.reporting.html.claim_tables import DetailTable, claim_tables
from ctlab.reporting.html.forest import forest
from ctlab.reporting.model.claim_row import ClaimRow, ExampleRow
from ctlab.reporting.model.effects import EffectRow
from ctlab.reporting.model.record import Form
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.prose import sentences
from ctlab.reporting.prose.certificate_words import certificate_words
from ctlab.reporting.prose.discordant import changed
from ctlab.reporting.prose.sentences import Evidence
from ctlab.reporting.prose.untrusted_text import clip
from ctlab.showing.forest_plot import Forest
from ctlab.showing.scale import Axis


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
    """What became of it and why, as prose."""
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
    """Words that qualify the verdict: exploratory, recorded, wrong golds, one seed, changed."""
    evidence: tuple[Evidence, ...]
    """The answer to "how do you know?"."""
    overview: Forest | None
    """The effect on the axis that it shares with the other claims of its unit."""
    detail: Forest | None
    """The effect on an axis of its own."""
    examples: tuple[ExampleView, ...]
    """Problems to look at."""
    same_examples: str
    """Another claim that shows the very same problems; empty where this one shows them itself."""
    tables: tuple[DetailTable, ...]
    """Parts, pairs and groups behind the number."""
    details: Form
    """Everything else that the statistics recorded."""
    nodeid: str
    """The test to run again."""
    conditions: tuple[tuple[str, str], ...]
    """Conditions that it rests on, controls last, each with its certificate in words; those that ran have a card."""


def claim_view(claim: ClaimRow, report: Report, axes: Mapping[str, Axis]) -> ClaimView:
    """Project one claim of the report; ``axes`` are those that it shares with others, by unit."""
    examples = tuple(_example(example, claim) for example in claim.examples)
    first = next((other for other in report.claims if other.examples == claim.examples), claim)
    effect, accepted = claim.effect, sentences.acceptance(claim)
    measured = effect.measured if effect else None
    tables, details = claim_tables(effect.details, claim.unit) if effect else ([], {})
    verdict = sentences.verdict_word(claim)
    return ClaimView(
        id=claim.id,
        family=claim.family,
        statement=sentences.quoted(claim),
        verdict=verdict,
        mark=formatting.VERDICT_MARKS.get(verdict, "–"),
        sentence=sentences.finding(claim),
        effect=_estimate(claim, effect) if effect else "",
        effect_value=measured.estimate if measured else None,
        interval=_deciding(claim, effect) if effect else "",
        test=sentences.test_result(claim).rstrip("."),
        p_value=effect.p_value if effect and measured else None,
        n=effect.n if effect else None,
        accepted=accepted,
        badges=_badges(claim, accepted),
        evidence=tuple(claim_evidence(claim, report)),
        overview=forest(claim, axes[claim.unit]) if measured else None,
        detail=forest(claim, effect_axis([claim])) if measured else None,
        tables=tuple(tables),
        examples=examples,
        same_examples=first.id if examples and first.id != claim.id else "",
        details=details,
        nodeid=claim.nodeid or "",
        conditions=tuple(_conditions(claim, report)),
    )


def rests_on(claim: ClaimRow) -> list[str]:
    """Conditions that a claim compares or is controlled by, by name."""
    controls = [name for row in claim.controls for name in (row.control.condition, row.control.reference) if name]
    return list(dict.fromkeys([*claim.conditions, *controls]))


def _conditions(claim: ClaimRow, report: Report) -> Iterator[tuple[str, str]]:
    for name in rests_on(claim):
        if row := report.condition(name):
            yield name, f"certificate: {certificate_words(row)[0]}"


def _estimate(claim: ClaimRow, effect: EffectRow) -> str:
    measured = effect.measured
    if measured is None:
        return formatting.NO_ESTIMATE
    return formatting.quantity(measured.estimate, claim.unit, effect.landmarks)


def _deciding(claim: ClaimRow, effect: EffectRow) -> str:
    """The deciding interval behind its level, without the unit; empty where there is none."""
    measured = effect.measured
    if measured is None:
        return ""
    ends = formatting.interval(measured.low, measured.high, claim.unit, effect.landmarks, unit_shown=False)
    return f"{formatting.level(effect.level)}: {ends}"


def _badges(claim: ClaimRow, accepted: Evidence | None) -> tuple[str, ...]:
    badges = []
    if claim.exploratory and claim.status == "judged":
        badges.append("exploratory")
    if any(flag.startswith("recorded") for flag in claim.flags):
        badges.append("recorded")
    if any(flag.startswith("problems: ") for flag in claim.flags):
        badges.append("wrong golds")
    if any(flag.startswith("one seed: ") for flag in claim.flags):
        badges.append("one seed")
    if accepted and accepted.tone == "bad":
        badges.append("changed")
    return tuple(badges)


def _example(example: ExampleRow, claim: ClaimRow) -> ExampleView:
    return ExampleView(
        heading=f"Problem {example.problem_id}, {changed(example, claim)}",
        question=clip(example.question),
        gold=clip(example.gold),
        answers=tuple((name, clip(text)) for name, text in example.answers.items()),
    )
