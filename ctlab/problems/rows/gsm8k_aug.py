"""GSM8K-Aug's rows (Deng et al. 2023) as CODI brings them: ``question``, ``cot`` with annotations, ``answer``."""

from ctlab.problems.problem import Problem
from ctlab.problems.rows.answer_of import answer_of
from ctlab.problems.rows.row_form import Row, RowForm, problem_of, steps_solution


class Gsm8kAug(RowForm):
    """Rows with the chain of thought in a column of its own."""

    def problem(self, row: Row) -> Problem:
        """Join the chain of thought and the answer as GSM8K does; words (GSM8K-Aug-NL) stay as they are."""
        kind, gold = answer_of(row["answer"])
        solution = steps_solution(row["cot"] or "", gold) if kind == "number" else row["cot"]
        return problem_of(row["question"], gold, solution, kind=kind)


GSM8K_AUG = Gsm8kAug(name="GSM8K-Aug", needs=("question", "cot", "answer"))
