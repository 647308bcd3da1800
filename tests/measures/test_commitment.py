import numpy as np
import pytest

from ctlab.errors import PairingError, StatisticsError
from ctlab.interventions import BASELINE, Condition
from ctlab.measures import committed_after, decoded_after_commitment, same_answers, within_thoughts
from ctlab.outcomes import Run
from ctlab.records.generation import Generation
from tests.measures.test_decoded_numbers import ONE, THREE, TWO, saying

PROBLEMS = (ONE, TWO, THREE)  # 5, 15 and 34


def run(texts, fed=None, problems=PROBLEMS):
    condition = BASELINE if fed is None else Condition(name=f"after_{fed}", num_thoughts=fed)
    said = [Generation(problem_id=each.id, token_ids=(1,), text=t) for each, t in zip(problems, texts, strict=True)]
    return Run.of(condition, problems, said)


EARLY = [
    run(["The answer is: 5", "The answer is: 1", "nothing at all"], 0),
    run(["The answer is: 6", "The answer is: 14", "The answer is: 9"], 1),
    run(["The answer is: 5.0", "The answer is: 14", "The answer is: 9"], 2),
]
FINAL = run(["5", "The answer is: 14", "The answer is: 34"])


def test_an_answer_counts_from_where_it_stays_and_right_or_wrong():
    # Right without a thought, and then not; wrong from one thought on; another one after all thoughts.
    assert committed_after(EARLY, FINAL) == [2, 1, 3]


def test_what_is_read_is_compared_and_where_nothing_is_the_text():
    assert same_answers(EARLY[2], FINAL) == (True, True, False)
    mute = run(["5", "hm", "hm "])
    assert same_answers(mute, run(["5", "hm", "hm"])) == (True, True, True)
    assert same_answers(mute, run(["5", "hm", "34"])) == (True, True, False)


def test_how_much_later_a_thought_says_the_answer():
    measured = saying(PROBLEMS, [["7", "5", "5"], ["1", "2", "14"], ["1", "2", "3"]])
    # CT1 says 5 after two thoughts, when it is committed to; 14 comes two thoughts after; nobody says 34.
    np.testing.assert_array_equal(decoded_after_commitment(EARLY, FINAL, measured), [0.0, 2.0])
    assert within_thoughts(EARLY) == (-3.0, 3.0)


def test_where_no_thought_says_any_answer_nothing_is_compared():
    with pytest.raises(StatisticsError, match="No thought decodes to the final answer"):
        decoded_after_commitment(EARLY, FINAL, saying(PROBLEMS, [["1"] * 3] * 3))


def test_runs_that_do_not_belong_together_are_refused():
    with pytest.raises(PairingError, match="'after_1' stands where the answers after 0 thoughts belong"):
        committed_after(EARLY[1:], FINAL)
    fewer = run(["5"], problems=(ONE,))
    with pytest.raises(PairingError, match="'after_0' holds other problems than 'baseline' does"):
        committed_after(EARLY, fewer)
    with pytest.raises(PairingError, match="not those that were measured"):
        decoded_after_commitment(EARLY, FINAL, saying(PROBLEMS[:2], [["1"] * 3] * 2))
