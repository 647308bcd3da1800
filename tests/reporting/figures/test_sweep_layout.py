"""Where panels stand: none leaves the figure, none lies over another."""

import pytest

from ctlab.reporting.figures.style import COLUMN_WIDTH, TEXT_WIDTH
from ctlab.reporting.figures.sweep_layout import BELOW, layout_of


@pytest.mark.parametrize("width", [COLUMN_WIDTH, TEXT_WIDTH])
@pytest.mark.parametrize("shape", [(1, 0, 1), (1, 0, 5), (1, 5, 1), (6, 3, 4), (6, 16, 32), (2, 22, 32), (40, 12, 12)])
def test_panels_stand_apart_and_inside(width, shape):
    panels, tall, wide = shape
    names = [str(row) for row in range(tall)], [str(column) for column in range(wide)]
    layout = layout_of(width, [f"CT{k}" for k in range(panels)], names)
    places = [layout.panel(number) for number in range(panels)]
    for left, bottom, across, up in places:
        assert 0 <= left < left + across <= 1
        assert BELOW / layout.height < bottom < bottom + up <= 1
    for at, (left, bottom, across, up) in enumerate(places):
        for left_2, bottom_2, across_2, up_2 in places[at + 1 :]:
            beside = left + across < left_2 or left_2 + across_2 < left
            assert beside or bottom > bottom_2 + up_2 or bottom_2 > bottom + up
    assert layout.height < 9.45
    assert layout.numbered == (max(wide, tall) < 6)


def test_the_lowest_figure_with_numbers_and_the_largest_cells_without():
    assert layout_of(TEXT_WIDTH, ["CT0", "CT1"], (["0"] * 3, ["0"] * 4)).across == 2
    assert layout_of(COLUMN_WIDTH, ["CT0", "CT1", "CT2"], (["0"] * 3, ["0"] * 4)).across == 2
    assert layout_of(TEXT_WIDTH, ["CT0"] * 6, (["0"] * 16, ["0"] * 32)).across == 2


def test_long_names_of_columns_are_turned_and_long_titles_keep_apart():
    turned = layout_of(COLUMN_WIDTH, [""], (["CT0"], ["question-control", "thoughts", *["answer"] * 8]))
    assert turned.upright
    assert not layout_of(TEXT_WIDTH, [""], (["CT0"], ["answer", "thoughts"])).upright
    alone = layout_of(COLUMN_WIDTH, ["question-control, from answer"] * 4, (["0"], ["0"]))
    assert alone.across == 1
