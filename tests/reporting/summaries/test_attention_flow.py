from dataclasses import replace

import numpy as np
import pytest

from ctlab.errors import PairingError
from ctlab.reporting.figures import attention_by_layer as picture
from ctlab.reporting.html.attention_view import attention_view
from ctlab.reporting.schema import complete
from ctlab.reporting.summaries.attention_flow import ALL_LAYERS, attention_flow
from tests.reporting.fake_measurements import fake_measurements
from tests.reporting.fake_report import fake_report

IDS = tuple(f"p{number}" for number in range(60))
MEASURED = fake_measurements(IDS)
FLOW = attention_flow(MEASURED)
BLOCKED = FLOW["conditions"]["ct0_blocked"]
REPORT = complete({**fake_report(conditions=3), "attention_flow": FLOW})


def cell(condition, kind, reader, segment, end="mean", layer=ALL_LAYERS):
    row, column = FLOW["readers"].index(reader), FLOW["segments"].index(segment)
    return FLOW["conditions"][condition]["layers"][layer][kind][end][row][column]


def test_a_cell_is_the_mean_over_problems():
    mass = MEASURED["ct0_blocked"].mass.astype(float)
    reader, segment = MEASURED["ct0_blocked"].readers.index("CT3"), FLOW["segments"].index("begin")
    assert cell("ct0_blocked", "mass", "CT3", "begin") == pytest.approx(mass[:, reader, :, segment].mean(), abs=1e-6)
    assert cell("ct0_blocked", "mass", "CT3", "begin", layer="layer 2") == pytest.approx(
        mass[:, reader, 1, segment].mean(), abs=1e-6
    )


@pytest.mark.parametrize("condition", list(FLOW["conditions"]))
def test_rows_sum_to_one_and_differences_to_nothing(condition):
    for kind, total in (("mass", 1.0), ("minus_baseline", 0.0), ("minus_expected", 0.0)):
        for row in FLOW["conditions"][condition]["layers"]["layer 1"].get(kind, {"mean": []})["mean"]:
            if row[0] is not None:
                assert sum(row) == pytest.approx(total, abs=2e-5)


def test_renormalisation_is_taken_out():
    """The made-up model moves attention to the question only; everything else that rises does so by renormalisation."""
    assert cell("ct0_blocked", "minus_baseline", "CT3", "CT1") > 0.01
    assert cell("ct0_blocked", "minus_expected", "CT3", "CT1") < 0
    assert cell("ct0_blocked", "minus_expected", "CT3", "question", "low") > 0


def test_removed_edges_are_no_finding():
    kinds = BLOCKED["cells"]
    column = FLOW["segments"].index("CT0")
    assert kinds[FLOW["readers"].index("CT2")][column] == "removed"
    assert kinds[FLOW["readers"].index("CT0")][FLOW["segments"].index("CT3")] == "absent"
    assert {kind for row in kinds for kind in row} == {"described", "removed", "absent"}


def test_answer_tokens_that_were_not_reached_do_not_count():
    last = FLOW["readers"].index("answer 3")
    table = FLOW["conditions"]["baseline"]["layers"][ALL_LAYERS]["mass"]
    assert table["n"][last] == 45
    assert table["n"][FLOW["readers"].index("answer")] == 60


def test_conditions_may_differ_in_answer_tokens():
    one = MEASURED["ct0_blocked"]
    shorter = replace(
        one,
        readers=one.readers[:-1],
        mass=one.mass[:, :-1],
        expected=one.expected[:, :-1],
        head_mass=one.head_mass[:-1],
    )
    flow = attention_flow({"baseline": MEASURED["baseline"], "ct0_blocked": shorter})
    assert flow["readers"] == FLOW["readers"]
    last = flow["readers"].index("answer 3")
    assert flow["conditions"]["ct0_blocked"]["layers"][ALL_LAYERS]["mass"]["mean"][last][0] is None


def test_other_problems_are_refused():
    other = MEASURED["ct0_blocked"].subset(IDS[1:])
    with pytest.raises(PairingError, match="ct0_blocked and baseline were not measured on the same problems"):
        attention_flow({"baseline": MEASURED["baseline"], "ct0_blocked": other})


def test_nothing_measured_nothing_said():
    assert attention_flow({}) == {}
    assert picture.numbers(complete(fake_report(conditions=3)), []) is None


def test_the_section_says_what_is_left_beyond_renormalisation():
    view = attention_view(REPORT)
    text = " ".join(view.paragraphs)
    assert "These numbers describe" in text
    assert (
        "Under ct0_blocked the largest difference beyond renormalisation, over layers, is where CT1 reads question"
        in text
    )
    assert "unadjusted, n = 60" in text
    (table,) = [table for table in view.tables if table.caption.startswith("ct0_blocked")]
    assert table.heads[0] == "reader"
    assert [row[0] for row in table.rows] == ["CT0", "CT1", "CT2", "CT3", "CT4", "CT5", "end"]
    assert "removed" in table.rows[2]


def test_the_picture_shows_few_layers_and_joins_answers():
    shown = picture.numbers(REPORT, [])
    assert shown.readers == (*(f"CT{k}" for k in range(6)), "end", "answer")
    assert len(REPORT.attention_flow.shown_readers) == 8
    assert picture._layers([ALL_LAYERS, *(f"layer {k}" for k in range(1, 13))]) == (
        ALL_LAYERS,
        "layer 1",
        "layer 7",
        "layer 12",
    )
    assert "Hatched: removed edges" in picture.words(shown)


def test_colours_of_a_difference_ignore_removed_edges():
    shown = picture.numbers(REPORT, [])
    condition = shown.conditions["ct0_blocked"]
    reach = picture._reach(condition, shown.layers, "minus_baseline")
    lost = max(
        abs(value) for row in condition.means[ALL_LAYERS]["minus_baseline"] for value in row if value is not None
    )
    assert reach < 100 * lost
    assert np.isfinite(reach)


def test_readers_of_which_nothing_is_expected_have_no_row():
    shown = picture.numbers(REPORT, [])
    assert "says nothing of answer: answers differ between conditions" in picture.words(shown)
    labels = {}
    figure = picture.draw(shown, 6.9)
    for text, axes in zip(
        figure.texts,
        [axes for axes in figure.axes if ALL_LAYERS in (axes.get_title(), axes.get_title(loc="left"))],
        strict=True,
    ):
        labels[text.get_text()] = [tick.get_text() for tick in axes.get_yticklabels()]
    for name, readers in labels.items():
        assert ("answer" in readers) == ("renormalisation" not in name), name
        assert "CT0" in readers


@pytest.mark.parametrize("width", [3.35, 6.89])
def test_every_table_names_its_columns_and_no_title_touches_what_is_above(width):
    numbers = picture.numbers(REPORT, ())
    figure = picture.draw(numbers, width)
    figure.canvas.draw()
    tables = sum(len(condition.means[ALL_LAYERS]) for condition in numbers.conditions.values())
    titles = figure.texts
    named = [axes for axes in figure.axes if [label.get_text() for label in axes.get_xticklabels()][:1] == ["question"]]
    assert len(titles) == tables
    assert len(named) >= tables
    for title in titles[1:]:
        top = title.get_window_extent().y1
        above = [box for axes in figure.axes if (box := axes.get_tightbbox()).y1 > top]
        assert all(box.y0 >= top for box in above)
    assert "table beside" not in picture.words(numbers)
