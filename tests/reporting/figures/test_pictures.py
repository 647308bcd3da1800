import json
from pathlib import Path

import matplotlib
import pytest
from matplotlib.text import Text

from ctlab.reporting.figures import PICTURES, picture_files
from ctlab.reporting.figures.style import COLUMN_WIDTH, SETTINGS, SMALL, TEXT_WIDTH
from ctlab.reporting.schema import complete
from tests.reporting.fake_report import fake_report
from tests.reporting.whole_report import problems, report

PAGE_HEIGHT = 24 / 2.54
"""Inches: a page of A4 without its margins."""
PAGE = Path(__file__).parents[3] / "docs" / "reports.md"


@pytest.fixture(scope="module")
def drawings():
    whole = complete(report())
    return {picture.file: picture.of(whole, problems()) for picture in PICTURES}


@pytest.mark.parametrize("file", [picture.file for picture in PICTURES])
def test_every_picture(drawings, file):
    drawing = drawings[file]
    assert drawing.title
    assert len(drawing.words) > 20
    form = drawing.numbers.to_json()
    assert json.loads(json.dumps(form)) == form
    table = drawing.table()
    assert table.rows
    assert {len(row) for row in table.rows} == {len(table.heads)}


@pytest.mark.parametrize("width", [COLUMN_WIDTH, TEXT_WIDTH])
@pytest.mark.parametrize("file", [picture.file for picture in PICTURES])
def test_every_picture_is_as_wide_as_it_is_asked_and_its_text_can_be_read_there(drawings, file, width):
    with matplotlib.rc_context(SETTINGS):
        figure = drawings[file].draw(width)
        assert figure.axes
        assert figure.get_figwidth() == width
        assert figure.get_figheight() < PAGE_HEIGHT
        texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
        assert min(text.get_fontsize() for text in texts) >= SMALL


def test_each_has_a_file_of_its_own_that_the_documentation_names():
    page = PAGE.read_text(encoding="utf-8")
    files = [picture.file for picture in PICTURES]
    assert len(set(files)) == len(files)
    for file in files:
        name, _, ending = file.rpartition(".")
        assert f"`{file}`" in page or f"`{name}.json`, `.{ending}`" in page, file


def test_what_a_report_has_no_numbers_for_is_left_out():
    assert picture_files(complete(fake_report(conditions=0) | {"problem_sensitivity": {}}), []) == []
