"""Answers that were read with hesitation: how many there are under a condition, with examples."""

from ctlab.outcomes import Outcome, Run
from ctlab.reporting.model.hesitation_row import HesitationRow
from ctlab.reporting.model.record import Form

EXAMPLES = 5
"""So many are shown of a condition; the JSON of a run's predictions has them all."""
_LONGEST = 200


def hesitations(run: Run) -> tuple[int, list[Form]]:
    """Count a run's ambiguous answers and give the first of each way in which they were read, then others."""
    rows = run.labels.ambiguous.nonzero()[0].tolist()
    firsts: dict[str, int] = {}
    for index in rows:
        firsts.setdefault(run.classifications[index].extraction.reading, index)
    first = set(firsts.values())
    chosen = sorted(rows, key=lambda index: index not in first)
    return len(rows), [_row(run, index) for index in chosen[:EXAMPLES]]


def _row(run: Run, index: int) -> Form:
    label, text = run.classifications[index], run.generations[index].text
    read = label.extraction.answer if label.prediction is None else str(label.prediction)
    return HesitationRow(
        problem_id=run.problems[index].id,
        answer=text if len(text) <= _LONGEST else f"… {text[-_LONGEST:]}",  # an answer stands at the end
        read=read,
        reading=label.extraction.reading,
        correct=label.outcome is Outcome.CORRECT,
    ).to_json()
