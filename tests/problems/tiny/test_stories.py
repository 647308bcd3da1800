"""Embedded problems: exact, unambiguous, varied, and none of the test problems' chains in training."""

import random
import re
from collections import Counter

import pytest

from ctlab.problems.tiny import embedded_set as test_set
from ctlab.problems.tiny import templates
from ctlab.problems.tiny.stories import LARGEST, OPERATIONS, draw

CALCULATE = {"+": int.__add__, "-": int.__sub__, "*": int.__mul__, "/": int.__floordiv__}


@pytest.mark.parametrize("operations", OPERATIONS)
def test_every_step_is_true_needed_and_in_range(operations):
    rng = random.Random(operations)
    for _ in range(300):
        story = draw(rng, operations)
        assert len(story.equations) == operations
        read_later = []
        for step in story.equations:
            assert CALCULATE[step.op](step.left, step.right) == step.result
            assert step.op != "/" or step.left % step.right == 0
            assert 1 <= step.result <= LARGEST
            read_later += [step.left, step.right]
        for step in story.equations[:-1]:
            assert step.result in read_later, story
        assert story.gold not in [step.result for step in story.equations[:-1]]
        assert str(story.gold) not in re.findall(r"\d+", story.question)


def test_drawing_again_gives_the_same_story():
    assert draw(random.Random(3), 4) == draw(random.Random(3), 4)


def test_shipped_file_is_what_the_generator_draws():
    drawn = [{"question": story.question, "answer": story.solution} for story in test_set.stories()]
    assert drawn == test_set.rows()


def test_shipped_problems_are_stratified_distinct_and_shuffled():
    rows = test_set.rows()
    operations = [row["answer"].count("<<") for row in rows]
    assert len(rows) == 1319
    assert Counter(operations) == {1: 264, 2: 264, 3: 264, 4: 264, 5: 263}
    assert len({row["question"] for row in rows}) == 1319
    assert len(test_set.chains()) == 1319
    # A limit is a fair sample: the first 250 hold about 50 of each number of operations.
    assert all(30 <= count <= 70 for count in Counter(operations[:250]).values())


def test_language_is_varied_enough():
    steps = len(templates.CHANGES) + len(templates.COMPARISONS) + len(templates.PRODUCT_STARTS)
    assert steps + len(templates.SHARE_STARTS) + len(templates.MERGES) >= 40
    assert all(template.op in CALCULATE for template in templates.CHANGES + templates.COMPARISONS)
