"""The second look: candidates are chosen on one sample and judged on other problems, by the paired test."""

from dataclasses import dataclass, field
from random import Random
from types import SimpleNamespace

import pytest

from ctlab.problems import load_problems
from ctlab.records import Generation
from ctlab.reproduction.accusation import Tried, compared
from ctlab.reproduction.asked import asked_by_gold
from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.second_look import LEAST, second_look
from ctlab.reproduction.trial import AS_GIVEN, Trial
from ctlab.reproduction.variant import Variant

ASKED = tuple(map(asked_by_gold, load_problems("tiny").problems[:800]))
# A schedule that the teacher-forced pass has no way through: answers alone decide.
MODEL = SimpleNamespace(program=SimpleNamespace(schedule=object(), stop=object()))


@dataclass(frozen=True)
class FakeBench:
    """Answers without a model: a variant is right where a number that each problem has lies below its share."""

    asked: tuple
    shares: dict = field(default_factory=dict)
    model: SimpleNamespace = field(default_factory=lambda: MODEL)

    def answer(self, variant, given=()):
        share = self.shares[variant.change]
        right = tuple(Random(each.problem.id).random() < share for each in self.asked)
        answers = tuple(Generation(problem_id=each.problem.id, token_ids=(1,), text="2") for each in self.asked)
        return Trial(answers=answers, right=right, ended=len(right))


def looked_again(shares, gap, asked=ASKED, sample=100, **of_variant):
    bench = FakeBench(asked=tuple(asked[:sample]), shares=shares)
    case = Case(bench=bench, given=bench.answer(AS_GIVEN), load=None)
    tried = []
    for change in shares:
        if change != AS_GIVEN.change:
            variant = Variant(change=change, remedy="write it", **of_variant)
            trial = bench.answer(variant)
            cause = Cause(name=change, title=change, look=lambda case: Looked())
            tried.append(Tried(cause=cause, variant=variant, trial=trial, p=compared(case.given, trial)))
    return second_look(case, tried, asked, gap=gap, seed=1)


def names(again):
    return [each.cause.name for each in again.accused]


def test_four_points_are_named_on_problems_that_nobody_was_chosen_by():
    again = looked_again({"as given": 0.71, "scale": 0.75, "thoughts": 0.70}, gap=0.04)
    assert names(again) == ["scale"]
    assert again.n == 700
    assert len(again.given.right) == again.n
    sample = {each.problem.id for each in ASKED[:100]}
    assert not sample & {answer.problem_id for answer in again.given.answers}


@pytest.mark.parametrize(
    ("better", "gap"),
    [
        (0.715, 0.01),  # half a point, whatever is missing: two settings of a sound model differ by more
        (0.75, 0.12),  # a third of what is missing does not explain it
        (0.71, 0.04),
    ],
)
def test_what_gains_too_little_is_not_named(better, gap):
    again = looked_again({"as given": 0.71, "scale": better}, gap=gap)
    assert again is None or names(again) == []


def test_of_candidates_that_are_better_by_chance_none_is_named():
    """Noise: a hundred variants of equal worth, of which the luckiest on the sample are asked again."""

    class Noise(FakeBench):
        def answer(self, variant, given=()):
            right = tuple(Random(each.problem.id + variant.change).random() < 0.5 for each in self.asked)
            made = super().answer(AS_GIVEN)
            return Trial(answers=made.answers, right=right, ended=made.ended)

    bench = Noise(asked=ASKED[:100], shares={"as given": 0.5})
    case = Case(bench=bench, given=bench.answer(AS_GIVEN), load=None)
    tried = []
    for number in range(100):
        variant = Variant(change=f"variant {number}", remedy="")
        trial = bench.answer(variant)
        cause = Cause(name=variant.change, title="", look=lambda case: Looked())
        tried.append(Tried(cause=cause, variant=variant, trial=trial, p=compared(case.given, trial)))
    lucky = max(each.trial.count - case.given.count for each in tried)
    assert lucky >= 5, "the luckiest would pass for better by its gain on the sample"
    again = second_look(case, tried, ASKED, gap=0.04, seed=1)
    assert len(again.tried) == 3
    assert names(again) == []


def test_too_few_other_problems_and_no_candidate_are_no_second_look():
    shares = {"as given": 0.5, "scale": 0.6}
    assert looked_again(shares, gap=0.1, asked=ASKED[: 100 + LEAST - 1]) is None
    assert looked_again({"as given": 0.6, "scale": 0.5}, gap=0.1) is None
    assert looked_again(shares, gap=0.1, bypass=True) is None
