"""ctlab's own rows: ``question`` and ``gold``, and a worked solution as ``solution`` or ``answer`` where one is."""

from ctlab.problems.problem import Problem
from ctlab.problems.rows.row_form import Row, RowForm, problem_of


class Gold(RowForm):
    """Rows that call the reference answer gold."""

    def recognises(self, row: Row) -> bool:
        """By ``gold``, which says what is meant whatever stands beside it."""
        return "gold" in row

    def problem(self, row: Row) -> Problem:
        """Take the values as they are."""
        return problem_of(row.get("question"), row["gold"], row.get("solution", row.get("answer", "")))


GOLD = Gold(
    name="ctlab's own",
    columns='a "gold" number and a "question"',
    needs=("question", "gold"),
    takes=frozenset({"solution", "answer", "kind", "options", "aliases"}),
)
