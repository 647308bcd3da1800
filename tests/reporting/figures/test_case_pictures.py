from ctlab.reporting.figures import case_pictures as picture
from ctlab.reporting.figures.style import TEXT_WIDTH
from ctlab.reporting.model import Probed, ProblemRow, read
from ctlab.reporting.model.record import Many
from ctlab.reporting.schema import complete
from ctlab.reporting.summaries.case_studies import case_studies
from ctlab.reporting.summaries.prediction_rows import Predictions
from tests.reporting.fake_report import fake_predictions, fake_problems, fake_report

KEYS = ["question", "CT0"]
CASE = {
    "attention": {
        "baseline": {"readers": ["CT1", "answer"], "keys": KEYS, "mass": [[0.9, 0.1], [0.7, 0.00005]]},
        "ct0_blocked": {"readers": ["CT1", "answer"], "keys": KEYS, "mass": [[1.0, 0.0], [1.0, 0.0]]},
    },
    "divergence": {"ct0_blocked": {"positions": ["CT0", "CT1"], "cosine": [1.0, 0.6]}},
}


def hatched(axes):
    return [patch.get_xy() for patch in axes.patches if patch.get_hatch()]


def test_removed_edges_are_hatched_where_baseline_reads():
    case = read(Probed, CASE, "case")
    shown = picture.numbers(case)
    assert shown.removed == {"baseline": (), "ct0_blocked": ((0, 1),)}
    maps = picture.draw(shown, TEXT_WIDTH).axes
    assert [hatched(axes) for axes in maps[:2]] == [[], [(0.5, -0.5)]]
    assert "Hatched: removed edges." in picture.words(case)
    assert "Hatched" not in picture.words(case.under(["baseline"]))


def test_nothing_recorded_is_no_picture():
    assert picture.numbers(Probed()) is None
    assert picture.words(Probed()) == ""


def test_a_case_keeps_the_same_conditions_of_everything_that_was_found():
    form = fake_report(conditions=8)
    names = [row["name"] for row in form["conditions"]]
    table = {name: {"positions": ["CT0"], "cosine": [1.0]} for name in names}
    probed = {
        "attention": {name: CASE["attention"]["baseline"] for name in names},
        "divergence": {name: row for name, row in table.items() if name != "baseline"},
    }
    problems = read(Many[ProblemRow], fake_problems(form), "problems")
    answers = Predictions(fake_predictions(form), "answers")
    details = {row.problem_id: probed for row in problems}
    case = case_studies(complete(form), answers, problems, details).cases[0]
    assert list(case.attention) == ["baseline", "ct0_blocked", "ct4_blocked"]
    assert list(case.divergence) == ["ct0_blocked", "ct4_blocked"]


def test_every_case_has_the_same_axes():
    far = {**CASE, "divergence": {"ct0_blocked": {"positions": ["CT0", "CT1"], "cosine": [1.0, -0.4]}}}
    drawn = [picture.draw(picture.numbers(read(Probed, case, "case")), TEXT_WIDTH).axes[-1] for case in (CASE, far)]
    assert drawn[0].get_ylim() == drawn[1].get_ylim()
