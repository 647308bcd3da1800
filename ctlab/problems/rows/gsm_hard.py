"""GSM-hard's rows (Gao et al. 2022): ``input``, ``target``, and ``code``, a program that is never run."""

from ctlab.problems.problem import Problem
from ctlab.problems.rows.row_form import Row, RowForm, number_text, problem_of


class GsmHard(RowForm):
    """Rows that call the question input."""

    def recognises(self, row: Row) -> bool:
        """By ``input`` and ``target``."""
        return {"input", "target"} <= row.keys()

    def problem(self, row: Row) -> Problem:
        """Take question and answer; the program is no worked solution."""
        return problem_of(row["input"], number_text(row["target"]))


GSM_HARD = GsmHard(columns='"input" and "target" (GSM-hard)')
