"""The scores that a file of recorded answers holds beside them, held to our readings: counted, and listed."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ctlab.formatting import counted
from ctlab.lab.recorded_answers import scores_alone
from ctlab.outcomes import Run
from ctlab.untrusted_text import visible

if TYPE_CHECKING:
    from ctlab.lab.run_maker import RunMaker

MOST_LISTED = 50
"""Contradictions that a report lists; it counts them all."""
_ANSWER_LENGTH = 200  # characters of an answer's end, where the final number stands


def recorded_scores(lab: "RunMaker", name: str, run: Run | None) -> dict[str, Any] | None:
    """Return the report's comparison for one condition; None where nothing was recorded or scored."""
    file = lab.settings.recorded.get(name)
    if file is None or run is None or scores_alone(lab.settings.recorded_options.get(name)):
        return None  # right and wrong that were taken on the file's word agree with it by construction
    from ctlab.outcomes.agreement import compare
    from ctlab.results.read_recorded import recorded_rows

    rows = recorded_rows(file, lab.problems, lab.settings.recorded_options.get(name))
    golds = [problem.gold_text for problem in run.problems]
    found = compare(rows, golds, [label.outcome for label in run.classifications])
    if not found.compared:
        return None
    return {
        "compared": found.compared,
        "agreed": found.agreed,
        "unscored": found.unscored,
        "called_right": found.called_right,
        "contradictions": [
            {
                "row": each.row.name,
                "problem": visible(each.row.problem),
                "score": each.row.score,
                "outcome": str(each.outcome),
                "gold": each.gold,
                "answer": visible(each.row.answer[-_ANSWER_LENGTH:]),
            }
            for each in found.disagreements[:MOST_LISTED]
        ],
    }


def score_lines(conditions: Iterable[Mapping[str, Any]]) -> list[str]:
    """Say, a line a condition, where a file's own scores contradict our readings."""
    lines = []
    for row in conditions:
        scores = row["scores"]
        if scores and (differ := scores["compared"] - scores["agreed"]):
            right = scores["called_right"]
            first = ", ".join(each["row"] for each in scores["contradictions"][:3])
            lines.append(
                f"{row['name']}: its file scores {counted(differ, 'answer')} of {scores['compared']:,} otherwise than "
                f"we read them (right there, wrong here: {right}; wrong there, right here: {differ - right}): {first}"
                f"{' …' if differ > 3 else ''}"
            )
    return lines
