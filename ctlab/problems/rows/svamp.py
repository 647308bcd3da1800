"""SVAMP's rows (Patel et al. 2021): a body, a question, and one equation that gives the answer."""

from ctlab.problems.problem import Problem
from ctlab.problems.rows.row_form import Row, RowForm, equation_solution, number_text, problem_of


class Svamp(RowForm):
    """Rows that tell the story and ask the question in two columns."""

    def problem(self, row: Row) -> Problem:
        """Join story and question, and write the equation as GSM8K's annotation."""
        question = row.get("question_concat") or f"{row['Body']} {row['Question']}"
        gold = number_text(row["Answer"])
        return problem_of(question, gold, equation_solution(row.get("Equation"), gold))


SVAMP = Svamp(
    name="SVAMP",
    needs=("Body", "Question", "Answer"),
    takes=frozenset({"question_concat", "Equation"}),
)
