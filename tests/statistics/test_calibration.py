"""How often a verdict errs, by enumeration; the full grid with its tables is in docs/calibration.md."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.calibration import PARTS, PROMISED, replaced
from benchmarks.calibration_coverage import BANDS, band, covered
from benchmarks.calibration_exact import COARSE, FINE, LEVELS, SIZES, Design, coverage, errors, grid, kept
from benchmarks.calibration_measured import MEASURED
from benchmarks.calibration_nulls import measure
from benchmarks.calibration_nulls_areas import AREAS, STRATIFIED, p_of_area
from benchmarks.calibration_nulls_known import KNOWN_MORE
from benchmarks.calibration_nulls_measured import MEANS
from benchmarks.calibration_nulls_paired import PAIRED
from benchmarks.calibration_nulls_ratios import RATIOS
from benchmarks.calibration_power import DESIGNS, SIMULATED
from benchmarks.calibration_simulated import ALPHA, SCENARIOS, STRICT, most, simulate
from ctlab.claims.judge import decide
from ctlab.records import Verdict
from ctlab.statistics import auc
from ctlab.statistics.paired.tango import tango_interval


def in_the_gate(cases, stays, ids=str):
    """Parameters of a sweep: those that ``stays`` picks are slow, the others of `make long`."""
    return [
        pytest.param(case, id=ids(case), marks=pytest.mark.slow if stays(case) else pytest.mark.long) for case in cases
    ]


SMALL = list(grid(sizes=(50, 200), discordances=(0.02, 0.10)))
RESAMPLED = ("not all equal", "error mix", "interaction")
"""What resamples 20,000 times, compares fifteen pairs, or leaves out level by level, in every run: fewer runs of it.

