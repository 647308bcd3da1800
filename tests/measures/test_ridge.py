import numpy as np
import pytest

from ctlab.errors import StatisticsError
from ctlab.measures.ridge import PENALTIES, Ridge


def made(n=40, width=7, classes=3, seed=0):
    draw = np.random.default_rng(seed)
    states = draw.normal(size=(n, width)) * draw.uniform(0.1, 5, width) + draw.normal(size=width)
    return states, draw.integers(0, classes, (4, n))


def solved(states, labels, classes, penalty):
    """Weights and intercept by the normal equations of the whole problem, in another way than by singular vectors."""
    mean, scale = states.mean(0), states.std(0)
    scale = np.where(scale > 0, scale, 1)
    design = np.column_stack([(states - mean) / scale, np.ones(len(states))])
    ridge = np.diag([len(states) * penalty] * states.shape[1] + [0.0])
    targets = np.eye(classes)[labels]
    return np.linalg.solve(design.T @ design + ridge, design.T @ targets), mean, scale


@pytest.mark.parametrize("width", [7, 60])
def test_scores_are_those_of_the_normal_equations(width):
    states, labels = made(width=width)
    more = np.random.default_rng(1).normal(size=(25, width))
    for penalty in PENALTIES[1:]:
        fitted = Ridge.of(states).fit(labels, 3, (penalty,))
        for number, labelling in enumerate(labels):
            weights, mean, scale = solved(states, labelling, 3, penalty)
            scores = np.column_stack([(more - mean) / scale, np.ones(25)]) @ weights
            assert fitted.predict(more)[number].tolist() == scores.argmax(1).tolist()
            np.testing.assert_allclose(fitted.columns(number), weights[:-1] / scale[:, None], atol=1e-8)


def test_the_penalty_is_that_with_the_least_error_when_rows_are_left_out():
    """Brute force: one fit for each row that is left out, with the means and scales of all rows."""
    states, labels = made(n=25)
    mean, scale = states.mean(0), states.std(0)
    table = (states - mean) / scale
    chosen = Ridge.of(states).fit(labels, 3).penalty
    for number, labelling in enumerate(labels):
        errors = []
        for penalty in PENALTIES:
            error = 0.0
            for row in range(25):
                rest = np.arange(25) != row
                design = np.column_stack([table[rest], np.ones(24)])
                lhs = design.T @ design + np.diag([25 * penalty] * 7 + [0.0])
                weights = np.linalg.solve(lhs, design.T @ np.eye(3)[labelling[rest]])
                error += ((np.eye(3)[labelling[row]] - np.append(table[row], 1.0) @ weights) ** 2).sum()
            errors.append(error)
        assert chosen[number] == PENALTIES[int(np.argmin(errors))]


def test_a_column_that_does_not_vary_has_no_weight():
    states, labels = made()
    constant = np.column_stack([states, np.full(40, 3.0)])
    assert np.abs(Ridge.of(constant).fit(labels, 3).columns()[-1]).max() == 0.0


def test_what_is_no_table_of_numbers_is_refused():
    with pytest.raises(StatisticsError, match="finite numbers with at least two rows"):
        Ridge.of(np.array([[1.0, np.nan], [0.0, 1.0]]))
