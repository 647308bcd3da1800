"""GSM8K's rows (Cobbe et al. 2021): ``question``, and ``answer`` with the worked solution, ``####`` and the gold."""

from ctlab.errors import ProblemSetError
from ctlab.problems.problem import Problem
from ctlab.problems.rows.row_form import Row, RowForm, problem_of

_GOLD_MARK = "####"


class Gsm8k(RowForm):
    """Rows whose answer is a worked solution that ends in the gold answer."""

    def recognises(self, row: Row) -> bool:
        """By ``answer``."""
        return "answer" in row

    def problem(self, row: Row) -> Problem:
        """Split the answer at its last mark."""
        answer = row["answer"]
        if not isinstance(answer, str) or _GOLD_MARK not in answer:
            raise ProblemSetError('an "answer" ends with #### and the gold answer; a bare number is called "gold"')
        return problem_of(row.get("question"), answer.rpartition(_GOLD_MARK)[2].strip(), answer)


GSM8K = Gsm8k(columns='an "answer" (worked solution ending in ####) and a "question"')
