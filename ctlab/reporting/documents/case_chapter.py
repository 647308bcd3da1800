"""Case studies laid out as a document, or as a chapter of one."""

from collections.abc import Mapping, Sequence

from ctlab import formatting
from ctlab.reporting.documents.document import Block, Folded, Heading, Image, Links, Paragraph, Quotation, Table
from ctlab.reporting.figures import case_pictures
from ctlab.reporting.model.case_table import Case, CaseStudies, DecodedToken, Thoughts
from ctlab.reporting.model.outcome_table import Answer
from ctlab.reporting.model.record import BASELINE
from ctlab.reporting.prose.untrusted_text import clip

_ALL = ("case_studies.md", "case_studies.md")
_TOLD_FIRST = ("broken", "fixed", "unchanged")
"""Impacts in the order in which a reader wants an example: what hiding breaks, what it mends, a control."""
_NAMED = 6
"""Conditions with the same answer that are named where only some cases are told; all are beside them."""
_RESULTS = {"step": "result of a step", "answer": "the right answer"}


def case_blocks(studies: CaseStudies | None, *, level: int = 1, chosen: int | None = None) -> list[Block]:
    """Lay the cases out; nothing where there are none.

    With ``chosen``, only so many: the first of each impact (broken, fixed, …), in order, and a link to the others.
    """
    if studies is None or not studies.cases:
        return []
    places = _first_of_each(studies, chosen) if chosen else list(range(len(studies.cases)))
    number = formatting.counted(len(studies.cases), "problem")
    rule = Paragraph(text=f"Rule: {studies.rule}", note=True)
    blocks: list[Block] = [
        Heading(text="Case studies", level=level, anchor="case-studies"),
        Paragraph(text=f"{number} under {studies.condition}, chosen with seed {studies.seed}."),
        Folded(summary="How they were chosen", blocks=(rule,)) if chosen else rule,
    ]
    if len(places) < len(studies.cases):
        blocks.append(Links(before=f"{formatting.count(len(places))} of them are below, all are in", items=(_ALL,)))
    for place in places:
        blocks += _case_blocks(studies.cases[place], studies.condition, place + 1, level + 1, most=chosen and _NAMED)
    return blocks


def _first_of_each(studies: CaseStudies, most: int) -> list[int]:
    """Places of the first case of each impact, at most so many."""
    impacts = [case.impact.partition(",")[0] for case in studies.cases]
    order = [*_TOLD_FIRST, *impacts]
    found = [impacts.index(impact) for impact in dict.fromkeys(order) if impact in impacts]
    return sorted(found[:most])


def _case_blocks(case: Case, condition: str, number: int, level: int, *, most: int | None) -> list[Block]:
    operations = "unknown operations" if case.operations is None else formatting.counted(case.operations, "operation")
    kind = f"one of {formatting.count(case.of)} of its kind" if case.of > 1 else "the only one of its kind"
    facts = [case.impact, formatting.outcome(case.outcome), operations]
    blocks: list[Block] = [
        Heading(text=f"Case {number}: {', '.join(facts)}", level=level, anchor=f"case-{number}"),
        Paragraph(text=f"Problem {case.problem_id}, {kind}.", note=True),
        Quotation(label="Question", text=clip(case.question, 2000)),
        Quotation(label=f"Right answer: {case.gold}", text=clip(case.solution or "(no worked solution)", 2000)),
        Table(
            heads=("condition", "answer", "outcome", "explanations"),
            rows=tuple(_answer_row(names, answer, most) for names, answer in _grouped(case.answers, condition)),
        ),
        Paragraph(text=case.narrative),
    ]
    if case.thoughts:
        blocks.append(_thought_table(case.thoughts))
    if case_pictures.numbers(case):
        blocks.append(Image(file=picture_file(number), words=case_pictures.words(case)))
    return blocks


def picture_file(number: int) -> str:
    """Where the picture of a case lies, from the report's folder."""
    return f"case_studies/case-{number:02}.png"


def _grouped(answers: Mapping[str, Answer], condition: str) -> list[tuple[list[str], Answer]]:
    """Baseline and the condition studied, then the others, those with the same answer together."""
    groups: dict[tuple[str, str | None, str], list[str]] = {}
    for name, answer in answers.items():
        own = name if name in (BASELINE, condition) else ""
        groups.setdefault((own, answer.text, answer.outcome), []).append(name)
    ordered = sorted(groups.values(), key=lambda names: (BASELINE not in names, condition not in names))
    return [(names, answers[names[0]]) for names in ordered]


def _answer_row(names: Sequence[str], answer: Answer, most: int | None) -> tuple[str, ...]:
    explanations = "; ".join(
        f"{formatting.outcome(explanation.outcome)}: {explanation.detail}" for explanation in answer.explanations or ()
    )
    whole = most is None or len(names) <= most + 1
    return (
        ", ".join(names) if whole else f"{', '.join(names[:most])} and {len(names) - (most or 0)} more",
        clip(answer.text or "(nothing)", 400),
        formatting.outcome(answer.outcome),
        clip(explanations or "–", 300),
    )


def _thought_table(thoughts: Mapping[str, Thoughts]) -> Table:
    """What each thought decodes to under each condition, most probable first."""
    longest = max(map(len, thoughts.values()))
    rows = tuple(
        (f"CT{k}", *(_tokens(steps[k]) if k < len(steps) else "–" for steps in thoughts.values()))
        for k in range(longest)
    )
    return Table(heads=("thought decodes to", *thoughts), rows=rows)


def _tokens(step: Sequence[DecodedToken]) -> str:
    return ", ".join(map(_token, step)) or "nothing"


def _token(decoded: DecodedToken) -> str:
    what = f" ({_RESULTS[decoded.result]})" if decoded.result else ""
    return f"“{decoded.token}”{what} {formatting.percent(decoded.probability)}"
