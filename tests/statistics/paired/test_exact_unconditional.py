from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import multinomial

from ctlab.statistics.paired.exact_unconditional import unconditional_p
from ctlab.statistics.paired.tango import tango_p, tango_z


def brute_force(lost, gained, n, margin):
    """Sum over every table, for each of many rates of loss."""
    observed = tango_z(lost, gained, n, margin) - 1e-10
    tables = np.array(
        [(a, b, n - a - b) for a in range(n + 1) for b in range(n + 1 - a) if tango_z(a, b, n, margin) >= observed]
    )
    rates = np.linspace(0.0, (1.0 - margin) / 2.0, 1500)
    return max(multinomial.pmf(tables, n, [q, q + margin, max(0.0, 1 - 2 * q - margin)]).sum() for q in rates)


@pytest.mark.parametrize(
    ("lost", "gained", "n", "margin"), [(2, 9, 40, 0.05), (0, 6, 40, 0.02), (4, 14, 36, 0.1), (3, 3, 30, 0.01)]
)
def test_agrees_with_enumeration(lost, gained, n, margin):
    assert unconditional_p(lost, gained, n, margin) == pytest.approx(brute_force(lost, gained, n, margin), rel=2e-4)


@pytest.mark.parametrize("gained", [20, 40, 80, 120])
def test_at_least_the_score_tests_p_and_close_to_it_where_there_is_much_to_count(gained):
    exact, score = unconditional_p(20, gained, 1319, 0.02), tango_p(20, gained, 1319, 0.02, greater=True)
    assert exact >= score - 1e-9
    assert exact == pytest.approx(score, rel=0.6, abs=0.02)


def test_falls_with_the_number_gained():
    found = [unconditional_p(5, gained, 300, 0.03) for gained in range(0, 60, 4)]
    assert all(later <= earlier for earlier, later in pairwise(found))
    assert found[0] > 0.99
