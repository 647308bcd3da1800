"""What a format of recorded answers is: the files that it recognises, and the rows that it makes of them."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ctlab.errors import ProblemSetError, RecordedError
from ctlab.inputs import shown
from ctlab.problems import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRow:
    """One recorded answer."""

    name: str
    """What an error calls the row, such as ``line 3``."""
    problem: str | int
    """Id of the problem, or its index in the whole set, counted from 0."""
    text: str
    """The answer's text; empty where the model produced nothing."""
    question: str | None = None
    """How the question begins, as a check; None where the file does not say."""
    gold: Number | None = None
    """The reference answer, as a check; None where the file does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFormat(ABC):
    """One way in which answers are kept in files."""

    described: str
    """What such a file holds, for errors."""

    @abstractmethod
    def recognises(self, file: Path) -> bool:
        """Whether a file that can be opened is in this format; it may be anything."""

    @abstractmethod
    def rows(self, file: Path) -> Iterator[RecordedRow]:
        """Read the rows of a file that was recognised; RecordedError names the first one that cannot be read."""


def read_row(fields: Mapping[str, Any], *, name: str, at: int, file: Path) -> RecordedRow:
    """Read a row by the names that ctlab and the original study give its fields; ``at`` is its place, from 0."""
    where = f"{file.name}, {name}"
    question, gold = fields.get("question"), fields.get("gold_answer")
    return RecordedRow(
        name=name,
        problem=_problem_of(fields, at, where),
        text=_text_of(fields, where),
        question=question.removesuffix("...") if isinstance(question, str) else None,
        gold=None if gold is None else _number(gold, "gold_answer", where),
    )


def _problem_of(fields: Mapping[str, Any], at: int, where: str) -> str | int:
    named = [name for name in ("problem_id", "problem_index", "problem_idx") if name in fields]
    if len(named) > 1 and not (named == ["problem_index", "problem_idx"] and fields[named[0]] == fields[named[1]]):
        both = " and ".join(f'"{name}" {shown(fields[name])}' for name in named)
        raise RecordedError(f"{where}: a row names its problem once, not by {both}; leave one of them out")
    if "problem_id" in fields:
        problem_id = fields["problem_id"]
        if not isinstance(problem_id, str):
            raise RecordedError(f'{where}: "problem_id" is a text, not {shown(problem_id)}')
        return problem_id
    # The original study's rows name no problem: they stand in the order of the problem set.
    index = fields.get("problem_index", fields.get("problem_idx", at if "pred_answer" in fields else None))
    if isinstance(index, bool) or not isinstance(index, int):
        raise RecordedError(f'{where}: a row needs a "problem_index" (counted from 0) or a "problem_id"')
    return index


def _text_of(fields: Mapping[str, Any], where: str) -> str:
    """The recorded text; where the study kept only a number, that number after the answer marker."""
    if "output" in fields:
        if not isinstance(fields["output"], str):
            raise RecordedError(f'{where}: "output" is a text, not {shown(fields["output"])}')
        return fields["output"]
    if "pred_answer" not in fields:
        raise RecordedError(f'{where}: a row needs an "output" or a "pred_answer"')
    prediction = fields["pred_answer"]
    if prediction is None:
        if fields.get("error"):
            raise RecordedError(
                f"{where}: an error was recorded instead of an answer ({shown(fields['error'])}); an error is not a "
                f"wrong answer, so generate this answer again"
            )
        return ""
    return f"The answer is: {_number(prediction, 'pred_answer', where)}"


def _number(value: Any, field: str, where: str) -> Number:
    """Read a JSON number or its text; a float that is whole is a whole number."""
    try:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise ProblemSetError("")
        return Number.of(value) if isinstance(value, int) else Number.parse(value.removesuffix(".0"))
    except ProblemSetError:
        raise RecordedError(f'{where}: "{field}" is a number, not {shown(value)}') from None
