"""A row by the names that ctlab and the original study give its fields."""

from collections.abc import Mapping
from typing import Any

from ctlab.errors import ProblemSetError, RecordedError
from ctlab.inputs import shown
from ctlab.problems import Number
from ctlab.records.fields import Fields
from ctlab.records.result_row import ResultRow
from ctlab.results.row_values import failure_of, place_of, score_of

_READ = ("problem_id", "problem_index", "problem_idx", "output", "pred_answer", "question", "gold_answer", "error")
_SCORES = ("correct", "is_correct")
_SHOWN_KEYS = 8  # of a row in an error: enough to see which other name a column has, and still one line


def own_row(fields: Mapping[str, Any], *, name: str, at: int, file: str) -> ResultRow:
    """Read a row; ``at`` is its place, from 0. RecordedError says what it lacks."""
    where = f"{file}, {name}"
    question, gold = fields.get("question"), fields.get("gold_answer")
    score = next((column for column in _SCORES if column in fields), None)
    failure = failure_of(fields.get("error"))
    return ResultRow(
        name=name,
        problem=_problem_of(fields, at, where, failure),
        answer=_text_of(fields, where, failure),
        score=None if score is None else score_of(fields[score], where),
        gold=None if gold is None else _gold(gold, where),
        question=question.removesuffix("...") if isinstance(question, str) else None,
        fields=Fields({key: value for key, value in fields.items() if key not in _READ and key != score}),
        failure=failure,
    )


def _problem_of(fields: Mapping[str, Any], at: int, where: str, failure: str) -> str:
    named = [name for name in ("problem_id", "problem_index", "problem_idx") if name in fields]
    if len(named) > 1 and not (named == ["problem_index", "problem_idx"] and fields[named[0]] == fields[named[1]]):
        both = " and ".join(f'"{name}" {shown(fields[name])}' for name in named)
        raise RecordedError(f"{where}: a row names its problem once, not by {both}; leave one of them out")
    if "problem_id" in fields:
        problem_id = fields["problem_id"]
        if not isinstance(problem_id, str):
            raise RecordedError(f'{where}: "problem_id" is a text, not {shown(problem_id)}')
        return problem_id
    # The original study's rows name no problem: they stand in the order of the problem set, failed ones too.
    in_order = "pred_answer" in fields or (failure and "output" not in fields)
    given = fields.get("problem_index", fields.get("problem_idx", at if in_order else None))
    index = place_of(given)
    if index is None:
        has = "" if given is None else f", not {shown(given)}"
        raise RecordedError(f'{where}: a row needs a "problem_index" (counted from 0) or a "problem_id"{has}')
    return str(index)


def _text_of(fields: Mapping[str, Any], where: str, failure: str) -> str:
    """The recorded text; where the study kept only a number, that number after the answer marker."""
    if "output" in fields:
        if fields["output"] is None and failure:
            return ""
        if not isinstance(fields["output"], str):
            raise RecordedError(f'{where}: "output" is a text, not {shown(fields["output"])}')
        return fields["output"]
    if "pred_answer" not in fields:
        if failure:
            return ""
        keys = ", ".join(map(shown, list(fields)[:_SHOWN_KEYS])) or "none"
        raise RecordedError(f'{where}: a row needs an "output" or a "pred_answer"; its keys are {keys}')
    prediction = fields["pred_answer"]
    if isinstance(prediction, str) and _is_words(fields.get("gold_answer")):
        return prediction
    return "" if prediction is None else f"The answer is: {_number(prediction, 'pred_answer', where)}"


def _is_words(value: Any) -> bool:
    """Whether a reference answer is words, as those of sets whose answers are no numbers are: no digit is in them."""
    return isinstance(value, str) and bool(value.strip()) and not any(char.isdigit() for char in value)


def _gold(value: Any, where: str) -> str:
    return str(value) if _is_words(value) else str(_number(value, "gold_answer", where))


def _number(value: Any, field: str, where: str) -> Number:
    """Read a JSON number or its text; a float that is whole is a whole number."""
    try:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise ProblemSetError("")
        return Number.of(value) if isinstance(value, int) else Number.parse(value.removesuffix(".0"))
    except ProblemSetError:
        raise RecordedError(f'{where}: "{field}" is a number, not {shown(value)}') from None
