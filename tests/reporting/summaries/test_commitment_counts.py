from ctlab.interventions import Condition, Intervention
from ctlab.reporting import commitment
from tests.measures.test_commitment import EARLY, FINAL, run

RUNS = {each.condition.name: each for each in (FINAL, *EARLY)}


def test_counts_by_thoughts_and_by_steps():
    table = commitment(RUNS, 3)
    assert table["feature"] == "n_operations"
    assert [(stratum["value"], stratum["n"]) for stratum in table["strata"]] == [(None, 3), (1, 1), (2, 1), (3, 1)]
    every = table["strata"][0]["points"]
    assert [point["fed"] for point in every] == [0, 1, 2, 3]
    assert [point["right"] for point in every] == [1, 0, 1, 2]
    assert [point["same"] for point in every] == [1, 1, 2, 3]
    assert sum(stratum["points"][1]["same"] for stratum in table["strata"][1:]) == every[1]["same"]


def test_the_model_says_after_how_many_thoughts_the_final_answer_comes():
    assert commitment(RUNS, 6)["strata"][0]["points"][-1]["fed"] == 6
    assert commitment(RUNS, None)["strata"][0]["points"][-1]["fed"] == 3


def test_what_does_more_than_answer_early_is_no_point():
    hidden = Condition(name="hidden", num_thoughts=1, interventions=(Intervention(keys=("CT0",), readers="answer"),))
    other = run([each.text for each in EARLY[1].generations], 1)
    object.__setattr__(other, "condition", hidden)
    runs = {"baseline": FINAL, "after_0": EARLY[0], "hidden": other}
    assert commitment(runs, 3) is None
    assert commitment({**runs, "after_2": EARLY[2]}, 3)["strata"][0]["points"][1]["fed"] == 2


def test_without_a_baseline_there_is_no_final_answer():
    assert commitment({each.condition.name: each for each in EARLY}, 3) is None
