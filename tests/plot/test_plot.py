"""Pictures of a notebook: axes in and out, and what is drawn is what was measured."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from ctlab import plot
from ctlab.errors import InputError
from ctlab.interventions import BASELINE, Condition, Intervention
from ctlab.outcomes import Run, RunSet
from ctlab.problems import Problem
from ctlab.records import Judgement, Verdict
from ctlab.records.generation import Generation
from ctlab.statistics import needed_where, paired_difference
from tests.claims.making import claim
from tests.reporting.fake_measurements import fake_measurements

LOST = paired_difference(lost=230, gained=29, n=1319, alternative="less", alpha=0.05)
SAME = paired_difference(lost=3, gained=2, n=1319, alternative="less", alpha=0.05)
JUDGED = Judgement(claim_id="ct0-lowers", verdict=Verdict.SUPPORTED, effect=LOST, alpha=0.05, reason="Because.")

DOSES = (("half", 42, 0.5), ("all", 30, 0.0))


@pytest.fixture(autouse=True)
def closed():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def texts(axes):
    return [text.get_text() for text in axes.texts]


def named(axes):
    return [label.get_text() for label in axes.get_yticklabels()]


def run(name, right, n=60, **fields):
    problems = tuple(Problem(question=f"What is {k}?", gold=k, solution=f"<<{k}+0={k}>>{k}") for k in range(1, n + 1))
    said = [
        Generation(problem_id=p.id, token_ids=(), text=p.gold_text if k < right else "") for k, p in enumerate(problems)
    ]
    return Run.of(BASELINE if name == "baseline" else Condition(name=name, **fields), problems, said)


def weakened(keep):
    return (Intervention(keys=("CT0",), readers="later", keep=keep),)


@pytest.mark.parametrize("what", [{"num_thoughts": 2}, {"model": "another"}])
def test_what_removes_no_weight_has_no_dose(what):
    with pytest.raises(InputError, match="the condition other weakens no edges by one factor"):
        plot.dose(RunSet([run("baseline", 40), run("other", 30, **what)]))


def test_effects_stand_below_each_other_in_their_order():
    axes = plot.forest([JUDGED, SAME])
    assert named(axes) == ["✓ ct0-lowers\nn = 1,319", "effect\nn = 1,319"]
    assert texts(axes) == ["−15.2 (−17.2 to −13.4)", "−0.1 (−0.5 to +0.3)"]
    assert axes.get_xlabel() == "difference in points, 90 % interval"
    dots = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert dots == pytest.approx([100 * LOST.estimate, 100 * SAME.estimate])
    low, high = axes.get_ylim()
    assert low > high, "the first is at the top"


def test_axes_are_taken_and_given_back():
    figure, (left, right) = plt.subplots(ncols=2)
    assert plot.forest({"hidden": LOST}, left) is left
    assert plot.heat_map({"CT0": {"answer": -0.2}}, right) is right
    assert named(left) == ["hidden\nn = 1,319"]
    assert plt.get_fignums() == [figure.number]


def test_a_table_of_effects():
    table = pd.DataFrame({"estimate": [0.02], "low": [-0.01], "high": [0.05], "n": [200]}, index=["mine"])
    axes = plot.forest(table)
    assert (named(axes), texts(axes)) == (["mine\nn = 200"], ["+2.0 (−1.0 to +5.0)"])


def test_thoughts_by_strata_are_those_of_the_claim():
    baseline = run("baseline", 60, n=120)
    hidden = run("ct0_blocked", 0, n=120, interventions=weakened(0.0))
    question = claim("decrease", kind="needed where", margin=0.05, feature="n_operations")
    effect = needed_where(baseline, [hidden], type("Q", (), _fields(question)), feature="n_operations")
    axes = plot.thoughts_by_stratum(effect)
    assert named(axes) == ["CT0"]
    assert "50.0" in texts(axes)
    assert "needed" in texts(axes)


def _fields(question):
    return {"direction": question.direction, "margin": question.margin, "alpha": 0.05}


def test_a_heat_map_says_points_of_differences_and_percent_of_rates():
    lost = plot.heat_map({"CT0": {"answer": -0.2, "later": None}, "CT1": {"answer": 0.031}}, n=300, title="Lost")
    assert texts(lost) == ["−20", "3.1"]
    assert lost.get_title(loc="left") == "Lost\nn = 300"
    assert lost.figure.axes[-1].get_ylabel() == "points"
    assert lost.images[0].get_clim() == (-20.0, 20.0)
    rates = plot.heat_map(pd.DataFrame({"answer": [0.8]}, index=["CT0"]))
    assert (texts(rates), rates.figure.axes[-1].get_ylabel()) == (["80"], "%")


def test_a_heat_map_tells_0_from_nothing_and_names_its_axes_as_the_table_does():
    rows = [("a", 1.0, 0.5), ("a", 2.0, 0.0), ("b", 1.0, 1.0)]
    table = pd.DataFrame(rows, columns=["condition", "operations", "correct"])
    axes = plot.heat_map(table.pivot_table(index="condition", columns="operations", values="correct"))
    assert texts(axes) == ["50", "0", "100"], "nothing was measured of b and 2"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("operations", "condition")
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "2"]
    assert texts(plot.heat_map({"CT0": {"CT1": -0.1, "CT2": 0.0, "CT3": -0.0001}})) == ["−10", "0.0", "0.0"]


def test_where_attention_goes_is_drawn_of_a_measurement():
    measured = fake_measurements(("a", "b"), ())["baseline"]
    axes = plot.heat_map(measured)
    assert named(axes) == list(measured.readers)
    assert axes.get_title(loc="left").endswith("n = 2")
    expected = 100 * measured.head_mass.mean(axis=(1, 2))
    assert axes.images[0].get_array().data == pytest.approx(expected, abs=1e-4)


def test_dose_and_response():
    runs = RunSet(
        [run("baseline", 48), run("half", 42, interventions=weakened(0.5)), run("all", 30, interventions=weakened(0.0))]
    )
    axes = plot.dose(runs)
    line = axes.lines[0]
    assert list(line.get_xdata()) == [0.0, 0.5, 1.0]
    assert list(line.get_ydata()) == [80.0, 70.0, 50.0]
    assert axes.get_title(loc="left").endswith("n = 60")
    by_hand = plot.dose(runs, doses={"baseline": 3, "half": 2, "all": 1}).lines[0]
    assert list(by_hand.get_ydata()) == [50.0, 70.0, 80.0]


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plot.forest([]), "there is nothing to draw"),
        (lambda: plot.forest(3), "an effect is an Effect, a Judgement"),
        (lambda: plot.forest(JUDGED, ax=3), "ax is matplotlib's axes"),
        (lambda: plot.forest(pd.DataFrame({"x": [1]})), "the table has no column 'estimate'"),
        (lambda: plot.thoughts_by_stratum(LOST), "of another kind"),
        (lambda: plot.thoughts_by_stratum(3), "this is int"),
        (lambda: plot.heat_map([1, 2]), "a heat map is drawn of a pandas.DataFrame"),
        (lambda: plot.heat_map({"a": {"b": "x"}}), "column 'b' holds 'x', which is no number"),
        (lambda: plot.heat_map({}), "the table holds no number"),
        (lambda: plot.dose(3), "doses are drawn of several runs"),
        (lambda: plot.dose(RunSet([run("baseline", 3)]), doses={}), "doses say nothing of 'baseline'"),
    ],
)
def test_what_cannot_be_drawn_is_said(draw, message):
    with pytest.raises(InputError, match=message):
        draw()


def test_two_units_have_no_scale_in_common():
    from dataclasses import replace

    with pytest.raises(InputError, match="effects in points and ratio have no scale in common"):
        plot.forest([LOST, replace(LOST, unit="ratio")])
