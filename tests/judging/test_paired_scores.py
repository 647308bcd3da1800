"""Effects of paired scores, held against other libraries and against counting every case."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.judge import NULLS, enumerated_error, errors_of
from ctlab.judging.paired_scores import PairedScores, effect_of
from ctlab.judging.question import differ, parse

DIFFER = differ("A", "B")


def table(lost, gained, both, neither):
    before = [(1.0,)] * (lost + both) + [(0.0,)] * (gained + neither)
    after = [(0.0,)] * lost + [(1.0,)] * (both + gained) + [(0.0,)] * neither
    return PairedScores.of(before, after)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 30), st.integers(1, 30))
@settings(max_examples=30, deadline=None)
def test_the_test_of_a_difference_is_the_exact_mcnemar_test_of_statsmodels(lost, gained, both, neither):
    from statsmodels.stats.contingency_tables import mcnemar

    effect = effect_of(DIFFER, table(lost, gained, both, neither), 0.05)
    if lost + gained:
        assert effect.p_value == pytest.approx(mcnemar([[both, lost], [gained, neither]], exact=True).pvalue)
    assert (effect.lost, effect.gained, effect.n) == (lost, gained, lost + gained + both + neither)
    assert effect.estimate == pytest.approx((gained - lost) / effect.n)


@pytest.mark.parametrize(("lost", "gained"), [(0, 1), (1, 4), (3, 3), (2, 9), (10, 0)])
def test_p_is_the_share_of_all_ways_to_toss_what_changed(lost, gained):
    total = lost + gained
    as_far = sum(abs(2 * sum(way) - total) >= abs(gained - lost) for way in product((0, 1), repeat=total))
    assert effect_of(DIFFER, table(lost, gained, 5, 5), 0.05).p_value == pytest.approx(as_far / 2**total)


@given(st.lists(st.sampled_from([(0, 0), (0, 1), (1, 0), (1, 1)]), min_size=2, max_size=80), st.integers(2, 5))
@settings(max_examples=15, deadline=None)
def test_repeats_that_say_the_same_change_nothing(pairs, times):
    """Twice the answers of the same problems are no more problems: p and interval are those of two repeats."""
    effects = [
        effect_of(
            DIFFER,
            PairedScores.of([(float(a),) * count for a, _ in pairs], [(float(b),) * count for _, b in pairs]),
            0.05,
        )
        for count in (2, 2 * times)
    ]
    assert effects[0].n == effects[1].n == len(pairs)
    assert effects[0].p_value == pytest.approx(effects[1].p_value)
    assert (effects[0].low, effects[0].high) == pytest.approx((effects[1].low, effects[1].high))


@pytest.mark.parametrize(("gained", "n"), [(3, 60), (23, 60), (1, 200), (0, 50)])
def test_the_interval_of_few_that_differ_ends_where_clopper_and_pearson_do(gained, n):
    """Differences of 0 and 1 at the upper bound are a binomial count, of which the exact limit is known."""
    from scipy.stats import binomtest

    scores = PairedScores.of([(0.0, 0.0)] * n, [(1.0, 1.0)] * gained + [(0.0, 0.0)] * (n - gained))
    effect = effect_of(DIFFER, scores, 0.05)
    assert effect.high == pytest.approx(binomtest(gained, n).proportion_ci(0.95, method="exact").high, abs=1e-6)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=5, max_size=60))
@settings(max_examples=15, deadline=None)
def test_the_interval_of_repeats_holds_the_mean_and_turns_with_the_files(pairs):
    sides = [[(float(v > 0), float(v > 1), float(v > 2)) for v in side] for side in zip(*pairs, strict=True)]
    effect = effect_of(DIFFER, PairedScores.of(*sides), 0.05)
    turned = effect_of(DIFFER, PairedScores.of(sides[1], sides[0]), 0.05)
    assert effect.estimate == pytest.approx(sum(b - a for a, b in pairs) / 3 / len(pairs))
    assert effect.low <= effect.estimate <= effect.high
    assert (effect.low, effect.high) == pytest.approx((-turned.high, -turned.low), abs=1e-6)
    assert effect.p_value == pytest.approx(turned.p_value, abs=1e-6)


def test_where_many_differ_alike_it_is_students_test():
    """Without skewness the mean is tested by Student's t, as scipy does."""
    from scipy.stats import ttest_1samp

    thirds = [-2, -1, 1, 2, 0, 1, -1, 0] * 10
    sides = (
        [(1.0,) * max(-d, 0) + (0.0,) * (3 - max(-d, 0)) for d in thirds],
        [(1.0,) * max(d, 0) + (0.0,) * (3 - max(d, 0)) for d in thirds],
    )
    shifted = parse("B not worse than A by 5", "AB", "A")
    effect = effect_of(shifted, PairedScores.of(*sides), 0.05)
    oracle = ttest_1samp([d / 3 for d in thirds], -0.05, alternative="greater")
    assert effect.p_value == pytest.approx(oracle.pvalue)
    assert effect.low == pytest.approx(oracle.confidence_interval(0.95).low)


@pytest.mark.parametrize("text", ["B not worse than A by 10", "A not worse than B by 10", "A and B within 10"])
def test_p_and_interval_of_a_margin_agree(text):
    asked = parse(text, "AB", "A")
    for lost, gained, single in product((0, 7, 20, 38), (0, 9, 30), (True, False)):
        scores = table(lost, gained, 60, 200 - 60 - lost - gained)
        if not single:
            scores = PairedScores(scores.before, scores.after, single=False)
        effect = effect_of(asked, scores, 0.05)
        inside = {
            "greater": effect.low > effect.boundary,
            "less": effect.high < effect.boundary,
            "equivalence": -effect.boundary < effect.low and effect.high < effect.boundary,
        }[asked.alternative]
        assert (effect.p_value < 0.05) == inside, (lost, gained, single, effect)


def test_not_worse_is_one_of_the_two_tests_of_an_equivalence():
    scores = table(12, 7, 30, 51)
    both = effect_of(parse("A and B within 8", "AB", "A"), scores, 0.05)
    sides = [effect_of(parse(f"{text} by 8", "AB", "A"), scores, 0.05) for text in ("B not worse", "A not worse")]
    assert max(side.p_value for side in sides) == both.p_value


@pytest.mark.parametrize("rate", [0.05, 0.08, 0.15])
def test_not_worse_errs_hardly_more_often_than_it_says(rate):
    """By counting every table of 50 problems; docs/judge.md has more of them."""
    assert enumerated_error(50, rate) <= 1.3 * 0.05


@pytest.mark.parametrize(
    "null",
    [pytest.param(null, marks=pytest.mark.long if at == 3 else pytest.mark.slow) for at, null in enumerate(NULLS[:6])],
)
def test_repeats_err_no_more_often_than_they_say(null):
    """Of 1,000 samples 5 % are 50 ± 7; docs/judge.md has the whole table."""
    assert errors_of(null, 1000)["one mean a problem"] <= 0.071
