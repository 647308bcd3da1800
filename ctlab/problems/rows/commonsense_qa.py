"""CommonsenseQA's rows (Talmor et al. 2019) as published: a nested ``question`` with its choices, and ``answerKey``."""

from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.problems.problem import Problem
from ctlab.problems.rows.choices import choices_of, right_option
from ctlab.problems.rows.row_form import Row, RowForm, json_value, problem_of


class CommonsenseQA(RowForm):
    """Rows whose question is an object: ``stem``, ``choices``, ``question_concept``. ARC and OpenBookQA have it too."""

    def recognises(self, row: Row) -> bool:
        """By the nested question."""
        question = row.get("question")
        return isinstance(question, dict) and "choices" in question

    def problem(self, row: Row) -> Problem:
        """Gold is the text of the right option."""
        if "answerKey" not in row:
            raise ProblemSetError('"answerKey" is missing: a test set without answers cannot be judged')
        question = row["question"]
        labels, options = choices_of(question["choices"])
        gold = right_option(row["answerKey"], labels, options)
        return problem_of(question.get("stem"), gold, kind="choice", options=options)

    def others(self, row: Row) -> dict[str, Any]:
        """What else the question holds, beside the row's own columns."""
        question = row["question"]
        return {
            **{name: json_value(question[name]) for name in question if name not in ("stem", "choices")},
            **RowForm.others(self, row),
        }


COMMONSENSE_QA = CommonsenseQA(
    name="CommonsenseQA",
    needs=("question", "answerKey"),
)
