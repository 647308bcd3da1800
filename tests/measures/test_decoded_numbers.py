from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from ctlab.errors import PairingError, StatisticsError
from ctlab.measures import decoded_beyond_chance, decoded_change
from ctlab.measures.decoded_numbers import decoded_numbers, intermediates
from ctlab.problems import Problem
from tests.probes.measured import make


def chain(*numbers):
    """A problem that adds numbers one after another."""
    total, steps = numbers[0], []
    for number in numbers[1:]:
        steps.append(f"It is {total} + {number} = <<{total}+{number}={total + number}>>{total + number}.")
        total += number
    question = f"What is the sum of {', '.join(map(str, numbers))}?"
    return Problem(question=question, solution=" ".join(steps) + f"\n#### {total}", gold=total)


ONE, TWO, THREE = chain(2, 3), chain(4, 5, 6), chain(7, 8, 9, 10)
TWICE = chain(10, 20, 30)
ALSO = chain(4, 6, 7)


def saying(problems, said, condition="baseline"):
    """A measurement whose thoughts say these texts."""
    found = make(0, n=len(problems), thoughts=len(said[0]), condition=condition)
    words = sorted({text for row in said for text in row})
    ids = np.zeros_like(found.decoded_ids)
    ids[:, :, 0] = [[words.index(text) for text in row] for row in said]
    return replace(
        found,
        problem_ids=tuple(problem.id for problem in problems),
        decoded_ids=ids,
        vocabulary=dict(enumerate(words)),
    )


def test_intermediates_are_calculated_and_not_the_answer():
    assert intermediates(ONE) == frozenset()
    assert intermediates(TWO) == {9}
    assert intermediates(THREE) == {15, 24}
    assert intermediates(Problem(question="How many?", gold=3)) == frozenset()
    stated = chain(4, 5, 9)  # 4 + 5 is 9, which the question states as well
    assert intermediates(stated) == frozenset()


def test_a_number_is_the_text_of_the_first_token():
    found = saying([TWO], [("9", " 9", "nine", "1,200", "9 apples", "-3")])
    assert decoded_numbers(found) == [(9, 9, None, 1200, None, -3)]


def test_beyond_chance_by_hand():
    # Each of TWO and TWICE has one intermediate, 9 and 30 (which TWICE states: none), ALSO has 10.
    assert intermediates(TWICE) == frozenset()
    problems = [ONE, TWO, ALSO, TWICE]
    found = saying(problems, [("9", "10"), ("9", "10"), ("10", "10"), ("9", "9")])
    # m(TWO, TWO) = 1/2, m(ALSO, ALSO) = 1, m(TWO, ALSO) = 1/2, m(ALSO, TWO) = 0; U = 1/4
    numbers = decoded_beyond_chance(found, problems)
    assert numbers == pytest.approx([1 / 2 - 1 / 2 - 0 + 1 / 4, 1 - 0 - 1 / 2 + 1 / 4])
    assert numbers.mean() == pytest.approx(3 / 4 - 1 / 4)


def test_the_expectation_is_that_of_all_derangements():
    problems = [chain(a, b, 50) for a, b in ((1, 2), (3, 4), (5, 6), (7, 8), (10, 12))]
    said = np.random.default_rng(0).choice(["3", "7", "11", "15", "22", "x"], (5, 6)).tolist()
    found = saying(problems, said)
    results = [str(next(iter(intermediates(problem)))) for problem in problems]

    def share(order):
        return np.mean([text == results[other] for row, other in zip(said, order, strict=True) for text in row])

    orders = permutations(range(5))
    shuffled = [share(order) for order in orders if all(place != other for place, other in enumerate(order))]
    assert len(shuffled) == 44
    assert decoded_beyond_chance(found, problems).mean() == pytest.approx(share(range(5)) - np.mean(shuffled))


def test_problems_are_shuffled_among_those_with_as_many_intermediates():
    problems = [TWO, ALSO, THREE]  # THREE is alone with two
    found = saying(problems, [("9", "x"), ("10", "x"), ("15", "24")])
    assert len(decoded_beyond_chance(found, problems)) == 2
    with pytest.raises(StatisticsError, match="equally many intermediate results"):
        decoded_beyond_chance(saying([TWO, THREE], [("9",), ("15",)]), [TWO, THREE])


def test_noise_that_knows_nothing_of_the_problem_is_no_finding():
    generator = np.random.default_rng(1)
    problems = [
        chain(int(a), int(b), 99) for a, b in {tuple(generator.integers(1, 40, 2).tolist()) for _ in range(300)}
    ]
    said = generator.integers(2, 80, (len(problems), 6)).astype(str).tolist()
    numbers = decoded_beyond_chance(saying(problems, said), problems)
    assert abs(numbers.mean()) < 3 * numbers.std(ddof=1) / len(numbers) ** 0.5


def test_change_counts_thoughts_that_can_change():
    problems = [ONE, TWO, ALSO]
    before = saying(problems, [("9",) * 4, ("9", "9", "9", "x"), ("10", "10", "10", "10")])
    after = saying(problems, [("9",) * 4, ("x", "x", "x", "9"), ("x", "x", "x", "10")], "ct0_blocked")
    # CT2 and CT3 count: TWO 1 of 2 and then 1 of 2; ALSO 2 of 2 and then 1 of 2
    assert decoded_change(before, after, problems) == pytest.approx([0.0, -0.5])


def test_bad_input():
    found = saying([TWO, ALSO], [("9", "x"), ("9", "x")])
    with pytest.raises(PairingError, match="must be the same, in the same order"):
        decoded_beyond_chance(found, [ALSO, TWO])
    with pytest.raises(StatisticsError, match="leave nothing to compare after CT0"):
        decoded_change(found, found, [TWO, ALSO])
