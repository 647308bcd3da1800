import pytest

from ctlab.reporting.html.claim_tables import claim_tables
from ctlab.reporting.model import ClaimRow, EffectRow, read
from ctlab.reporting.model.claim_row import ExampleRow
from ctlab.reporting.prose.discordant import changed, each_alone, step
from ctlab.statistics import paired_difference
from ctlab.statistics.joint.intersection_union import all_of
from tests.reporting.fake_report import claim


def test_each_condition_is_named():
    assert each_alone(176, 1219, ("a", "b")) == "176 under a only, 1,219 under b only"
    assert each_alone(None, 3, ("a", "b")) == ""


def test_a_step_names_two_conditions():
    assert step("baseline → half") == ("baseline", "half")
    assert step("CORRECT") is None
    parts = {"baseline → half": paired_difference(7, 9, 1319), "half → none": paired_difference(90, 3, 1319)}
    effect = read(EffectRow, all_of(parts, parts, null="some step does not fall").to_json(), "effect")
    tables, _ = claim_tables(effect.details, effect.unit)
    assert tables[0].rows[1][-1] == "90 under half only, 3 under none only"


@pytest.mark.parametrize(
    ("change", "outcome", "first", "words"),
    [
        ("lost", "CORRECT", "baseline", "broken"),
        ("gained", "CORRECT", "baseline", "fixed"),
        ("lost", "NONE", "baseline", "lost"),
        ("gained", "CORRECT", "ct0_blocked", "gained"),
        ("changed", "CORRECT", "baseline", "changed"),
    ],
)
def test_an_example_is_called_what_the_counts_call_it(change, outcome, first, words):
    example = ExampleRow(problem_id="x", change=change, answers={first: "7", "patched": "4"})
    row = read(ClaimRow, claim("x", "X.", outcome=outcome, status="not_run"), "row")
    assert changed(example, row) == words
