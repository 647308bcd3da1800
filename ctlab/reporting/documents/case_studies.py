"""Case studies: a dozen problems, chosen by rule, with everything that was recorded about them."""

from collections.abc import Mapping, Sequence
from typing import Any

from ctlab import formatting
from ctlab.reporting.documents.document import Block, Heading, Image, Paragraph, Said, Table
from ctlab.reporting.figures import case_pictures as case_pictures
from ctlab.reporting.prose.narrative import narrative
from ctlab.reporting.prose.untrusted_text import clip
from ctlab.reporting.summaries.case_choice import CASES, RULE, SEED, choose_cases

PROBED = 3
"""Conditions of which a case shows thoughts, attention and path."""
BASELINE = "baseline"
_RESULTS = {"step": "result of a step", "answer": "the right answer"}
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

    ``details`` holds by problem id, each by condition: ``answers`` (rows like those of ``predictions``, of conditions
    that have none there) and what probes have found: ``thoughts`` (for each thought its most probable tokens as
    ``{"token", "probability"}``), ``attention`` (``{"readers", "keys", "mass"}``) and ``divergence`` (``{"positions",
    "cosine"}`` against baseline).
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
    known = {each: (details or {}).get(each, {}) for each in wanted}
    for each, found in known.items():
        answers[each] = {
            **answers[each],
            **{k: v for k, v in found.get("answers", {}).items() if k not in answers[each]},
        }
    shown = [BASELINE, name, *(row["name"] for row in report["conditions"])]
    return {
        "schema": 1,
        "condition": name,
        "rule": RULE,
        "seed": SEED,
        "wanted": CASES,
        "cases": [
            _case(case, name, answers[case["problem_id"]], asked, _kept(known[case["problem_id"]], shown))
            for case in chosen
        ],
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
    case: Row, condition: str, answers: Mapping[str, Row], asked: Mapping[str, Row], probed: Row
) -> dict[str, Any]:
    """One case with its facts and the story that they tell."""
    found = asked.get(case["problem_id"], {})
    baseline = answers[BASELINE]
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
        "narrative": narrative(case, condition, answers, probed),
    }


def _kept(probed: Row, order: Sequence[str]) -> dict[str, Any]:
    """What probes found, for baseline, the condition studied and as many others as a reader can compare.

    The same conditions for everything that was found, so that the maps and the lines of a case can be set beside each
    other.
    """
    tables = {what: found for what, found in probed.items() if what != "answers"}
    names = [name for name in dict.fromkeys(order) if any(name in found for found in tables.values())][:PROBED]
    return {what: {name: found[name] for name in names if name in found} for what, found in tables.items()}


def case_blocks(studies: Row, *, level: int = 1) -> list[Block]:
    """Lay the cases out as a document, or as a chapter of one."""
    if not studies or not studies["cases"]:
        return []
    cases = studies["cases"]
    intro = (
        f"{formatting.counted(len(cases), 'problem')} under {studies['condition']}, chosen with seed {studies['seed']}."
    )
    blocks: list[Block] = [Heading(text="Case studies", level=level, anchor="case-studies"), Paragraph(text=intro)]
    blocks.append(Paragraph(text=f"Rule: {studies['rule']}", note=True))
    for number, case in enumerate(cases, start=1):
        blocks += _case_blocks(case, studies["condition"], number, level + 1)
    return blocks


def _case_blocks(case: Row, condition: str, number: int, level: int) -> list[Block]:
    operations = (
        "unknown operations" if case["operations"] is None else formatting.counted(case["operations"], "operation")
    )
    kind = f"one of {formatting.count(case['of'])} of its kind" if case["of"] > 1 else "the only one of its kind"
    facts = [case["impact"], formatting.outcome(case["outcome"]), operations]
    blocks: list[Block] = [
        Heading(text=f"Case {number}: {', '.join(facts)}", level=level, anchor=f"case-{number}"),
        Paragraph(text=f"Problem {case['problem_id']}, {kind}.", note=True),
        Said(label="Question", text=clip(case["question"], 2000)),
        Said(label=f"Right answer: {case['gold']}", text=clip(case["solution"] or "(no worked solution)", 2000)),
        Table(
            heads=("condition", "answer", "outcome", "explanations"),
            rows=tuple(_answer_row(names, row) for names, row in _grouped(case["answers"], condition)),
        ),
        Paragraph(text=case["narrative"]),
    ]
    if case["thoughts"]:
        blocks.append(_thought_table(case["thoughts"]))
    if case_pictures.numbers(case):
        blocks.append(Image(file=picture_file(number), words=case_pictures.words(case)))
    return blocks


def picture_file(number: int) -> str:
    """Where the picture of a case lies, from the report's folder."""
    return f"case_studies/case-{number:02}.png"


def _grouped(answers: Mapping[str, Row], condition: str) -> list[tuple[list[str], Row]]:
    """Baseline and the condition studied, then the others, those with the same answer together."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for name, row in answers.items():
        own = name if name in (BASELINE, condition) else ""
        groups.setdefault((own, row["text"], row["outcome"]), []).append(name)
    ordered = sorted(groups.values(), key=lambda names: (BASELINE not in names, condition not in names))
    return [(names, answers[names[0]]) for names in ordered]


def _answer_row(names: Sequence[str], row: Row) -> tuple[str, ...]:
    explanations = "; ".join(
        f"{formatting.outcome(each['outcome'])}: {each['detail']}" for each in row["explanations"] or ()
    )
    return (
        ", ".join(names),
        clip(row["text"] or "(nothing)", 400),
        formatting.outcome(row["outcome"]),
        clip(explanations or "–", 300),
    )


def _thought_table(thoughts: Mapping[str, Sequence[Sequence[Row]]]) -> Table:
    """What each thought decodes to under each condition, most probable first."""
    longest = max(map(len, thoughts.values()))
    rows = tuple(
        (f"CT{k}", *(_tokens(steps[k]) if k < len(steps) else "–" for steps in thoughts.values()))
        for k in range(longest)
    )
    return Table(heads=("thought decodes to", *thoughts), rows=rows)


def _tokens(step: Sequence[Row]) -> str:
    return ", ".join(map(_token, step)) or "nothing"


def _token(row: Row) -> str:
    what = f" ({_RESULTS[row['is']]})" if row.get("is") else ""
    return f"“{row['token']}”{what} {formatting.percent(row['probability'])}"
