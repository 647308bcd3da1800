"""A claim over runs: where its points lie, what is said of it, and when nothing is drawn."""

from ctlab.records import Verdict
from ctlab.reporting.history.run_row import history_run
from ctlab.reporting.html.history_view import HEIGHT, WIDTH, run_lines
from ctlab.reporting.schema import complete
from tests.reporting.fake_report import fake_report

ID = "ct0-lowers-accuracy"
NOW = complete(fake_report(conditions=2))
MADE = history_run(NOW, "before")


def line(*changes):
    """The line of a run after earlier ones, each with some of the claim's fields changed."""
    runs = [
        MADE.model_copy(update={"claims": {**MADE.claims, ID: MADE.claims[ID].model_copy(update=change)}})
        for change in changes
    ]
    return run_lines(NOW.model_copy(update={"history": tuple(runs)})).get(ID)


def test_points_go_from_the_oldest_to_this_run():
    found = line({"estimate": -0.19, "low": -0.25, "high": -0.1}, {})
    first, second, last = found.points
    assert 0 < first.x < second.x < last.x < WIDTH
    assert second.y == last.y
    for point in found.points:
        assert 0 <= point.high <= point.y <= point.low <= HEIGHT


def test_the_words_say_estimates_and_verdicts():
    assert line({}).words.endswith(" points in each; SUPPORTED in each")
    found = line({"verdict": Verdict.INCONCLUSIVE, "estimate": -0.1, "low": -0.2, "high": 0.01}, {})
    assert found.words.startswith("Over 3 runs, oldest first: −10.0, ")
    assert found.words.endswith("INCONCLUSIVE in 1 and SUPPORTED in 2")
    assert [point.alike for point in found.points] == [False, True, True]
    assert found.zero is not None
    many = line(*({"estimate": -0.1 - 0.001 * number, "low": -0.3, "high": 0.0} for number in range(9)))
    assert many.words.startswith("Over 10 runs from ")


def test_of_one_run_nothing_is_drawn():
    assert run_lines(NOW) == {}


def test_another_claim_of_that_name_is_no_point():
    assert line({"claimed": "00000000"}) is None
    assert line({"unit": "log-odds"}) is None
    assert line({"estimate": None, "low": None, "high": None}) is None


def test_runs_without_spread_are_drawn():
    points = line({"estimate": 0.0, "low": 0.0, "high": 0.0}).points
    assert all(0 <= point.y <= HEIGHT for point in points)
