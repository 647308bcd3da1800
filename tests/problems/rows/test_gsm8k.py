from ctlab.problems.rows.gsm8k import GSM8K


def test_the_gold_answer_follows_the_last_mark():
    row = {"question": "How many are 1 and 2?", "answer": "#### is no heading\n1+2=<<1+2=3>>3\n#### 3"}
    assert GSM8K.recognises(row)
    problem = GSM8K.problem(row)
    assert (problem.gold, problem.solution) == ("3", row["answer"])


def test_an_answer_without_the_mark_is_another_form_s():
    assert not any(GSM8K.recognises({"question": "a?", "answer": answer}) for answer in ("3", 3, None))
