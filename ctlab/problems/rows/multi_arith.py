"""MultiArith's rows (Roy and Roth 2015) as on the hub: ``question`` with blanks at its ends, and ``final_ans``."""

from ctlab.problems.problem import Problem
from ctlab.problems.rows.row_form import Row, RowForm, number_text, problem_of


class MultiArith(RowForm):
    """Rows that call the reference answer final_ans."""

    def recognises(self, row: Row) -> bool:
        """By ``final_ans``."""
        return {"question", "final_ans"} <= row.keys()

    def problem(self, row: Row) -> Problem:
        """Take the values without their blanks."""
        return problem_of(str(row["question"]).strip(), number_text(row["final_ans"]))


MULTI_ARITH = MultiArith(columns='"question" and "final_ans" (MultiArith)')
