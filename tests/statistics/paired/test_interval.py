import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from ctlab.statistics import equivalence, paired_difference
from ctlab.statistics.paired.interval import QUARTER_BELOW, TENTH_BELOW, continuity_correction, paired_interval
from ctlab.statistics.paired.mcnemar import mcnemar_p
from ctlab.statistics.paired.tango import tango_interval

few = st.integers(0, 30)
sizes = st.integers(60, 2000)
levels = st.sampled_from([0.9, 0.95, 1 - 0.05 / 3])


@pytest.mark.parametrize(
    ("lost", "gained", "correction"),
    [
        (0, 0, 0),
        (0, 1, 0),
        (1, 1, 0.25),
        (0, 23, 0.25),
        (11, 12, 0.25),
        (12, 12, 0),
        (0, 24, 0.1),
        (44, 0, 0.1),
        (1, 23, 0),
        (0, 45, 0),
        (230, 29, 0),
    ],
)
def test_corrected_where_few_problems_change(lost, gained, correction):
    assert continuity_correction(lost, gained) == correction


@pytest.mark.parametrize(
    ("lost", "gained", "n"),
    # Published: Tango 1998 (soft contact lenses), PropCIs' example, the original study; none and half of all changed
    [(1, 0, 44), (25, 28, 618), (230, 29, 1319), (0, 0, 100), (30, 30, 120)],
)
def test_elsewhere_it_is_tangos_to_the_last_digit(lost, gained, n):
    assert paired_interval(lost, gained, n, 0.95) == tango_interval(lost, gained, n, 0.95)


def test_the_method_says_so():
    assert paired_difference(3, 9, 200).method.endswith("Tango score interval with continuity correction")
    assert equivalence(30, 40, 400, margin=0.1).method.endswith("Tango score interval")


@given(few, few, sizes, levels)
def test_contains_the_estimate_mirrors_and_never_shrinks_tango(lost, gained, n, level):
    low, high = paired_interval(lost, gained, n, level)
    tango_low, tango_high = tango_interval(lost, gained, n, level)
    assert low <= tango_low <= (gained - lost) / n <= tango_high <= high
    assert paired_interval(gained, lost, n, level) == (-high, -low)


@given(few, few, sizes, levels)
def test_widens_by_less_than_half_a_problem(lost, gained, n, level):
    # The score's own spread grows with the distance, so that an end moves a little further than the correction.
    for end, plain in zip(paired_interval(lost, gained, n, level), tango_interval(lost, gained, n, level), strict=True):
        assert abs(end - plain) * n < 0.5


@given(few, st.integers(0, 60), sizes, levels)
def test_ends_grow_with_the_number_gained_also_where_the_correction_changes(lost, gained, n, level):
    n = max(n, lost + gained + 1)
    one, more = paired_interval(lost, gained, n, level), paired_interval(lost, gained + 1, n, level)
    assert one[0] < more[0]
    assert one[1] < more[1] or one[1] == 1.0


@pytest.mark.parametrize("alpha", [0.05, 0.05 / 6, 0.05 / 15, 0.05 / 40])
def test_costs_no_supported_increase(alpha):
    for discordant in range(1, TENTH_BELOW + 1):
        for gained in range(discordant + 1):
            if mcnemar_p(discordant - gained, gained, "greater") <= alpha:
                assert paired_interval(discordant - gained, gained, 200, 1 - 2 * alpha)[0] > 0


def test_all_on_one_side_is_wilsons_interval_with_a_fraction_of_a_problem_taken_off():
    for gained in (QUARTER_BELOW - 1, TENTH_BELOW - 1):
        low, high = paired_interval(0, gained, 200, 0.95)
        wilson = proportion_confint(gained, 200, method="wilson")
        assert low < wilson[0]
        assert high > wilson[1]
