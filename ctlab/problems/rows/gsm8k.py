"""GSM8K's rows (Cobbe et al. 2021): ``question``, and ``answer`` with the worked solution, ``####`` and the gold."""

from ctlab.problems.problem import Problem
from ctlab.problems.rows.row_form import Row, RowForm, problem_of

_GOLD_MARK = "####"


class Gsm8k(RowForm):
    """Rows whose answer is a worked solution that ends in the gold answer."""

    def recognises(self, row: Row) -> bool:
        """By the mark in ``answer``."""
        answer = row.get("answer")
        return "question" in row and isinstance(answer, str) and _GOLD_MARK in answer

    def problem(self, row: Row) -> Problem:
        """Split the answer at its last mark."""
        answer: str = row["answer"]
        return problem_of(row["question"], answer.rpartition(_GOLD_MARK)[2].strip(), answer)


GSM8K = Gsm8k(name="GSM8K", needs=("question", "answer"))
