from ctlab.problems.rows.multi_arith import MULTI_ARITH


def test_blanks_around_the_question_go():
    row = {"question": " Faye had 34 coupons and lost 4. How many are left? ", "final_ans": "30"}
    assert MULTI_ARITH.recognises(row)
    problem = MULTI_ARITH.problem(row)
    assert (problem.question[:4], problem.question[-1], problem.gold_number.value) == ("Faye", "?", 30)


def test_other_rows_are_left_alone():
    assert not MULTI_ARITH.recognises({"question": "a?", "answer": "#### 3"})
