"""Rows of a ``question`` and a bare ``answer``: MultiArith as LatentTTS brings it, StrategyQA, many others."""

from ctlab.problems.problem import Problem
from ctlab.problems.rows.answer_of import answer_of
from ctlab.problems.rows.row_form import Row, RowForm, problem_of


class PlainAnswer(RowForm):
    """Rows whose answer is a number, true or false, or an entity."""

    def problem(self, row: Row) -> Problem:
        """Tell the kind of the answer by its value; blanks at the question's ends go, as the hub's MultiArith has."""
        kind, gold = answer_of(row["answer"])
        question = row["question"].strip() if isinstance(row["question"], str) else row["question"]
        return problem_of(question, gold, kind=kind)


PLAIN_ANSWER = PlainAnswer(name="question and answer", needs=("question", "answer"))
