import pytest

from ctlab.errors import ProblemSetError
from ctlab.problems.rows.gsm8k import GSM8K


def test_the_gold_answer_follows_the_last_mark():
    row = {"question": "How many are 1 and 2?", "answer": "#### is no heading\n1+2=<<1+2=3>>3\n#### 3"}
    assert GSM8K.recognises(row)
    problem = GSM8K.problem(row)
    assert (problem.gold, problem.solution) == ("3", row["answer"])


@pytest.mark.parametrize("answer", ["3", 3, None], ids=repr)
def test_an_answer_without_the_mark_says_what_to_call_it(answer):
    with pytest.raises(ProblemSetError, match='a bare number is called "gold"'):
        GSM8K.problem({"question": "a?", "answer": answer})
