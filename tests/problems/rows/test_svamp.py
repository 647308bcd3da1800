from ctlab.problems.rows.svamp import SVAMP

ROW = {
    "Body": "There are 87 oranges and 290 bananas in 2 groups of bananas.",
    "Question": "How big is each group of bananas?",
    "Equation": "( 290.0 / 2.0 )",
    "Answer": "145",
    "ID": "chal-1",
}


def test_body_and_question_are_one_text_and_the_equation_is_the_solution():
    assert SVAMP.recognises(ROW)
    problem = SVAMP.problem(ROW)
    assert problem.question.endswith("groups of bananas. How big is each group of bananas?")
    assert (problem.gold_number.value, problem.features.has_division) == (145, True)
    assert problem.graph.gold == 145


def test_the_hub_s_own_joint_question_comes_first():
    assert SVAMP.problem({**ROW, "question_concat": "Both at once?"}).question == "Both at once?"


def test_without_an_equation_there_is_no_solution():
    assert SVAMP.problem({**ROW, "Equation": "", "Answer": 145.0}).graph is None


def test_other_rows_are_left_alone():
    assert not SVAMP.recognises({"question": "a?", "answer": "#### 3"})
    assert not SVAMP.recognises({key: value for key, value in ROW.items() if key != "Answer"})
