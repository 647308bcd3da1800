"""ProsQA's rows (Hao et al. 2024): the question's facts as the edges of a graph, and which two nodes it asks about."""

from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.inputs import shown
from ctlab.problems.problem import Problem
from ctlab.problems.rows.row_form import Row, RowForm, json_value, problem_of


class ProsQA(RowForm):
    """Rows that carry their graph: ``idx_to_symbol``, ``edges``, ``root``, ``target``, ``neg_target``."""

    def problem(self, row: Row) -> Problem:
        """Gold is the answer's sentence; the options are that of the target and that of the other node."""
        symbols, answer = row["idx_to_symbol"], row["answer"]
        right, wrong = (_symbol(symbols, row[node], node) for node in ("target", "neg_target"))
        if not isinstance(answer, str) or right not in answer:
            raise ProblemSetError(f'"answer" names the target {right!r}, and {shown(answer)} does not')
        steps = row.get("steps") or []
        return problem_of(
            row["question"],
            answer,
            "\n".join(steps) if isinstance(steps, list) else steps,
            kind="entity",
            options=(answer, answer.replace(right, wrong)),
        )

    def others(self, row: Row) -> dict[str, Any]:
        """The graph stays in the fields, whole."""
        return {name: json_value(row[name]) for name in row if name not in ("question", "answer")}


def _symbol(symbols: Any, index: Any, node: str) -> str:
    inside = isinstance(symbols, list) and isinstance(index, int) and 0 <= index < len(symbols)
    if not inside or not isinstance(symbols[index], str):
        raise ProblemSetError(f'"{node}" is the place of a name in "idx_to_symbol", not {shown(index)}')
    return str(symbols[index])


PROSQA = ProsQA(
    name="ProsQA",
    needs=("question", "answer", "idx_to_symbol", "target", "neg_target"),
)
