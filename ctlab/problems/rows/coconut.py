"""Coconut's rows (Hao et al. 2024): ``question``, a list of ``steps``, and a bare ``answer``."""

from typing import Any

from ctlab.problems.problem import Problem
from ctlab.problems.rows.answer_of import answer_of
from ctlab.problems.rows.row_form import Row, RowForm, problem_of, steps_solution


class Coconut(RowForm):
    """Rows with the chain of thought as a list: calculations of GSM8K, sentences of ProntoQA and ProsQA."""

    def problem(self, row: Row) -> Problem:
        """Join the steps: calculations are a worked solution in GSM8K's form, sentences stand one a line."""
        kind, gold = answer_of(row["answer"])
        solution = steps_solution(row["steps"], gold)
        if kind != "number":
            solution = "\n".join(row["steps"]) if not isinstance(row["steps"], str) else row["steps"]
        return problem_of(row["question"], gold, solution, kind=kind)

    def others(self, row: Row) -> dict[str, Any]:
        """Steps that are no calculation stay in the fields, one by one."""
        calculated = steps_solution(row["steps"], "") and answer_of(row["answer"])[0] == "number"
        form = RowForm.others(self, row)
        return form if calculated else {"steps": row["steps"], **form}


COCONUT = Coconut(
    name="Coconut",
    needs=("question", "steps", "answer"),
)
