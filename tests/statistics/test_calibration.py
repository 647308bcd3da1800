"""How often a verdict errs, by enumeration; the full grid with its table is in docs/calibration.md."""

import pytest

from benchmarks.calibration_exact import COARSE, FINE, LEVELS, SIZES, Design, coverage, errors, grid
from benchmarks.calibration_measured import MEASURED, TOO_LONG
from benchmarks.calibration_simulated import ALPHA, SCENARIOS, STRICT, most, simulate
from ctlab.statistics.tango import tango_interval

SMALL = list(grid(sizes=(50, 200), discordances=(0.02, 0.10)))


def check_errors(design, alpha, shares):
    found = errors(design, alpha, shares)
    assert found.increase <= alpha
    assert found.at_least <= alpha
    assert found.equivalence <= 1.5 * alpha
    assert found.promised <= 0.03


def check_coverage(design, shares):
    found = coverage(design, shares)
    assert min(found) >= 0.94
    if design.n * design.discordance >= 40:
        assert max(found) <= 0.96


@pytest.mark.parametrize("alpha", LEVELS)
@pytest.mark.parametrize("design", SMALL, ids=str)
def test_wrong_verdicts_of_small_designs(design, alpha):
    check_errors(design, alpha, (0.5, 1.0))


@pytest.mark.parametrize("design", SMALL, ids=str)
def test_coverage_of_small_designs(design):
    check_coverage(design, COARSE)


def test_plain_tango_misses_where_the_interval_is_mended():
    design = Design(200, 0.02)
    assert coverage(design, (1.0,), tango_interval)[0] == pytest.approx(0.933, abs=5e-4)
    assert coverage(design, (1.0,))[0] >= 0.94


@pytest.mark.slow
@pytest.mark.parametrize("alpha", LEVELS)
@pytest.mark.parametrize("design", list(grid()), ids=str)
def test_wrong_verdicts_of_the_full_grid(design, alpha):
    check_errors(design, alpha, (0.1, 0.25, 0.5, 0.75, 0.9, 1.0))


@pytest.mark.slow
@pytest.mark.parametrize("design", list(grid(sizes=SIZES)), ids=str)
def test_coverage_of_the_full_grid(design):
    check_coverage(design, FINE)


def check_simulation(scenario, runs):
    for name, (supported, strict, _) in simulate(scenario, runs).items():
        assert supported / runs <= most(ALPHA, runs), name
        assert strict / runs <= most(STRICT, runs), name


@pytest.mark.parametrize("scenario", ["ratio at its margin, n = 200", "AUC, n = 200", "additivity, n = 200"])
def test_a_few_simulated_runs(scenario):
    check_simulation(scenario, 60)


@pytest.mark.parametrize("scenario", [name for name in MEASURED if name != TOO_LONG])
def test_means_of_a_few_simulated_runs(scenario):
    check_simulation(scenario, 150)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [name for name in SCENARIOS if name != TOO_LONG])
def test_many_simulated_runs(scenario):
    check_simulation(scenario, 400)


@pytest.mark.slow
def test_a_very_long_tail_errs_less_than_students_test_would():
    supported, _, _ = simulate(TOO_LONG, 2000)[TOO_LONG]
    assert supported / 2000 <= 0.1
