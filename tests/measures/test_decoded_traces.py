from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from ctlab.errors import AnswerKindError, PairingError, StatisticsError
from ctlab.interventions import BASELINE
from ctlab.measures import (
    bridges_and_length,
    even_above_odd,
    strata_of_traces,
    traces_and_answers,
    whole_bridges,
    whole_traces,
)
from ctlab.outcomes import Run
from ctlab.problems import Problem
from ctlab.records.generation import Generation
from tests.measures.test_step_decoding import LONG, SHORT, problem, results
from tests.probes.measured import make


def saying(problems, said, top=1):
    """A measurement whose thoughts say these numbers, ``said[problem][thought][rank]``."""
    found = make(0, n=len(problems), thoughts=len(said[0]), top=top, condition="baseline", baseline=True)
    words = sorted({str(number) for row in said for ranks in row for number in ranks})
    ids = np.array([[[words.index(str(number)) for number in ranks] for ranks in row] for row in said], dtype=np.int32)
    ids_of = tuple(each.id for each in problems)
    return replace(found, problem_ids=ids_of, decoded_ids=ids, vocabulary=dict(enumerate(words)))


def run(problems, right):
    texts = [f"The answer is: {each.gold if good else 1}" for each, good in zip(problems, right, strict=True)]
    said = [
        Generation(problem_id=each.id, token_ids=(1,), text=text) for each, text in zip(problems, texts, strict=True)
    ]
    return Run.of(BASELINE, problems, said)


ONES = [problem(k, 3, 5, 7) for k in range(8)]
ALL_SAID = [[[results(each)[0]], [results(each)[1]], [results(each)[2]]] for each in ONES]


def test_a_whole_trace_is_every_result_in_any_thought():
    whole = whole_traces(saying(ONES, [row[::-1] for row in ALL_SAID]), run(ONES, [True] * 8), top=1)
    assert whole.tolist() == [1.0] * 8
    without_the_last = [[*row[:2], ["so"]] for row in ALL_SAID]
    assert whole_traces(saying(ONES, without_the_last), run(ONES, [True] * 8), top=1).tolist() == [0.0] * 8


def test_lower_ranks_count_as_far_as_they_are_asked_for():
    ranked = [[["so", number] for (number,) in row] for row in ALL_SAID]
    measured, answers = saying(ONES, ranked, top=2), run(ONES, [True] * 8)
    assert whole_traces(measured, answers, top=2).mean() == 1.0
    assert whole_traces(measured, answers, top=1).mean() == 0.0
    with pytest.raises(StatisticsError, match="top must be from 1 to 2"):
        whole_traces(measured, answers, top=3)


def test_those_answered_wrong_are_neither_counted_nor_shuffled_in():
    right = [True, False] * 4
    said = [row if good else [["so"]] * 3 for row, good in zip(ALL_SAID, right, strict=True)]
    assert whole_traces(saying(ONES, said), run(ONES, right), top=1).tolist() == [1.0] * 4
    values, positive = traces_and_answers(saying(ONES, said), run(ONES, right), top=1)
    assert values.tolist() == [1.0, 0.0] * 4
    assert positive == right


def test_thoughts_that_say_everything_say_nothing_of_their_own_problem():
    """The sabotage that a rate without its chance does not notice."""
    everything = sorted({number for each in ONES for number in results(each)})
    measured = saying(ONES, [[everything, everything]] * 8, top=len(everything))
    assert np.abs(whole_traces(measured, run(ONES, [True] * 8), top=len(everything))).max() == 0.0
    values, _ = traces_and_answers(measured, run(ONES, [True] * 8), top=len(everything))
    assert values.mean() == 1.0


