from types import SimpleNamespace

import numpy as np
import pytest

from ctlab.errors import AnswerKindError, PairingError
from ctlab.measures import decoded_steps
from ctlab.problems import Problem


def problem(number, *results):
    steps, total = [], 1000 + 50 * number
    question = f"There are {total} in box {number}"
    for more in results:
        steps.append(f"<<{total}+{more}={total + more}>>{total + more}.")
        total, question = total + more, f"{question}, then {more} more"
    return Problem(question=f"{question}. How many?", gold=str(total), solution=f"{' '.join(steps)}\n#### {total}")


def measured(problems, said):
    """Thoughts that say these numbers, one row a problem."""
    numbers = sorted({number for row in said for number in row if number is not None})
    vocabulary = {0: "so", **{place: f" {number}" for place, number in enumerate(numbers, start=1)}}
    token = {number: place for place, number in enumerate(numbers, start=1)} | {None: 0}
    ids = np.array([[[token[number]] for number in row] for row in said])
    return SimpleNamespace(
        problem_ids=tuple(each.id for each in problems), vocabulary=vocabulary, decoded_ids=ids, thoughts=ids.shape[1]
    )


LONG = [problem(k, 3, 5, 7) for k in range(60)]
SHORT = [problem(100 + k, 3) for k in range(60)]


def results(each):
    return [int(step.result.value) for step in each.graph.steps]


def found(problems, said):
    return {(cell.place.thought, cell.place.place): cell for cell in decoded_steps(measured(problems, said), problems)}


def test_a_thought_that_says_the_first_result_is_found_at_the_first_step_alone():
    cells = found(LONG, [(results(each)[0], None) for each in LONG])
    assert {key: cell.more["rate"] for key, cell in cells.items()} == {
        (f"CT{thought}", f"step {step}"): float((thought, step) == (0, 1)) for thought in (0, 1) for step in (1, 2, 3)
    }
    assert cells["CT0", "step 1"].values.tolist() == [1.0] * 60


def test_a_thought_that_says_the_answer_holds_no_step_but_the_last_of_the_longest():
    """Of problems that end after a step the step is not looked at, as long as others go on."""
    problems = LONG + SHORT
    cells = found(problems, [(results(each)[-1],) for each in problems])
    assert [cells["CT0", f"step {step}"].more["rate"] for step in (1, 2, 3)] == [0.0, 0.0, 1.0]
    assert [cells["CT0", f"step {step}"].more["last"] for step in (1, 2, 3)] == [False, False, True]
    assert [len(cells["CT0", f"step {step}"].values) for step in (1, 2, 3)] == [60, 60, 60]


def test_a_result_that_the_question_states_is_left_out():
    stated = [problem(k, 3, 5) for k in range(60)]
    copied = Problem(
        question=stated[0].question.replace("How many?", f"Is it {results(stated[0])[0]}? How many?"),
        gold=stated[0].gold,
        solution=stated[0].solution,
    )
    cells = found([copied, *stated[1:]], [(results(each)[0],) for each in stated])
    assert len(cells["CT0", "step 1"].values) == 59


def test_other_problems_than_were_measured_are_refused():
    with pytest.raises(PairingError, match="not those that were measured"):
        decoded_steps(measured(LONG, [(1,)] * 60), LONG[::-1])


def test_problems_without_a_solution_have_no_step():
    plain = [Problem(question=f"What is {k}?", gold=str(k)) for k in range(3)]
    assert decoded_steps(measured(plain, [(1,)] * 3), plain) == []


def test_problems_that_are_answered_by_texts_are_refused():
    yes = [Problem(question=f"Is {k} even?", gold="yes", kind="boolean") for k in range(2)]
    with pytest.raises(AnswerKindError, match="claim it of problems that are answered by a number"):
        decoded_steps(measured(yes, [(1,)] * 2), yes)
