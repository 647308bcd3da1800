"""The picture of a claim's sweep: which claims have one, what it says, and that it can be read at every size."""

import json
from pathlib import Path

import matplotlib
import pytest
from matplotlib.text import Text

from ctlab.reporting.figures import picture_files, sweep_map
from ctlab.reporting.figures.pictures import drawings
from ctlab.reporting.figures.style import COLUMN_WIDTH, SETTINGS, SMALL, TEXT_WIDTH
from ctlab.reporting.schema import complete
from tests.reporting.fake_report import fake_report
from tests.reporting.fake_sweep import THOUGHTS, sweep_claim, sweep_details

PAGE_HEIGHT = 24 / 2.54
TRIANGLE = [[THOUGHTS[at], reader] for at in range(6) for reader in THOUGHTS[: at + 1]]
GRIDS = {
    "published size": sweep_details(positions=THOUGHTS, layers=list(range(16)), heads=list(range(32))),
    "embedded model": sweep_details(positions=THOUGHTS, layers=[0, 1, 2], heads=[0, 1, 2, 3]),
    "five by one": sweep_details(positions=THOUGHTS[:5], layers=[0]),
    "one axis": sweep_details(readers=["CT1", "answer"]),
    "readers": sweep_details(21, positions=THOUGHTS, readers=[*THOUGHTS, "answer"], edgeless=TRIANGLE),
    "long names": sweep_details(positions=["question-control", "thoughts"], heads=[0, 1], readers=["later", "answer"]),
    "one head": sweep_details(layers=list(range(48)), heads=[0], readers=["answer"]),
}


def whole(*claims):
    return complete(fake_report(conditions=1) | {"claims": list(claims)})


def shown(**fields):
    (row,) = whole(sweep_claim(**fields)).claims
    return sweep_map.numbers(row)


def test_every_claim_by_a_sweep_has_a_picture_before_the_appendix_and_no_other_claim_has():
    report = whole(sweep_claim(), sweep_claim("second"), *fake_report()["claims"])
    made = list(drawings(report, ()))
    files = [drawing.file for _, drawing in made]
    assert files[-2:] == ["sweep_some-place-is-needed.png", "sweep_second.png"]
    assert len({number for number, _ in made}) == len(made)
    assert not [file for file in picture_files(complete(fake_report()), ()) if file.startswith("sweep_")]
    appendix = [drawing.appendix for _, drawing in made]
    assert appendix == sorted(appendix)


def test_an_id_that_is_no_name_of_a_file_leads_nowhere():
    files = {sweep_map.file_of(id) for id in ("a", "../a", "A", "a/b", "a b", "ä", "", "a" * 300, "\ud800")}
    assert len(files) == 9
    for file in files:
        assert Path(file).name == file
        assert file.isascii()
        assert len(file) < 120


def test_its_words_say_what_a_cell_a_corner_and_the_frame_are():
    words = sweep_map.words(shown()).replace("\N{NO-BREAK SPACE}", " ")
    for part in (
        "A cell hides one position from all that comes later in one layer and one head, and nothing else.",
        "in points, over all 1,319 problems. Grey corner: not shown to differ from 0, all 72 cells tested together at "
        "α = .025; 2 cells are shown to differ, the furthest CT0, layer 0, head 0 (−12.5 points).",
        "Frame: CT5, layer 2, head 2, picked as the cell where one half of the problems (660) lost most. The claim is "
        "judged there by the other half (659), which did not pick it: −5.3 points (98.33 % interval −7.0 to −3.0)",
        "Claim some-place-is-needed.",
    ):
        assert part in words
    assert "empty" not in words
    assert "VOID" not in words


