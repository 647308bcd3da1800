"""Who is accused: the rule alone, on counts that are made up."""

from dataclasses import replace

import pytest
from scipy.stats import binomtest

from ctlab.records import Generation
from ctlab.reproduction.accusation import LEVEL, Tried, accused, compared
from ctlab.reproduction.case import Cause, Finding, Looked
from ctlab.reproduction.trial import Trial
from ctlab.reproduction.variant import Variant


def cause(name):
    return Cause(name=name, title=name, look=lambda case: Looked())


def trial(right, likely=None):
    answers = tuple(Generation(problem_id=str(k), token_ids=(1, 2), text="2") for k in range(len(right)))
    scores = None if likely is None else (likely,) * len(right)
    return Trial(answers=answers, right=tuple(right), ended=len(right), log_probability=scores)


def marks(right, n=100):
    return [k < right for k in range(n)]


def tried(name, given, made):
    return Tried(
        cause=cause(name), variant=Variant(change=name, remedy="write it"), trial=made, p=compared(given, made)
    )


def names(accusations):
    return [each.cause.name for each in accusations]


@pytest.mark.parametrize(("before", "after"), [(10, 25), (40, 41), (30, 30), (50, 20)])
def test_the_test_is_the_exact_one(before, after):
    given, made = trial(marks(before)), trial(marks(after))
    changed = abs(after - before)
    gained = max(0, after - before)
    # scipy.stats.binomtest(gained, discordant, alternative="greater")
    expected = binomtest(gained, changed, alternative="greater").pvalue if changed else 1.0
    assert compared(given, made) == pytest.approx(expected)


def test_the_level_is_shared_by_all_variants_that_were_tried():
    given = trial(marks(40))
    better = tried("scale", given, trial(marks(50)))  # p = 1/1024
    assert better.p == 2**-10
    assert names(accused(given, [better], [], gap=None)) == ["scale"]
    idle = [tried(f"idle{k}", given, given) for k in range(int(LEVEL * 2**10))]
    assert accused(given, [better, *idle], [], gap=None) == ()


def test_what_explains_little_of_the_shortfall_is_not_accused():
    given = trial(marks(20))
    better = tried("scale", given, trial(marks(40)))
    assert names(accused(given, [better], [], gap=0.35)) == ["scale"]
    assert accused(given, [better], [], gap=0.45) == ()


def test_a_sound_model_that_a_variant_betters_by_a_few_points_is_left_alone():
    given = trial(marks(400, 1000))
    assert accused(given, [tried("thoughts", given, trial(marks(445, 1000)))], [], gap=None) == ()


def test_two_causes_that_cannot_be_told_apart_are_both_named():
    given, same = trial(marks(20)), marks(60)
    both = [tried("rows", given, trial(same)), tried("eos", given, trial(same))]
    assert sorted(names(accused(given, both, [], gap=None))) == ["eos", "rows"]
    apart = [tried("rows", given, trial(same, likely=-2.0)), tried("eos", given, trial(same, likely=-1.0))]
    assert names(accused(given, apart, [], gap=None)) == ["eos"]


def test_changes_of_one_cause_that_are_alike_are_one_accusation():
    given = trial(marks(20))
    both = [tried("thoughts", given, trial(marks(60))), tried("thoughts", given, trial(marks(59)))]
    (accusation,) = accused(given, both, [], gap=None)
    assert accusation.tried is both[0]
    assert accusation.alike == (both[1],)


def test_of_few_expected_answers_all_must_come_out():
    given = trial(marks(1, 6))
    whole, most = tried("scale", given, trial(marks(6, 6))), tried("eos", given, trial(marks(5, 6)))
    assert names(accused(given, [most, whole], [], gap=None, tokens=96)) == ["scale"]
    assert accused(given, [most], [], gap=None, tokens=96) == ()
    assert accused(given, [whole], [], gap=None, tokens=12) == (), "so few tokens can be hit by chance"


def test_what_can_be_seen_needs_no_test():
    finding = Finding(says="rows of words", remedy="resize")
    (accusation,) = accused(trial(marks(20)), [], [(cause("vocabulary"), finding)], gap=None)
    assert accusation.remedy == "resize"


def test_a_variant_that_the_model_cannot_be_is_left_out():
    given = trial(marks(20))
    absent = Tried(cause=cause("thoughts"), variant=Variant(change="12", remedy=""), trial=None, why="no room")
    assert accused(given, [absent], [], gap=0.5) == ()


def test_among_equals_the_usual_change_is_named():
    given = trial(marks(20))
    seven, six = (tried("thoughts", given, trial(marks(right))) for right in (60, 59))
    six = replace(six, variant=replace(six.variant, usual=True))
    (accusation,) = accused(given, [seven, six], [], gap=None)
    assert accusation.tried is six
    assert accusation.alike == (seven,)


@pytest.mark.parametrize(("by_model", "accuses"), [(60, ["eos"]), (40, ["extraction"])])
def test_a_reading_is_not_accused_where_a_change_of_the_model_does_as_well(by_model, accuses):
    given = trial(marks(20))
    reading = tried("extraction", given, trial(marks(60)))
    reading = replace(reading, variant=replace(reading.variant, reading=str))
    assert names(accused(given, [reading, tried("eos", given, trial(marks(by_model)))], [], gap=None)) == accuses


def going_round(given, made):
    each = tried("projection", given, made)
    return replace(each, variant=replace(each.variant, bypass=True))


def test_what_goes_round_a_fault_accuses_where_nothing_mends_it():
    given = trial(marks(20))
    written = going_round(given, trial(marks(75)))
    assert names(accused(given, [written], [], gap=0.5)) == ["projection"]
    mended = tried("eos", given, trial(marks(60)))
    assert names(accused(given, [written, mended], [], gap=0.5)) == ["eos"]


@pytest.mark.parametrize(("before", "gap"), [(20, None), (20, 0.04), (40, 0.36)])
def test_what_goes_round_accuses_no_model_that_does_as_published_or_half_as_well(before, gap):
    given = trial(marks(before))
    assert accused(given, [going_round(given, trial(marks(75)))], [], gap=gap) == ()
