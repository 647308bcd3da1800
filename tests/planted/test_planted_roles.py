"""Planted models through a whole run of the role family: report.json has their roles, and says nothing else of them."""

import json
import re
from copy import deepcopy
from pathlib import Path

import pytest

from ctlab.claims.roles import explanation
from ctlab.interventions import BASELINE
from fixtures.conditions import conditions
from tests.planted.model import Found, models_in, told
from tests.planted.paragraph import complaints
from tests.planted.report import recorded_report_of, report_of

MODELS = {found.name: found for found in models_in(Path(__file__).parent / "models")}
IN_THE_GATE = ("Chain", "TooFew")
"""The others take minutes together (`make long`)."""
each_model = pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow if name in IN_THE_GATE else pytest.mark.long) for name in MODELS],
)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder, known = tmp_path_factory.mktemp("planted"), {}

    def make(name):
        if name not in known:
            known[name] = report_of(MODELS[name], folder / name)
        return known[name]

    return make


@each_model
def test_the_roles_of_the_report_are_the_planted_ones_and_its_paragraph_rests_on_verdicts(report, name):
    assert told(report(name)["roles"]) == MODELS[name].roles
    assert complaints(report(name)) == []


@pytest.mark.slow
def test_of_recorded_answers_nothing_is_said_that_was_not_recorded(tmp_path):
    """What thoughts decode to and what exchanging them does is not known: they are needed, and no result is theirs."""
    hidden = [each for each in conditions() if each.name.endswith("_blocked") and each.name[:2] == "ct"]
    hidden = [each for each in hidden if each.name.count("_") == 1]
    assert len(hidden) == 6
    recorded = recorded_report_of(MODELS["Chain"], tmp_path, [BASELINE, *hidden])
    assert told(recorded["roles"]) == [*((f"CT{k}", "needed", None) for k in range(5)), ("CT5", "idle", None)]
    assert complaints(recorded) == []
    assert "that it carries a step's result is not shown" in recorded["explanation"]["text"]
    assert not re.search("decode|follow|exchang", recorded["explanation"]["text"])


@pytest.mark.long
def test_what_holds_for_all_thoughts_is_said_of_chains_alone(report):
    general = {name for name in MODELS if "CTj carries the result of step" in report(name)["explanation"]["text"]}
    assert general == {"Chain", "Parallel", "ThreeThoughts", "Shifted"}
    assert "CTj carries the result of step j;" in report("Shifted")["explanation"]["text"]


@pytest.mark.slow
def test_a_paragraph_with_a_number_of_nobodys_is_seen(report):
    worse = deepcopy(report("Chain"))
    sentence = worse["explanation"]["sentences"][0]
    sentence["text"] = re.sub(r"\d+ %", "77 %", sentence["text"], count=1)
    worse["explanation"]["text"] = " ".join(each["text"] for each in worse["explanation"]["sentences"])
    assert [each for each in complaints(worse) if "77 is no field" in each]


@pytest.mark.slow
def test_a_paragraph_that_quotes_another_thoughts_cell_is_seen(report):
    worse = deepcopy(report("Chain"))
    number = worse["explanation"]["sentences"][0]["numbers"][1]
    claim = next(row for row in worse["claims"] if row["id"] == number["claim"])
    claim["effect"]["details"]["cells"][int(number["field"].split(".")[3])]["thought"] = "CT5"
    assert [each for each in complaints(worse) if "is of CT5" in each]


@pytest.mark.slow
def test_a_generality_that_a_cell_is_against_is_seen(report):
    worse = deepcopy(report("Chain"))
    claim = next(row for row in worse["claims"] if row["id"] == "thoughts-carry-steps")
    cell = next(each for each in claim["effect"]["details"]["cells"] if (each["thought"], each["value"]) == ("CT3", 4))
    cell["label"] = "not carried"
    assert [each for each in complaints(worse) if "CT3 at step 4 is not carried" in each]


@pytest.mark.long
def test_permuting_thoughts_permutes_the_text(report, tmp_path):
    """Thoughts that do not read each other can stand in any order: what is said of them must be the same."""
    order = (2, 4, 0, 5, 1, 3)
    path = tmp_path / "permuted.py"
    path.write_text(PERMUTED.format(models=str(MODELS["Parallel"].path), order=order), encoding="utf-8")
    moved = report_of(Found(path, "Permuted"), tmp_path / "run")
    names = {f"CT{step}": f"CT{k}" for k, step in enumerate(order)}
    renamed = json.loads(json.dumps(report("Parallel")["claims"]))
    for row in renamed:
        for cell in ((row.get("effect") or {}).get("details") or {}).get("cells", ()):
            cell["thought"] = names[cell["thought"]]
    expected = [(names[thought], role, step) for thought, role, step in told(report("Parallel")["roles"])]
    assert told(moved["roles"]) == sorted(expected)
    assert skeleton(moved["explanation"]["text"]) == skeleton(explanation(renamed).text)


def skeleton(text):
    """A text without its measured numbers: donors depend on the step that a thought is exchanged at, and so do they."""
    return re.sub(r"\d+(?:\.\d+)?(?: to \d+(?:\.\d+)?)?(?= %| points)", "#", text)


PERMUTED = """
from tests.planted.model import Found
from pathlib import Path

PARALLEL = type(Found(Path({models!r}), "Parallel").make())


class Permuted(PARALLEL):
    order = {order}

    def thought(self, k, problem, seen):
        return super().thought(self.order[k], problem, {{}})

    def answer(self, problem, seen):
        return super().answer(problem, {{self.order[k]: value for k, value in seen.items()}})
"""
