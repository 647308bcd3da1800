import numpy as np
import pytest
from scipy import stats

from ctlab.errors import StatisticsError
from ctlab.statistics import over_seeds, paired_difference
from tests.statistics.fake_runs import FakeRun, Question, labels

CLAIM = Question("increase", alpha=0.05)


def runs(columns):
    return [FakeRun(f"seed{k}", labels(list(map(bool, column)))) for k, column in enumerate(columns)]


def trained(generator, rates, n, hard=0.0):
    """Answers of seeds with these rates to n problems, of which some are harder for all of them."""
    shift = generator.normal(0.0, hard, n) if hard else np.zeros(n)
    return [generator.random(n) < np.clip(rate + shift, 0.0, 1.0) for rate in rates]


def test_the_estimate_is_the_difference_of_the_means_over_seeds():
    effect = over_seeds(runs([[1, 0] * 50, [1] * 100, [1] * 90 + [0] * 10, [1] * 100]), CLAIM)
    assert effect.estimate == pytest.approx((0.9 + 1.0) / 2 - (0.5 + 1.0) / 2)
    assert effect.details["seeds"] == 2
    assert "2 and 2 seeds" in effect.method


@pytest.mark.parametrize("seeds", [2, 3, 5])
def test_of_many_problems_it_is_welch_s_statistic_of_the_seeds_on_one_recipe_s_degrees_of_freedom(seeds):
    generator = np.random.default_rng(seeds)
    before, after = generator.uniform(0.4, 0.6, seeds), generator.uniform(0.45, 0.65, seeds)
    columns = trained(generator, [*before, *after], 40_000)
    effect = over_seeds(runs(columns), CLAIM)
    rates = [column.mean() for column in columns]
    welch = stats.ttest_ind(rates[seeds:], rates[:seeds], equal_var=False, alternative="greater")
    assert effect.p_value == pytest.approx(stats.t.sf(welch.statistic, seeds - 1), rel=0.03, abs=0.002)
    assert effect.p_value >= welch.pvalue or welch.statistic < 0.5
    error = effect.estimate / welch.statistic
    assert effect.low == pytest.approx(max(-1.0, effect.estimate - stats.t.ppf(0.95, seeds - 1) * error), abs=0.01)


def test_the_variance_is_that_of_both_written_out():
    generator = np.random.default_rng(7)
    columns = np.array(trained(generator, [0.5, 0.6, 0.4, 0.7, 0.8, 0.75], 120, hard=0.2)).astype(float)
    before, after = columns[:3], columns[3:]
    parts = []
    for arm in (before, after):
        chance = (arm.var(axis=0, ddof=1) / 120).mean()
        parts.append(max(arm.mean(axis=1).var(ddof=1), chance) / 3)
    parts.append((after.mean(axis=0) - before.mean(axis=0)).var(ddof=1) / 120)
    freedom = sum(parts) ** 2 / ((parts[0] + parts[1]) ** 2 / 2 + parts[2] ** 2 / 119)
    estimate = after.mean() - before.mean()
    reach = stats.t.ppf(0.95, freedom) * np.sqrt(sum(parts))
    effect = over_seeds(runs(columns), CLAIM)
    assert (effect.low, effect.high) == pytest.approx((estimate - reach, estimate + reach))
    assert effect.p_value == pytest.approx(stats.t.sf(estimate / np.sqrt(sum(parts)), freedom))


def test_a_decrease_beyond_a_margin_is_the_mirror_of_an_increase():
    columns = trained(np.random.default_rng(3), [0.4, 0.5, 0.45, 0.75, 0.8, 0.7], 150)
    up = over_seeds(runs(columns), Question("increase", margin=0.1, alpha=0.05))
    down = over_seeds(runs([*columns[3:], *columns[:3]]), Question("decrease", margin=0.1, alpha=0.05))
    assert (up.boundary, down.boundary) == (0.1, -0.1)
    assert down.p_value == pytest.approx(up.p_value)
    assert (down.low, down.high) == pytest.approx((-up.high, -up.low))
    assert 0.001 < over_seeds(runs(columns), CLAIM).p_value < up.p_value < 0.05


@pytest.mark.parametrize(("seeds", "other"), [(2, 0.04), (2, 0.0), (3, 0.04), (5, 0.04)])
def test_where_seeds_differ_and_recipes_do_not_alpha_holds_as_problems_alone_would_not(seeds, other):
    """Seeds vary around one rate, one recipe's three times as far or alone, and problems are hard for all of them."""
    generator = np.random.default_rng(100 + seeds)
    trials, n, false, naive = 400, 200, 0, 0
    for _ in range(trials):
        rates = np.clip([*generator.normal(0.6, 0.12, seeds), *generator.normal(0.6, other, seeds)], 0.02, 0.98)
        columns = trained(generator, rates, n, hard=0.15)
        effect = over_seeds(runs(columns), CLAIM)
        false += effect.p_value <= 0.05 and effect.low > 0
        before, after = columns[0], columns[seeds]
        lost, gained = int((before & ~after).sum()), int((after & ~before).sum())
        naive += paired_difference(lost, gained, n, alternative="greater").p_value <= 0.05
    assert false / trials <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / trials)
    assert naive / trials > 0.15, "two checkpoints differ significantly all the time"


def test_problems_alone_never_support_it():
    """Two seeds a recipe, 19 of 20 answers changed, a million problems' worth of certainty: t on few degrees is not."""
    generator = np.random.default_rng(3)
    columns = trained(generator, [0.5, 0.9, 0.7, 0.98], 5_000)
    effect = over_seeds(runs(columns), CLAIM)
    assert effect.estimate > 0.1
    assert effect.p_value > 0.05
    assert effect.details["degrees_of_freedom"] < 2.5


def test_seeds_that_answer_alike_say_nothing_of_how_much_they_might_differ():
    effect = over_seeds(runs([[0] * 100] * 2 + [[1] * 100] * 2), CLAIM)
    assert effect.undecided.startswith("the seeds of each recipe answer alike")


def test_seeds_of_one_rate_by_luck_are_not_taken_for_seeds_that_never_differ():
    generator = np.random.default_rng(5)
    one = generator.permutation([1] * 60 + [0] * 40)
    columns = [one, generator.permutation(one), generator.permutation(one), generator.permutation(one)]
    effect = over_seeds(runs(columns), CLAIM)
    assert effect.undecided == ""
    assert effect.high - effect.low > 0.1


@pytest.mark.parametrize("count", [2, 3, 5])
def test_fewer_than_two_seeds_a_recipe_are_refused(count):
    with pytest.raises(StatisticsError, match=f"at least two, got {count} runs"):
        over_seeds(runs([[1, 0] * 30] * count), CLAIM)
