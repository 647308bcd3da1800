"""Multiple choice as sets on the hub write it: ARC, MMLU, CommonsenseQA, OpenBookQA, and MMLU's own CSV."""

from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.problems.problem import Problem
from ctlab.problems.rows.choices import choices_of, right_option
from ctlab.problems.rows.row_form import Row, RowForm, json_value, problem_of

_QUESTIONS = ("question", "question_stem")
_CHOICES = ("choices", "options")
_ANSWERS = ("answerKey", "answer", "answer_index", "label")
_COLUMNS = ("A", "B", "C", "D")


class MultipleChoice(RowForm):
    """Rows with the options in a column, or in one column each."""

    def recognises(self, row: Row) -> bool:
        """By a question, options and an answer, each under one of its names."""
        options = _one_of(_CHOICES, row) or all(column in row for column in _COLUMNS)
        return bool(options and _one_of(_QUESTIONS, row) and _one_of(_ANSWERS, row))

    def problem(self, row: Row) -> Problem:
        """Gold is the text of the right option."""
        name = _one_of(_CHOICES, row)
        labels, options = choices_of(row[name] if name else [row[column] for column in _COLUMNS])
        answer = row[_one_of(_ANSWERS, row)]
        if answer in (None, ""):
            raise ProblemSetError("the answer is empty: a test set without answers cannot be judged")
        gold = right_option(answer, labels, options)
        return problem_of(row[_one_of(_QUESTIONS, row)], gold, kind="choice", options=options)

    def others(self, row: Row) -> dict[str, Any]:
        """All but question, options and answer."""
        name = _one_of(_CHOICES, row)
        used = {_one_of(_QUESTIONS, row), _one_of(_ANSWERS, row), *([name] if name else _COLUMNS)}
        return {column: json_value(row[column]) for column in row if column not in used}


def _one_of(names: tuple[str, ...], row: Row) -> str:
    return next((name for name in names if name in row), "")


MULTIPLE_CHOICE = MultipleChoice(
    name="multiple choice",
    needs=("question", "choices", "answer"),
)
