"""Reading a file of expected answers: what somebody else's run of the same model said to each question."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ctlab import inputs
from ctlab.errors import InputError
from ctlab.inputs import shown
from ctlab.problems import Problem
from ctlab.reproduction.asked import Asked

# Two logits that lie closer than that may change places when sums are taken in another order; of float32's 24 bits a
# logit of some tens, summed up over a few thousand terms, keeps about this much.
_SURE = 1e-3
_ADVICE = (
    'rows are {"question": …, "tokens": [ids]} or {"question": …, "answer": text}, one a line; or an object with '
    '"questions" and "tokens" (docs/reproduce.md)'
)


def read_expected(path: Path) -> tuple[Asked, ...]:
    """Read expected answers from JSONL rows, or from one object with a list of questions and one of their tokens."""
    if path.suffix == ".jsonl":
        rows = [
            _row(row, f"{path.name}, line {line}")
            for line, row in inputs.read_json_lines(path, error=InputError, advice=_ADVICE)
        ]
    else:
        rows = _table(inputs.read_json(path, error=InputError, advice=_ADVICE), path.name)
    if not rows:
        raise InputError(f"{path} holds no expected answer; {_ADVICE}")
    repeated = len(rows) - len({row.problem.id for row in rows})
    if repeated:
        raise InputError(f"{path} asks {repeated} of its questions twice; answers are joined by question: remove them")
    return tuple(rows)


def _table(form: Any, name: str) -> list[Asked]:
    """Read one object: ``questions``, and beside them ``tokens``, or these under ``conditions.baseline``."""
    if isinstance(form, list):
        return [_row(row, f"{name}, row {number}") for number, row in enumerate(form, start=1)]
    if not isinstance(form, Mapping):
        raise InputError(f"{name} holds {shown(form)}; {_ADVICE}")
    conditions = form.get("conditions")
    baseline = conditions.get("baseline", {}) if isinstance(conditions, Mapping) else form
    questions = form.get("questions")
    columns = {key: baseline.get(key, form.get(key)) for key in ("tokens", "margins", "n_steps")}
    if not isinstance(questions, list) or not isinstance(columns["tokens"], list):
        raise InputError(f"{name} lacks questions or tokens; {_ADVICE}")
    for key, column in columns.items():
        if column is not None and (not isinstance(column, list) or len(column) != len(questions)):
            raise InputError(f"{name}: {key!r} must have one entry for each of the {len(questions)} questions")
    rows = []
    for number, question in enumerate(questions):
        row = {key: column[number] for key, column in columns.items() if column is not None}
        rows.append(_row({"question": question, **row}, f"{name}, question {number + 1}"))
    return rows


def _row(row: Any, where: str) -> Asked:
    if not isinstance(row, Mapping) or not isinstance(row.get("question"), str):
        raise InputError(f"{where}: {shown(row)} has no question; {_ADVICE}")
    text = row.get("answer", row.get("output"))
    tokens, steps = row.get("tokens"), row.get("n_steps")
    if tokens is None and not isinstance(text, str):
        raise InputError(f"{where}: the row has neither tokens nor an answer; {_ADVICE}")
    if tokens is not None and not (isinstance(tokens, list) and all(type(token) is int for token in tokens)):
        raise InputError(f"{where}: 'tokens' must be a list of token ids, not {shown(tokens)}")
    if steps is not None and type(steps) is not int:
        raise InputError(f"{where}: 'n_steps' must be a whole number, not {shown(steps)}")
    # Nobody reads the gold answer of such a problem: the expected one decides.
    problem = Problem(question=row["question"], gold=0)
    if tokens is None:
        return Asked(problem=problem, text=text, steps=steps)
    return Asked(problem=problem, tokens=tuple(tokens), steps=steps, sure=_sure(row.get("margins"), where))


def _sure(margins: Any, where: str) -> int | None:
    """Return how many leading tokens float32 must have too; None: all."""
    if margins is None:
        return None
    if not isinstance(margins, Sequence) or not all(isinstance(margin, int | float) for margin in margins):
        raise InputError(f"{where}: 'margins' must be a list of numbers, not {shown(margins)}")
    return next((place for place, margin in enumerate(margins) if margin < _SURE), None)
