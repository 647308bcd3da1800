import pytest

from ctlab.errors import ProblemSetError
from ctlab.problems.rows.read_rows import problem_of_row

EXAMPLE = {
    "question": "Each lorpus is shy. Max is a lorpus.",
    "query": "True or false: Max is shy.",
    "chain_of_thought": ["Max is a lorpus.", "Max is shy."],
    "answer": "True",
}


def test_facts_and_query_are_the_question():
    problem = problem_of_row({"id": "example1", "test_example": EXAMPLE, "in_context_example0": {}})
    assert problem.question == "Each lorpus is shy. Max is a lorpus. True or false: Max is shy."
    assert (problem.kind, problem.gold, problem.solution) == ("boolean", "true", "Max is a lorpus.\nMax is shy.")
    assert set(problem.fields) == {"id", "query", "chain_of_thought", "facts", "in_context_example0"}


def test_half_an_example_is_refused():
    with pytest.raises(ProblemSetError, match='a "test_example" has'):
        problem_of_row({"test_example": {"question": "a"}})
