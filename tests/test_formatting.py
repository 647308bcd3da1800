import re
from pathlib import Path

import pytest

from ctlab import formatting

PACKAGE = Path(formatting.__file__).parent


@pytest.mark.parametrize(
    ("value", "marks", "text"),
    [
        (-0.1524, (), "−15.2 points"),
        (0.0304, (), "+3.0 points"),
        (0.0, (), "0.0 points"),
        (1e-17, (), "0.0 points"),
        (0.00008, (), "+0.01 points"),  # one problem of 13,000 is not zero
        (-0.00004, (), "−0.004 points"),
        (0.01996, (0.02,), "+1.996 points"),  # just inside the margin does not read as the margin
        (0.02, (0.02,), "+2.0 points"),
        (0.29, (), "+29.0 points"),
    ],
)
def test_points(value, marks, text):
    assert formatting.points(value, marks) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [(733 / 1319, "55.6 %"), (0.0, "0.0 %"), (1.0, "100.0 %"), (0.0002, "0.02 %"), (0.9999, "99.99 %")],
)
def test_percent_never_rounds_to_all_or_nothing(rate, text):
    assert formatting.percent(rate) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.021, "p = .021"),
        (0.0, "p < .0001"),
        (1.0, "p = 1"),
        (0.99996, "p > .999"),
        (0.5, "p = .5"),
        (0.0002, "p = .0002"),
    ],
)
def test_p_value(p, text):
    assert formatting.p_value(p) == text


@pytest.mark.parametrize(
    ("p", "alpha", "text"),
    [
        (0.021, 0.05 / 6, "p = .021 > α = .0083"),
        (0.00835, 0.05 / 6, "p = .00835 > α = .00833"),  # never ".0083 > .0083"
        (0.05, 0.05, "p = .05 ≤ α = .05"),
        (0.0499, 0.05, "p = .0499 ≤ α = .05"),
        (1e-20, 0.05, "p < .0001, below α = .05"),
        (0.9999, 0.05, "p > .999, above α = .05"),
    ],
)
def test_p_against_alpha(p, alpha, text):
    assert formatting.p_against_alpha(p, alpha) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (-0.2, "points", "−20.0 points"),
        (-0.212, "log-odds", "−0.21 log-odds"),
        (1.31, "ratio", "1.31"),
        (0.612, "probability", "0.61"),
        (0.0111, "variation", "1.1 %"),
        (0.0004, "log-odds", "+0.0004 log-odds"),
    ],
)
def test_quantity(value, unit, text):
    assert formatting.quantity(value, unit) == text


def test_interval_names_its_unit_once():
    assert formatting.interval(-0.1714, -0.1336, "points") == "−17.1 to −13.4 points"
    assert formatting.interval(-0.1714, 0.0, "points", unit_shown=False) == "−17.1 to 0.0"
    assert formatting.interval(0.046, 0.428, "variation") == "4.6 to 42.8 %"
    assert formatting.interval(0.046, 0.428, "variation", unit_shown=False) == "4.6 to 42.8"


@pytest.mark.parametrize(("value", "text"), [(0.95, "95 %"), (0.9, "90 %"), (1 - 0.1 / 6, "98.33 %")])
def test_level(value, text):
    assert formatting.level(value) == text


def test_counts_and_lists():
    assert formatting.counted(1, "problem") == "1 problem"
    assert formatting.counted(1319, "problem") == "1,319 problems"
    assert formatting.share_of(733, 1319) == "733 of 1,319 (55.6 %)"
    assert formatting.share_of(0, 0) == "0 of 0"
    assert formatting.listed(["a", "b", "c"]) == "a, b and c"
    assert formatting.listed([]) == ""


def test_lost_is_broken_for_correct_answers_only():
    assert formatting.lost_and_gained(230, 29, "CORRECT") == "230 broken, 29 fixed"
    assert formatting.lost_and_gained(230, 29, "CALC_ERROR") == "230 lost, 29 gained"
    assert formatting.lost_and_gained(None, 29, "CORRECT") == ""


def test_every_outcome_has_a_word():
    from ctlab.outcomes import Outcome

    assert list(formatting.OUTCOME_WORDS) == [outcome.value for outcome in Outcome]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.42, "0.4 s"), (43.7, "44 s"), (59.9, "1 min 0 s"), (185, "3 min 5 s"), (3720, "1 h 2 min")]
)
def test_duration(seconds, text):
    assert formatting.duration(seconds) == text


def test_only_the_wording_multiplies_by_100_and_says_points():
    """Proportions become percent or percentage points in one place."""
    for path in PACKAGE.rglob("*.py"):
        if path == Path(formatting.__file__):
            continue
        code = path.read_text(encoding="utf-8")
        assert not re.search(r"\*\s*100(\.0)?\b|\b100(\.0)?\s*\*", code), path
        if "reporting" not in path.parts:
            continue  # in other rooms the word is the name of a unit and stands in advice
        without_docstrings = re.sub(r'"""[\s\S]*?"""', "", code)
        without_docstrings = re.sub(r"\{[^{}]*\}", "", without_docstrings)
        literals = re.findall(r'f?"(?:[^"\\\n]|\\.)*"', without_docstrings)
        assert not [text for text in literals if re.search(r"\bpoints\b", text) and text not in _KEYS], path


_KEYS = ('"points"',)


def test_two_ends_that_differ_are_never_written_alike():
    assert formatting.interval(0.00210, 0.00216, "lengths") == "+0.0021 to +0.0022 lengths"
    assert formatting.interval(-0.0312, -0.0308, "points") == "−3.12 to −3.08 points"
    assert formatting.interval(0.1, 0.1, "points") == "+10.0 to +10.0 points"
    assert formatting.rate_interval(0.50012, 0.50048) == "50.01 to 50.05 %"
    assert formatting.decimal_interval(0.00171, 0.00212) == "0.0017 to 0.0021"


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.02, "+2.0"), (-0.0225, "−2.25"), (0.0005, "+0.05"), (1e-11, "+0.000000001"), (0.12, "+12.0"), (10, "+1,000.0")],
)
def test_a_boundary_is_written_to_its_last_digit(value, said):
    assert formatting.boundary(value) == f"{said} points"


@pytest.mark.parametrize("value", [1 / 3, 0.1 + 0.2, -2 / 7])
def test_a_boundary_that_nobody_typed_is_rounded(value):
    assert formatting.boundary(value) == formatting.points(value)


def test_a_slope_in_points_says_per_what():
    unit = formatting.unit_on("points", "points per operation")
    assert formatting.quantity(-0.143, unit) == "−14.3 points per operation"
    assert formatting.interval(-0.163, -0.123, unit) == "−16.3 to −12.3 points per operation"
    assert formatting.on_axis(-0.143, unit) == -14.3
    assert formatting.unit_on("log-odds", "log-odds per token") == "log-odds per token"
    assert [formatting.unit_on("points", scale) for scale in ("points", "log-odds per token", "")] == ["points"] * 3
