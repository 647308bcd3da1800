"""ProntoQA's rows (Saparov and He 2023) as the generator writes them: facts, a query, a chain of thought, an answer."""

from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.inputs import shown
from ctlab.problems.problem import Problem
from ctlab.problems.rows.answer_of import answer_of
from ctlab.problems.rows.row_form import Row, RowForm, json_value, problem_of


class ProntoQA(RowForm):
    """Rows with a ``test_example``, and examples to show before it where the generator was asked for some."""

    def problem(self, row: Row) -> Problem:
        """Join facts and query, as Coconut's preparation of this set does."""
        example = row["test_example"]
        if not isinstance(example, dict) or not {"question", "query", "answer"} <= example.keys():
            raise ProblemSetError(f'a "test_example" has "question", "query" and "answer"; this is {shown(example)}')
        kind, gold = answer_of(example["answer"])
        thought = example.get("chain_of_thought") or []
        return problem_of(f"{example['question']} {example['query']}", gold, "\n".join(thought), kind=kind)

    def others(self, row: Row) -> dict[str, Any]:
        """The parts of the example, beside the row's own columns."""
        parts = {name: json_value(part) for name, part in row["test_example"].items() if name != "answer"}
        parts["facts"] = parts.pop("question")
        return {**parts, **RowForm.others(self, row)}


PRONTOQA = ProntoQA(name="ProntoQA", needs=("test_example",))
