from ctlab.problems.rows.plain_answer import PLAIN_ANSWER
from ctlab.problems.rows.read_rows import form_of, problem_of_row


def test_a_question_and_an_answer_are_enough():
    row = {"question": " How many? ", "answer": "7"}
    assert form_of(row) is PLAIN_ANSWER
    problem = problem_of_row(row)
    assert (problem.question, problem.kind, problem.gold_number.value) == ("How many?", "number", 7)


def test_strategy_qa_is_boolean_and_keeps_its_facts():
    problem = problem_of_row({"qid": "e0", "question": "Is it?", "answer": False, "facts": ["a", "b"]})
    assert (problem.kind, problem.gold, problem.fields["facts"]) == ("boolean", "false", ["a", "b"])
