"""MultiArith's rows (Roy and Roth 2015), whose questions have blanks at their ends: the hub's and the authors'."""

from ctlab.errors import ProblemSetError
from ctlab.inputs import shown
from ctlab.problems.problem import Problem
from ctlab.problems.rows.row_form import Row, RowForm, equation_solution, number_text, problem_of


class MultiArith(RowForm):
    """Rows that call the reference answer final_ans."""

    def problem(self, row: Row) -> Problem:
        """Take the values without their blanks."""
        return problem_of(str(row["question"]).strip(), number_text(row["final_ans"]))


class MultiArithAuthors(RowForm):
    """Rows with a letter for each column's type in front."""

    def problem(self, row: Row) -> Problem:
        """Take the one solution, and the one equation where there is one."""
        solutions, equations = row["lSolutions"], row.get("lEquations") or []
        if not isinstance(solutions, list) or len(solutions) != 1:
            raise ProblemSetError(f'"lSolutions" holds one number, not {shown(solutions)}')
        gold = number_text(solutions[0])
        equation = equations[0] if isinstance(equations, list) and len(equations) == 1 else ""
        return problem_of(str(row["sQuestion"]).strip(), gold, equation_solution(equation, gold))


MULTI_ARITH = MultiArith(name="MultiArith", needs=("question", "final_ans"))
MULTI_ARITH_AUTHORS = MultiArithAuthors(
    name="MultiArith's authors'",
    needs=("sQuestion", "lSolutions"),
    takes=frozenset({"lEquations"}),
)
