import pytest

from ctlab.errors import PairingError
from ctlab.outcomes.outcome import OUTCOMES_OF
from ctlab.reporting import error_taxonomy
from tests.reporting.small_runs import problems, run

ASKED = problems(60)


@pytest.fixture(scope="module")
def tables():
    runs = {
        "baseline": run("baseline", ASKED, [0, 1]),
        "ct0_blocked": run("ct0_blocked", ASKED, [1, 2, 3, 4], text=""),
    }
    return error_taxonomy(runs)


def test_one_row_a_prediction(tables):
    rows, _ = tables
    assert len(rows) == 120
    assert {(row["condition"], row["problem_id"]) for row in rows} == {
        (name, problem.id) for name in ("baseline", "ct0_blocked") for problem in ASKED
    }
    assert rows[0]["text"] == "The answer is: 999"
    assert rows[0]["outcome"] != "CORRECT"
    assert rows[0]["gold"] == "2"


def test_counts_add_up(tables):
    _, summary = tables
    for row in summary["conditions"].values():
        assert sum(cell["count"] for cell in row["outcomes"].values()) == row["n"] == 60
        assert list(row["outcomes"]) == [outcome.value for outcome in OUTCOMES_OF["number"]]
    assert summary["conditions"]["baseline"]["n_wrong"] == 2
    assert summary["conditions"]["ct0_blocked"]["outcomes"]["NONE"]["count"] == 4


def test_shifts_are_paired_with_baseline(tables):
    _, summary = tables
    assert "shifts" not in summary["conditions"]["baseline"]
    shift = summary["conditions"]["ct0_blocked"]["shifts"]["CORRECT"]
    assert (shift["lost"], shift["gained"]) == (3, 1)
    assert shift["estimate"] == pytest.approx(-2 / 60)


def test_given_chance_rates_are_used():
    _, summary = error_taxonomy({"baseline": run("baseline", ASKED, [0, 1])}, chance={"baseline": {}})
    assert summary["conditions"]["baseline"]["outcomes"]["LOGIC_ERROR"]["chance"] is None


def test_no_runs_and_unlike_runs_are_refused():
    with pytest.raises(PairingError, match="no runs"):
        error_taxonomy({})
    with pytest.raises(PairingError, match="same problems"):
        error_taxonomy({"baseline": run("baseline", ASKED), "ct0_blocked": run("ct0_blocked", ASKED[1:])})
