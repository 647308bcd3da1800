"""The key of a panel lies above what is drawn, and two lines of one condition part without colour."""

from ctlab.reporting.figures.path_panels import decoded_panel
from ctlab.reporting.figures.style import condition_strokes, new_figure
from ctlab.reporting.model.path_table import DecodedRow


def test_the_key_lies_above_every_line_and_shuffled_lines_are_hollow_and_dashed():
    row = {"n": 100, "exact": 1, "other": 1, "shuffled": 0.04}
    decoded = {
        name: [DecodedRow.model_validate(row | {"thought": f"CT{place}", "hits": 100 - place}) for place in range(3)]
        for name in ("baseline", "ct0_blocked")
    }
    figure = new_figure(3.3, 1.4)
    axes = figure.add_axes((0.15, 0.15, 0.8, 0.68))
    decoded_panel(axes, decoded, condition_strokes(list(decoded)))
    figure.canvas.draw()
    key = axes.get_legend().get_window_extent()
    tops = [axes.transData.transform(line.get_xydata())[:, 1].max() for line in axes.get_lines()]
    assert key.y0 > max(tops)
    assert max(axes.get_yticks()) <= 105
    looks = [(line.get_markerfacecolor() == "white", line.get_linestyle()) for line in axes.get_lines()]
    assert looks == [(False, "-"), (True, "--")] * 2