def test_the_mean_is_the_share_less_that_of_all_other_pairs():
    draw = np.random.default_rng(3)
    problems = [*ONES[:5], *SHORT[:4]]
    pool = sorted({number for each in problems for number in results(each)})
    said = [[list(draw.choice(pool, 6, replace=False)) for _ in range(4)] for _ in problems]
    found = whole_traces(saying(problems, said, top=6), run(problems, [True] * 9), top=6)
    own, other, groups = [], [], [range(5), range(5, 9)]
    for group in groups:
        told = {i: {int(number) for ranks in said[i] for number in ranks} for i in group}
        own += [set(results(problems[i])) <= told[i] for i in group]
        pairs = [(i, j) for a, b in combinations(group, 2) for i, j in ((a, b), (b, a))]
        other.append((len(group), np.mean([set(results(problems[j])) <= told[i] for i, j in pairs])))
    expected = sum(size * rate for size, rate in other) / 9
    assert np.isclose(found.mean(), np.mean(own) - expected)


def test_strata_are_those_of_the_problems_that_are_kept():
    none = Problem(question="How many?", gold="3")
    problems = [ONES[0], none, SHORT[0]]
    answers = run(problems, [True] * 3)
    values, _ = traces_and_answers(saying(problems, [[["so"]]] * 3), answers, top=1)
    assert len(values) == 2
    assert strata_of_traces(answers, ("n_operations",)) == {"n_operations": [3.0, 1.0]}


def test_bridges_are_the_results_before_the_last_of_problems_of_a_length():
    said = [[[results(each)[0]], [results(each)[1]]] for each in ONES]
    assert whole_bridges(saying(ONES, said), ONES, steps=(3,), top=1).tolist() == [1.0] * 8
    with pytest.raises(StatisticsError, match="nothing can be shuffled"):
        whole_bridges(saying(ONES, said), ONES, steps=(2, 4), top=1)
    half = [[[results(each)[0]], ["so"]] for each in ONES]
    assert whole_bridges(saying(ONES, half), ONES, steps=(3,), top=1).tolist() == [0.0] * 8


def test_shares_of_bridges_by_length():
    longer = [problem(50 + k, 3, 5, 7, 9) for k in range(2)]
    problems = [*ONES[:2], *longer, *SHORT[:1]]
    said = [[[results(each)[0]]] for each in problems]
    shares, few = bridges_and_length(saying(problems, said), problems, few=3, top=1)
    np.testing.assert_allclose(shares, [0.5, 0.5, 1 / 3, 1 / 3])
    assert few == [True, True, False, False]


def alternating(pattern, problems=ONES):
    """The mean where thoughts say the first result exactly where the pattern has a 1."""
    said = [[[results(each)[0] if says else "so"] for says in pattern] for each in problems]
    return even_above_odd(saying(problems, said), problems).mean()


def test_even_thoughts_against_the_thoughts_beside_them():
    assert alternating([1, 0, 1, 0, 1, 0]) == 1.0
    assert alternating([0, 1, 0, 1, 0, 1]) == -1.0
    assert alternating([1, 1, 1, 1, 1, 1]) == 0.0
    # By hand: CT1 against CT0 and CT2 is -(0 - 1/2), the three others are 0.
    assert alternating([1, 0, 0, 0, 0, 0]) == 0.125


def test_what_rises_evenly_is_no_alternation():
    """A rate that falls from thought to thought favours CT0 over CT1, and so on: only the neighbours cancel that."""
    draws = [[[results(each)[0] if number < 8 - k else "so"] for k in range(6)] for number, each in enumerate(ONES)]
    assert np.isclose(even_above_odd(saying(ONES, draws), ONES).mean(), 0.0)


def test_what_is_refused():
    with pytest.raises(PairingError, match="not those that were measured"):
        whole_bridges(saying(LONG[:2], [[["so"]]] * 2), LONG[1::-1], steps=(3,), top=1)
    yes = [Problem(question=f"Is {k} even?", gold="yes", kind="boolean") for k in range(2)]
    with pytest.raises(AnswerKindError, match="answered by a number"):
        bridges_and_length(saying(yes, [[["so"]]] * 2), yes, few=3, top=1)
    with pytest.raises(StatisticsError, match="at least three"):
        even_above_odd(saying(ONES, [[["so"]] * 2] * 8), ONES)