def test_its_words_follow_the_axes_the_direction_and_the_verdict():
    readers = shown(sweep=GRIDS["readers"], verdict="VOID")
    words = sweep_map.words(readers)
    assert words.startswith("A cell hides one position from one reader, and nothing else.")
    assert "Where a place is empty, the reader comes before what it would read." in words
    assert "The claim is VOID:" in words
    assert "every thought from one reader, and" in sweep_map.words(shown(sweep=GRIDS["one axis"]))
    up = sweep_claim()
    up["effect"] |= {"alternative": "greater"}
    assert "(660) gained most" in sweep_map.words(sweep_map.numbers(whole(up).claims[0]))
    unknown = sweep_claim()
    unknown["effect"] |= dict.fromkeys(("estimate", "low", "high")) | {"undecided": "nothing changed"}
    assert "and gives no estimate." in sweep_map.words(sweep_map.numbers(whole(unknown).claims[0]))
    none, one = (sweep_details(positions=THOUGHTS) for _ in range(2))
    none["marked"] = [False] * 6
    one["marked"] = [True, *[False] * 5]
    assert "no cell is shown to differ" in sweep_map.words(shown(sweep=none))
    assert "one cell is shown to differ, CT0 (−12.5 points)" in sweep_map.words(shown(sweep=one)).replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_its_table_has_a_row_a_cell():
    table = sweep_map.table(shown(sweep=GRIDS["readers"]))
    assert table.heads == ("position", "reader", "n", "difference", "differs", "picked")
    assert len(table.rows) == 21
    assert table.rows[0] == ("CT0", "CT1", 1319, -0.125, "yes", "no")
    assert [row[:2] for row in table.rows if row[-1] == "yes"] == [("CT4", "answer")]


@pytest.mark.parametrize("width", [COLUMN_WIDTH, TEXT_WIDTH])
@pytest.mark.parametrize("grid", GRIDS)
def test_it_fits_a_page_and_can_be_read(grid, width):
    numbers = shown(sweep=GRIDS[grid])
    form = numbers.to_json()
    assert json.loads(json.dumps(form)) == form
    with matplotlib.rc_context(SETTINGS):
        figure = sweep_map.draw(numbers, width)
        figure.draw_without_rendering()
    assert figure.get_figwidth() == width
    assert figure.get_figheight() < PAGE_HEIGHT
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    assert min(text.get_fontsize() for text in texts) >= SMALL
    page = figure.bbox
    for part in (*figure.axes, *figure.legends):
        box = part.get_tightbbox()
        assert page.x0 - 1 <= box.x0 < box.x1 <= page.x1 + 1
        assert page.y0 - 1 <= box.y0 < box.y1 <= page.y1 + 1
    panels = [axes for axes in figure.axes if axes.collections and axes.images]
    for axes in panels:
        cell = axes.get_window_extent().width / axes.images[0].get_array().shape[1]
        assert cell * 72 / figure.dpi > 4, "at least four points wide"
        for text in axes.texts:
            assert text.get_window_extent().width < cell, text
    cells = sum(axes.images[0].get_array().count() for axes in panels)
    assert cells == len(numbers.places)
    assert sum(len(axes.texts) for axes in panels) == (0 if grid in ("published size", "one head") else cells)
    assert sum(len(axes.collections[0].get_paths()) for axes in panels) == numbers.marked.count(False)
    assert sum(len(axes.patches) for axes in panels) == 1


def test_titles_of_panels_do_not_meet():
    for grid in GRIDS.values():
        with matplotlib.rc_context(SETTINGS):
            figure = sweep_map.draw(shown(sweep=grid), COLUMN_WIDTH)
            figure.draw_without_rendering()
        boxes = [axes._left_title.get_window_extent() for axes in figure.axes if axes._left_title.get_text()]
        assert not [
            (first, second) for at, first in enumerate(boxes) for second in boxes[at + 1 :] if first.overlaps(second)
        ]


def test_the_colours_part_at_0_and_end_at_the_largest():
    with matplotlib.rc_context(SETTINGS):
        figure = sweep_map.draw(shown(), TEXT_WIDTH)
    limits = {axes.images[0].get_clim() for axes in figure.axes if axes.images}
    assert limits == {(-12.5, 12.5)}
    flat = sweep_details(positions=THOUGHTS)
    flat |= {"estimates": [0.0] * 6, "marked": [False] * 6}
    with matplotlib.rc_context(SETTINGS):
        figure = sweep_map.draw(shown(sweep=flat), TEXT_WIDTH)
    assert figure.axes[0].images[0].get_clim() == (-0.1, 0.1)
    assert {text.get_text() for text in figure.axes[0].texts} == {"0.0"}