The test of an interaction alone is calibrated by the thousand in test_calibration_interaction."""


def check_errors(design, alpha, shares):
    found = errors(design, alpha, shares)
    assert found.increase <= alpha
    assert found.at_least <= alpha
    assert found.equivalence <= 1.5 * alpha


def check_coverage(design, shares):
    found = coverage(design, shares)
    assert min(found) >= 0.94
    if design.n * design.discordance >= 40:
        assert max(found) <= 0.96


@pytest.mark.parametrize("alpha", LEVELS)
@pytest.mark.parametrize("design", SMALL, ids=str)
def test_wrong_verdicts_of_small_designs(design, alpha):
    check_errors(design, alpha, (0.5, 1.0))


def test_the_score_test_alone_is_as_far_off_as_the_documents_say():
    few, fewer = Design(1319, 7.5 / 1319), Design(500, 4 / 500)
    assert errors(few, 0.05 / 6, (0.9,)).at_least_by_score / (0.05 / 6) == pytest.approx(2.5, abs=0.05)
    assert errors(fewer, 0.05, (0.95,)).at_least_by_score / 0.05 == pytest.approx(1.8, abs=0.05)


@pytest.mark.parametrize("design", SMALL, ids=str)
def test_coverage_of_small_designs(design):
    check_coverage(design, COARSE)


@pytest.mark.parametrize("n", SIZES)
def test_coverage_between_the_designs(n):
    found = covered(n, (5.25, 6, 7.4, 9, 12, 15), shares=(0.0, 0.5, 0.75, 0.9, 0.985, 1.0))
    assert found.least >= 0.94


def test_plain_tango_misses_there():
    assert covered(1319, (5, 6), interval=tango_interval).least < 0.931


@pytest.mark.parametrize("name", PROMISED)
@pytest.mark.parametrize("design", [Design(50, 0.3), pytest.param(Design(200, 0.1), marks=pytest.mark.slow)], ids=str)
def test_the_plan_keeps_its_promises_in_small_designs(design, name):
    check_promise(name, design, 0.05)


def check_promise(name, design, alpha):
    found = kept(PROMISED[name], design, alpha)
    # An equivalence is proven in steps of one problem: the smallest margin with 80 % may have up to 84.
    assert found is None or 0.797 <= found[1] <= (0.84 if name == "equivalence" else 0.803)


@pytest.mark.parametrize("scenario", [name for name in SIMULATED if not name.startswith(RESAMPLED)])
def test_the_plan_keeps_its_promises_in_a_few_simulated_runs(scenario):
    check_simulated_promise(scenario, *DESIGNS[0], runs=100)


def check_simulated_promise(scenario, n, alpha, runs):
    power = SIMULATED[scenario].power(n, alpha, runs, seed=1)
    assert abs(power - 0.8) <= 0.03 + 3 * math.sqrt(0.8 * 0.2 / runs)


@pytest.mark.parametrize("alpha", LEVELS)
@pytest.mark.parametrize("design", in_the_gate(list(grid()), lambda design: design.n < max(SIZES)))
def test_wrong_verdicts_of_the_full_grid(design, alpha):
    check_errors(design, alpha, (0.1, 0.25, 0.5, 0.75, 0.9, 1.0))


@pytest.mark.slow
@pytest.mark.parametrize("design", list(grid(sizes=SIZES)), ids=str)
def test_coverage_of_the_full_grid(design):
    check_coverage(design, FINE)


@pytest.mark.slow
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("ends", BANDS)
def test_coverage_between_the_designs_of_the_full_grid(n, ends):
    if expected := band(n, *ends, step=0.5):
        found = covered(n, expected)
        assert found.least >= 0.94
        if ends[0] >= 40:
            assert found.most <= 0.96


@pytest.mark.slow
@pytest.mark.parametrize("alpha", LEVELS)
@pytest.mark.parametrize("design", list(grid()), ids=str)
@pytest.mark.parametrize("name", [name for name in PROMISED if name != "at least 2 points"])
def test_the_plan_keeps_its_promises_in_the_full_grid(design, alpha, name):
    check_promise(name, design, alpha)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "alpha"), DESIGNS)
@pytest.mark.parametrize("scenario", SIMULATED)
def test_the_plan_keeps_its_promises_in_many_simulated_runs(scenario, n, alpha):
    check_simulated_promise(scenario, n, alpha, runs=100 if scenario.startswith(RESAMPLED) else 600)


def check_simulation(scenario, runs):
    for name, (supported, strict, _) in simulate(scenario, runs).items():
        assert supported / runs <= most(ALPHA, runs), name
        assert strict / runs <= most(STRICT, runs), name


@pytest.mark.parametrize("scenario", ["ratio at its margin, n = 200", "AUC, n = 200", "additivity, n = 200"])
def test_a_few_simulated_runs(scenario):
    check_simulation(scenario, 60)


# Every mean at once takes five seconds: it is among the thousand runs.
@pytest.mark.parametrize("scenario", [name for name in MEASURED if not name.startswith("every mean")])
def test_means_of_a_few_simulated_runs(scenario):
    check_simulation(scenario, 60)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", MEASURED)
def test_means_of_a_thousand_simulated_runs(scenario):
    check_simulation(scenario, 1000)


def title(null):
    return f"{null.kind}, {null.name}, n = {null.n:,}"


def check_null(null, runs):
    found = measure(null, runs, seed=7)
    assert found.supported <= most(ALPHA, runs)
    assert found.strict <= most(STRICT, runs)


ALL = [null for null in (*STRATIFIED, *MEANS, *RATIOS, *KNOWN_MORE, *PAIRED) if null.holds]
QUICK = [null for null in ALL if null.many is not None][::8]


@pytest.mark.parametrize("null", QUICK, ids=title)
def test_a_few_runs_of_nulls_that_no_test_assumes(null):
    check_null(null, 250)


ONE_BY_ONE = [null for null in ALL if null.many is None]
LARGE = {null.kind for null in ONE_BY_ONE if null.n == 1319} & {null.kind for null in ONE_BY_ONE if null.n == 200}


@pytest.mark.parametrize(
    "null", in_the_gate(ALL, lambda null: null.many is not None or null.n == 200 or null.kind not in LARGE, ids=title)
)
def test_many_runs_of_nulls_that_no_test_assumes(null):
    check_null(null, 150 if null.kind in RESAMPLED else 1000 if null.many is not None else 400)


@pytest.mark.parametrize("null", [null for null in ALL if null.many is not None and null.n == 200], ids=title)
def test_many_runs_at_once_are_judged_as_the_statistic_judges_one(null):
    # The same seed draws the same one run, whether or not it is asked for as an array
    question, effect = null.draw(np.random.default_rng(3), null.n, 0.0)
    p, undecided, _ = null.many(np.random.default_rng(3), (1, null.n), 0.0)
    assert bool(undecided[0]) == bool(effect.undecided)
    if not effect.undecided:
        supported = decide(question.judged, effect, ALPHA) == Verdict.SUPPORTED
        assert supported == (p[0] <= ALPHA)
        assert null.kind.startswith("at least") or p[0] == pytest.approx(effect.p_value, rel=1e-6)


def check_area(compared, runs):
    found = compared.measure(runs, seed=7)
    assert found.supported <= most(ALPHA, runs)
    assert found.strict <= most(STRICT, runs)


@pytest.mark.parametrize("compared", AREAS[::20], ids=lambda compared: compared.title)
def test_areas_of_two_hundred_runs(compared):
    check_area(compared, 200)


@pytest.mark.parametrize(
    "compared", in_the_gate(AREAS, lambda compared: compared in AREAS[::2], ids=lambda compared: compared.title)
)
def test_areas_of_many_runs(compared):
    check_area(compared, 1000)


@pytest.mark.parametrize("compared", AREAS[::16], ids=lambda compared: compared.title)
def test_many_areas_in_one_array_are_those_of_the_statistic(compared):
    ones, zeros = next(compared.chunks(3, 0.0, 1))
    found = p_of_area(ones, zeros, 0.6)[0]
    positive = [True] * ones.shape[1] + [False] * zeros.shape[1]
    question = SimpleNamespace(direction="increase", margin=0.1, alpha=ALPHA)
    for p, *values in zip(found, ones, zeros, strict=True):
        assert auc(np.concatenate(values).tolist(), positive, question).p_value == pytest.approx(p)


def test_copies_that_count_as_problems_are_seen_to_err():
    twice = next(null for null in PAIRED if not null.holds and null.kind == "difference" and null.n == 1319)
    assert measure(twice, 2000).supported > most(ALPHA, 2000)


@pytest.mark.parametrize(
    "scenario",
    in_the_gate(
        [name for name in SCENARIOS if name not in MEASURED],
        lambda name: "1,319" not in name or name.replace("1,319", "200") not in SCENARIOS,
    ),
)
def test_many_simulated_runs(scenario):
    check_simulation(scenario, 150 if scenario.startswith(RESAMPLED) else 400)


def test_a_part_of_the_document_is_replaced_and_the_rest_left_alone():
    text = "head\n<!-- power -->\nold\n<!-- /power -->\nmiddle\n<!-- coverage -->\nkept\n<!-- /coverage -->\n"
    assert replaced(text, "power", "new") == text.replace("old", "new")
    with pytest.raises(SystemExit, match="has no part 'errors'"):
        replaced(text, "errors", "new")


def test_the_document_has_a_place_for_every_part():
    from benchmarks.calibration import DOCUMENT

    text = DOCUMENT.read_text(encoding="utf-8")
    for name in PARTS:
        assert replaced(text, name, "new") != text
