import numpy as np
import pytest

from ctlab.errors import StatisticsError
from ctlab.statistics import additivity, main_effect
from ctlab.statistics.contrasts import resampled
from ctlab.statistics.contrasts.resampled import Resampled
from tests.statistics.fake_runs import FakeRun, Question, labels

CLAIM = Question("increase", alpha=0.05)
NAMES = ("neither", "first", "second", "both")


def runs(columns):
    return [FakeRun(name, labels(list(map(bool, column)))) for name, column in zip(NAMES, columns, strict=True)]


def drawn(seed, n, cells):
    """Four runs of n problems: ``cells`` are kinds of problems, each with its share and its four answers."""
    shares, answers = zip(*cells, strict=True)
    kinds = np.random.default_rng(seed).choice(len(shares), size=n, p=shares)
    return np.array(answers)[kinds].T


def test_the_effects_are_those_of_the_rates():
    columns = [[1] * 50 + [0] * 50, [1] * 70 + [0] * 30, [1] * 60 + [0] * 40, [1] * 90 + [0] * 10]
    effect = main_effect(*runs(columns), CLAIM)
    assert effect.estimate == pytest.approx((0.2 + 0.3) / 2)
    assert effect.details["simple"] == pytest.approx({"without second": 0.2, "with second": 0.3})
    estimates = {name: each["estimate"] for name, each in effect.details["simultaneous"].items()}
    assert estimates == pytest.approx({"first": 0.25, "second": 0.15, "interaction": 0.1})
    assert estimates["interaction"] == pytest.approx(additivity(*runs(columns), CLAIM).estimate)


def test_exchanging_the_factors_exchanges_their_effects():
    columns = drawn(1, 300, [(0.3, (0, 1, 0, 1)), (0.2, (1, 1, 0, 0)), (0.1, (0, 0, 0, 1)), (0.4, (1, 1, 1, 1))])
    one = main_effect(*runs(columns), CLAIM)
    neither, first, second, both = columns
    other = main_effect(*runs([neither, second, first, both]), CLAIM)
    assert one.details["simultaneous"]["second"] == other.details["simultaneous"]["first"]
    assert one.details["simultaneous"]["interaction"] == other.details["simultaneous"]["interaction"]


def exact(contrasts):
    """The distribution of a resampled sum, by convolution of what one problem gives: no draw, and none of our code."""
    one = np.bincount(np.array(contrasts) + 2, minlength=5) / len(contrasts)
    whole = np.array([1.0])
    for _ in contrasts:
        whole = np.convolve(whole, one)
    return np.arange(len(whole)) - 2 * len(contrasts), whole


@pytest.mark.parametrize("seed", range(4))
def test_interval_and_p_are_those_of_the_whole_bootstrap_distribution(seed):
    columns = drawn(seed, 80, [(0.3, (0, 1, 0, 1)), (0.25, (1, 0, 0, 1)), (0.2, (0, 0, 1, 0)), (0.25, (1, 1, 0, 0))])
    neither, first, second, both = columns
    effect = main_effect(*runs(columns), CLAIM)
    sums, chances = exact(first - neither + both - second)
    below = np.cumsum(chances)
    assert effect.p_value == pytest.approx(below[sums <= 0][-1], abs=4 * np.sqrt(0.25 / 20_000))
    for end, part in ((effect.low, 0.05), (effect.high, 0.95)):
        at = below[np.searchsorted(sums, round(end * 160))]
        before = below[np.searchsorted(sums, round(end * 160)) - 1]
        assert before - 0.01 <= part <= at + 0.01, "the end is the step of the distribution in which the part lies"


def test_the_three_intervals_are_each_at_a_third_of_what_they_may_miss_together():
    columns = drawn(1, 80, [(0.3, (0, 1, 0, 1)), (0.25, (1, 0, 0, 1)), (0.2, (0, 0, 1, 0)), (0.25, (1, 1, 0, 0))])
    neither, first, second, both = columns
    found = main_effect(*runs(columns), CLAIM).details["simultaneous"]
    sums, chances = exact(first - neither + both - second)
    below = np.cumsum(chances)
    for end, part in ((found["first"]["low"], 0.025 / 3), (found["first"]["high"], 1 - 0.025 / 3)):
        place = np.searchsorted(sums, round(end * 160))
        assert below[place - 1] - 0.003 <= part <= below[place] + 0.003


NULL = [(0.25, (0, 1, 1, 0)), (0.25, (1, 0, 0, 1)), (0.15, (0, 1, 1, 1)), (0.15, (1, 0, 1, 1)), (0.2, (1, 1, 0, 0))]
"""No main effect of the first factor, and nothing that a textbook asks for: its two differences are exact opposites in
half of the problems, the variances of all four cells differ, and no two answers of a problem are independent."""


@pytest.mark.slow
def test_under_a_null_without_any_assumption_alpha_holds_and_the_three_intervals_cover_together(monkeypatch):
    monkeypatch.setattr(resampled, "BOOTSTRAPS", 2_000)  # p is then known to .005, a tenth of α
    n, trials, alpha, false, covered = 150, 300, 0.05, 0, 0
    shares, answers = np.array([share for share, _ in NULL]), np.array([each for _, each in NULL])
    neither, first, second, both = shares @ answers
    true = {
        "first": (first - neither + both - second) / 2,
        "second": (second - neither + both - first) / 2,
        "interaction": both - second - first + neither,
    }
    assert true["first"] == pytest.approx(0.0)
    for seed in range(trials):
        effect = main_effect(*runs(drawn(seed, n, NULL)), CLAIM)
        false += effect.p_value <= alpha and effect.low > 0
        intervals = effect.details["simultaneous"]
        covered += all(intervals[name]["low"] <= value <= intervals[name]["high"] for name, value in true.items())
    # Three standard errors: 3.8 points of 300 trials around 5 %.
    assert false / trials <= alpha + 3 * np.sqrt(alpha * (1 - alpha) / trials)
    assert covered / trials >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / trials)


def test_sides_and_margin():
    columns = drawn(3, 200, [(0.5, (0, 1, 0, 1)), (0.5, (1, 1, 1, 1))])
    assert main_effect(*runs(columns), Question("decrease")).p_value > 0.99
    assert main_effect(*runs(columns), Question("change")).level == pytest.approx(0.95)
    assert main_effect(*runs(columns), Question("increase", margin=0.3)).p_value < 0.01
    assert main_effect(*runs(columns), Question("increase", margin=0.7)).p_value > 0.9
    swapped = runs(columns[[1, 0, 3, 2]])  # the factor lowers the rate by as much as it raised it
    assert main_effect(*swapped, Question("decrease", margin=0.3)).p_value < 0.01
    assert main_effect(*swapped, Question("decrease", margin=0.7)).p_value > 0.9
    with pytest.raises(StatisticsError, match="no margin"):
        main_effect(*runs(columns), Question("change", margin=0.2))


def test_a_side_that_no_problem_shows_is_not_known_to_be_nothing():
    effect = main_effect(*runs([[1] * 100] * 4), CLAIM)
    assert effect.estimate == 0.0
    assert effect.low < 0.0 < effect.high


def test_a_step_scales_what_is_resampled_and_nothing_else():
    numbers = [0, 1, 1, 2, -1] * 20
    whole, half = Resampled(contrasts=numbers), Resampled(contrasts=numbers, step=0.5)
    assert half.estimate == whole.estimate / 2
    assert half.interval(0.05) == pytest.approx(tuple(end / 2 for end in whole.interval(0.05)))
    assert half.p_value("less", 0.25) == whole.p_value("less", 0.5)
