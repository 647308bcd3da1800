"""SVAMP's rows (Patel et al. 2021): a body, a question, and one equation that gives the answer."""

import re

from ctlab.problems.problem import Problem
from ctlab.problems.rows.row_form import Row, RowForm, number_text, problem_of


class Svamp(RowForm):
    """Rows that tell the story and ask the question in two columns."""

    def recognises(self, row: Row) -> bool:
        """By its three columns with capital letters."""
        return {"Body", "Question", "Answer"} <= row.keys()

    def problem(self, row: Row) -> Problem:
        """Join story and question, and write the equation as GSM8K's annotation."""
        question = row.get("question_concat") or f"{row['Body']} {row['Question']}"
        gold = number_text(row["Answer"])
        # "( 290.0 / 2.0 )" calculates with 290 and 2: the zeros are the file's, not the problem's.
        equation = re.sub(r"(?<=\d)\.0+(?!\d)|\s", "", str(row.get("Equation", "")))
        equation = equation.removeprefix("(").removesuffix(")")
        return problem_of(question, gold, f"<<{equation}={gold}>>{gold}\n#### {gold}" if equation else "")


SVAMP = Svamp(columns='"Body", "Question" and "Answer" (SVAMP)')
