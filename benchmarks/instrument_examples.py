"""Wrong answers drawn for reading, and what a reader said about them."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.instrument_data import Answers
from ctlab.outcomes import ERRORS, Classification, Outcome
from ctlab.problems import Problem

COMMENTS = Path(__file__).with_suffix(".json")
PER_LABEL = 10
VERDICTS = ("right", "likely", "chance", "wrong")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One answer to look at."""

    answers: str
    """Which set of answers."""
    row: int
    """Row in it, from 0."""
    problem: Problem
    """The problem."""
    found: Classification
    """What the classifier says."""
    text: str
    """The whole answer."""

    @property
    def key(self) -> str:
        """Where its comment stands."""
        return f"{self.answers}/{self.row}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """The section of the document."""

    text: str
    """Tables, one a label."""
    summary: str
    """Counts of the reader's verdicts."""


def table_of(head: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; text to the left, numbers to the right."""
    numeric = [bool(rows) and all(str(row[at])[:1] in "0123456789-–" for row in rows) for at in range(len(head))]
    lines = [head, ["---:" if right else "---" for right in numeric], *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def draw(everything: Sequence[Answers]) -> dict[str, list[Example]]:
    """Draw examples of every label; CALC_ERROR and LOGIC_ERROR from written steps and from the number apart."""
    pools: dict[str, list[Example]] = {}
    for answers in everything:
        run = answers.run
        for row, (problem, generation, found) in enumerate(
            zip(run.problems, run.generations, run.classifications, strict=True)
        ):
            if found.outcome is not Outcome.CORRECT:
                example = Example(answers=answers.name, row=row, problem=problem, found=found, text=generation.text)
                pools.setdefault(_group(found), []).append(example)
    drawn = {}
    for group in sorted(pools, key=lambda name: (ERRORS.index(Outcome(name.split(" ")[0])), name)):
        # By hash: when a rule changes, the other examples stay and keep their comments.
        drawn[group] = sorted(pools[group], key=lambda example: hashlib.sha256(example.key.encode()).hexdigest())[
            :PER_LABEL
        ]
    return drawn


def _group(found: Classification) -> str:
    if found.outcome not in (Outcome.CALC_ERROR, Outcome.LOGIC_ERROR):
        return found.outcome.value
    written = "step" in found.explanations[0].detail and "written" in found.explanations[0].detail
    return f"{found.outcome.value} ({'steps written' if written else 'final number only'})"


def examples(everything: Sequence[Answers]) -> Examples:
    """Set drawn examples beside the reader's comments."""
    comments = json.loads(COMMENTS.read_text(encoding="utf-8"))
    sections, counts = [], {}
    for group, drawn in draw(everything).items():
        rows, said = [], Counter()
        for example in drawn:
            verdict, comment = comments.get(example.key, ("not looked at", ""))
            said[verdict] += 1
            explanation = example.found.explanations[0].detail if example.found.explanations else "–"
            prediction = "–" if example.found.prediction is None else example.found.prediction
            gold = example.problem.gold_number
            rows.append([example.answers, example.row, gold, prediction, explanation, f"**{verdict}**: {comment}"])
        head = ["answers", "row", "gold", "judged number", "explanation", "reader"]
        sections.append(f"### {group}\n\n{table_of(head, rows)}")
        counts[group] = said
    verdicts = [*VERDICTS, *(["not looked at"] if any(said["not looked at"] for said in counts.values()) else [])]
    summary = table_of(["label", *verdicts], [[group, *(said[v] for v in verdicts)] for group, said in counts.items()])
    return Examples(text="\n\n".join(sections), summary=summary)
