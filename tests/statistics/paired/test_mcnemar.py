import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest
from statsmodels.stats.contingency_tables import mcnemar

from ctlab.statistics.paired.mcnemar import binomial_tail, mcnemar_p


def test_small_table_by_hand():
    # 2 (C(11, 0) + C(11, 1) + C(11, 2)) / 2^11 = 134 / 2048
    assert mcnemar_p(9, 2, "two-sided") == pytest.approx(134 / 2048, rel=1e-12)


@pytest.mark.parametrize(
    ("lost", "gained", "p"),
    [
        # Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91, exact conditional tests: airway
        # hyper-responsiveness (Bentur et al.), complete response (Cavo et al.)
        (7, 1, "0.070"),
        (16, 6, "0.052"),
        # Fay 2010, exact2x2: mcnemar.exact(matrix(c(21, 9, 2, 12), 2, 2)), quoted; R was not run here
        (9, 2, "0.065"),
    ],
)
def test_published_exact_tests(lost, gained, p):
    assert f"{mcnemar_p(lost, gained, 'two-sided'):.3f}" == p


def test_approval_ratings():
    # The discordant counts are Agresti's (Categorical Data Analysis, table 10.1); the p-value is binomial arithmetic
    # of our own, not a printed one.
    assert mcnemar_p(150, 86, "two-sided") == pytest.approx(3.716e-05, rel=1e-3)


@given(st.integers(0, 400), st.integers(0, 400))
def test_agrees_with_scipy_and_statsmodels(lost, gained):
    assert mcnemar_p(lost, gained, "two-sided") == pytest.approx(
        mcnemar([[0, lost], [gained, 0]], exact=True).pvalue, rel=1e-9
    )
    if lost + gained:
        for alternative in ("greater", "less"):
            expected = binomtest(gained, lost + gained, 0.5, alternative=alternative).pvalue
            assert mcnemar_p(lost, gained, alternative) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("at_least", "trials"), [(600, 1001), (5300, 10_000), (10_400, 20_000), (10_400, 20_001), (51_000, 100_000)]
)
def test_many_trials(at_least, trials):
    assert binomial_tail(at_least, trials) == pytest.approx(binom.sf(at_least - 1, trials, 0.5), rel=1e-8)


def test_nothing_discordant_is_p_one():
    assert [mcnemar_p(0, 0, side) for side in ("greater", "less", "two-sided")] == [1.0, 1.0, 1.0]


@given(st.integers(0, 300), st.integers(0, 300))
def test_symmetry_and_monotonicity(lost, gained):
    assert mcnemar_p(lost, gained, "greater") == mcnemar_p(gained, lost, "less")
    assert mcnemar_p(lost, gained, "two-sided") == mcnemar_p(gained, lost, "two-sided")
    assert mcnemar_p(lost, gained + 1, "greater") <= mcnemar_p(lost, gained, "greater")
