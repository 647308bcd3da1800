"""GSM-hard's rows (Gao et al. 2022): ``input``, ``target``, and ``code``, a program that is never run."""

from ctlab.problems.problem import Problem
from ctlab.problems.rows.row_form import Row, RowForm, number_text, problem_of


class GsmHard(RowForm):
    """Rows that call the question input, as all sets that PAL brings."""

    def problem(self, row: Row) -> Problem:
        """Take question and answer; the program is no worked solution and stays in the fields."""
        return problem_of(row["input"], number_text(row["target"]))


class GsmHardHub(RowForm):
    """Rows of a copy on the hub that calls the question instruction."""

    def problem(self, row: Row) -> Problem:
        """Take question and answer."""
        return problem_of(row["instruction"], number_text(row["response"]))


GSM_HARD = GsmHard(name="GSM-Hard", needs=("input", "target"))
GSM_HARD_HUB = GsmHardHub(
    name="GSM-Hard on the hub",
    needs=("instruction", "response"),
)
