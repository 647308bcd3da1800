from ctlab.problems.rows.gsm8k_aug import GSM8K_AUG
from ctlab.problems.rows.read_rows import form_of


def test_the_chain_of_thought_and_the_answer_are_one_solution():
    row = {"question": "a?", "cot": "<<16-3-4=9>> <<9*2=18>>", "answer": "18"}
    assert form_of(row) is GSM8K_AUG
    problem = GSM8K_AUG.problem(row)
    assert (problem.gold, problem.solution) == ("18", "<<16-3-4=9>> <<9*2=18>>\n#### 18")
    assert problem.graph.gold == 18
