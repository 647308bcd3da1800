import numpy as np
import pytest
from scipy.stats import beta

from ctlab.errors import StatisticsError
from ctlab.records.probe_fit import ProbeFit
from ctlab.statistics import selectivity
from tests.statistics.fake_runs import Question

ASKED = Question("increase", margin=0.1, alpha=0.05)


def fit(right, control=None, draws=None):
    n = len(right)
    return ProbeFit(
        label="result of step 2, modulo 10",
        thought="CT1",
        level=0,
        problem_ids=tuple(f"p{row}" for row in range(n)),
        right=tuple(map(bool, right)),
        control=tuple(np.zeros(n) if control is None else control),
        draws=tuple([0.0] * 99 if draws is None else draws),
        trained=n,
        classes=10,
        most_common=0.1,
        kept=0.0,
        penalty=1.0,
    )


def test_where_the_control_is_never_right_it_is_a_proportion():
    """Clopper and Pearson's limit of the proportion that lies between −1 and 1, after it is moved between 0 and 1."""
    effect = selectivity(fit([1] * 60), ASKED)
    # All values are 1: the lower limit of the mean is that of 60 of 60 numbers between -1 and 1.
    assert effect.estimate == 1.0
    assert np.isclose(effect.low, -1 + 2 * beta.ppf(0.05, 60, 1), atol=1e-6)


def test_p_is_the_larger_of_both():
    right = [1] * 50 + [0] * 10
    lucky = [0.9] * 20 + [0.1] * 79
    assert selectivity(fit(right, draws=lucky), ASKED).p_value == 21 / 100
    assert selectivity(fit(right), ASKED).p_value == 1 / 100
    weak = selectivity(fit([1] * 9 + [0] * 51), ASKED)
    assert weak.p_value > 0.05  # the permutation test alone would let it pass: no labelling is right at all
    assert weak.details["probe"]["reached"] == 0


def test_the_control_is_taken_off_problem_by_problem():
    draw = np.random.default_rng(4)
    control = draw.random(80)
    right = draw.random(80) < 0.5
    assert np.isclose(selectivity(fit(right, control), ASKED).estimate, right.mean() - control.mean())


def test_as_good_as_a_labelling_is_reached():
    assert selectivity(fit([1, 0] * 30, draws=[0.5] * 3 + [0.4] * 96), ASKED).details["probe"]["reached"] == 3


@pytest.mark.parametrize(
    ("asked", "draws", "message"),
    [
        (Question("decrease", alpha=0.05), 99, "the direction is increase"),
        (Question("increase", alpha=0.005), 99, "fit the probe with more draws"),
    ],
)
def test_what_is_refused(asked, draws, message):
    with pytest.raises(StatisticsError, match=message):
        selectivity(fit([1, 0] * 30, draws=[0.0] * draws), asked)
