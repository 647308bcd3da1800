"""Case studies: a dozen problems, chosen by rule, with everything that was recorded about them."""

from collections.abc import Mapping, Sequence
from typing import Any

from ctlab.reporting import wording
from ctlab.reporting.cases import CASES, RULE, SEED, choose_cases
from ctlab.reporting.document import Block, Bullets, Heading, Image, Paragraph, Said, Table
from ctlab.reporting.figures import cases as case_pictures
from ctlab.reporting.narrative import narrative
from ctlab.reporting.plain_text import clip

Row = Mapping[str, Any]


def case_studies(
    report: Row,
    predictions: Sequence[Row],
    problems: Sequence[Row],
    details: Mapping[str, Row] | None = None,
    *,
    condition: str | None = None,
) -> dict[str, Any]:
    """Gather the cases as JSON: the rule, the seed, and each case with its facts.

    ``details`` holds by problem id what probes have found, each by condition: ``thoughts`` (for each thought its most
    probable tokens as ``{"token", "probability"}``), ``attention`` (``{"readers", "keys", "mass"}``) and ``divergence``
    (``{"positions", "cosine"}`` against baseline).
    """
    name = condition or _most_telling(report, predictions)
    if name is None:
        return {}
    chosen = choose_cases(predictions, problems, name)
    asked = {row["problem_id"]: row for row in problems}
    wanted = {case["problem_id"] for case in chosen}
    answers: dict[str, dict[str, Row]] = {}
    for row in predictions:
        if row["problem_id"] in wanted:
            answers.setdefault(row["problem_id"], {})[row["condition"]] = row
    return {
        "schema": 1,
        "condition": name,
        "rule": RULE,
        "seed": SEED,
        "wanted": CASES,
        "cases": [_case(case, answers[case["problem_id"]], asked, details or {}) for case in chosen],
    }


def _most_telling(report: Row, predictions: Sequence[Row]) -> str | None:
    """The first treated condition that a claim compares with baseline and that has answers."""
    answered = {row["condition"] for row in predictions}
    if "baseline" not in answered:
        return None
    named = [name for claim in report["claims"] for name in claim.get("conditions") or ()]
    candidates = [*named, *(row["name"] for row in report["conditions"])]
    return next((name for name in candidates if name != "baseline" and name in answered), None)


def _case(
    case: Row, answers: Mapping[str, Row], asked: Mapping[str, Row], details: Mapping[str, Row]
) -> dict[str, Any]:
    """One case with its facts and the story that they tell."""
    name = case["problem_id"]
    found, probed = asked.get(name, {}), details.get(name, {})
    baseline = answers["baseline"]
    return {
        **case,
        "question": baseline.get("question") or found.get("question", ""),
        "solution": found.get("solution", ""),
        "gold": baseline["gold"],
        "answers": {
            condition: {key: row.get(key) for key in ("outcome", "prediction", "explanations", "text")}
            for condition, row in answers.items()
        },
        "thoughts": probed.get("thoughts", {}),
        "attention": probed.get("attention", {}),
        "divergence": probed.get("divergence", {}),
        "narrative": narrative(case, answers, probed.get("thoughts")),
    }


def case_blocks(studies: Row, *, level: int = 1) -> list[Block]:
    """Lay the cases out as a document, or as a chapter of one."""
    if not studies or not studies["cases"]:
        return []
    cases = studies["cases"]
    intro = (
        f"{wording.counted(len(cases), 'problem')} under {studies['condition']}, chosen with seed {studies['seed']}."
    )
    blocks: list[Block] = [Heading(text="Case studies", level=level, anchor="case-studies"), Paragraph(text=intro)]
    blocks.append(Paragraph(text=f"Rule: {studies['rule']}", note=True))
    for number, case in enumerate(cases, start=1):
        blocks += _case_blocks(case, number, level + 1)
    return blocks


def _case_blocks(case: Row, number: int, level: int) -> list[Block]:
    operations = (
        "unknown operations" if case["operations"] is None else wording.counted(case["operations"], "operation")
    )
    kind = f"one of {wording.count(case['of'])} of its kind" if case["of"] > 1 else "the only one of its kind"
    facts = [case["impact"], wording.outcome(case["outcome"]), operations]
    blocks: list[Block] = [
        Heading(text=f"Case {number}: {', '.join(facts)}", level=level, anchor=f"case-{number}"),
        Paragraph(text=f"Problem {case['problem_id']}, {kind}.", note=True),
        Said(label="Question", text=clip(case["question"], 2000)),
        Said(label=f"Right answer: {case['gold']}", text=clip(case["solution"] or "(no worked solution)", 2000)),
        Table(
            heads=("condition", "answer", "outcome", "explanations"),
            rows=tuple(map(_answer_row, case["answers"].items())),
        ),
        Paragraph(text=case["narrative"]),
    ]
    if case["thoughts"]:
        blocks.append(Bullets(items=tuple(_thought_line(name, steps) for name, steps in case["thoughts"].items())))
    if case_pictures.numbers(case):
        blocks.append(Image(file=picture_file(number), words=case_pictures.words(case)))
    return blocks


def picture_file(number: int) -> str:
    """Where the picture of a case lies, from the report's folder."""
    return f"case_studies/case-{number:02}.png"


def _answer_row(item: tuple[str, Row]) -> tuple[str, ...]:
    name, row = item
    explanations = "; ".join(
        f"{wording.outcome(each['outcome'])}: {each['detail']}" for each in row["explanations"] or ()
    )
    return (
        name,
        clip(row["text"] or "(nothing)", 400),
        wording.outcome(row["outcome"]),
        clip(explanations or "–", 300),
    )


def _thought_line(condition: str, steps: Sequence[Sequence[Row]]) -> str:
    """All tokens that each thought decodes to, with their probabilities."""
    shown = [
        f"CT{k}: " + ", ".join(f"“{each['token']}” {wording.percent(each['probability'])}" for each in step)
        for k, step in enumerate(steps)
    ]
    return f"{condition}: {'; '.join(shown)}"
