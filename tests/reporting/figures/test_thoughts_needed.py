import pytest

from ctlab.reporting.figures import thoughts_needed as picture
from ctlab.reporting.figures.style import COLUMN_WIDTH, TEXT_WIDTH
from ctlab.reporting.schema import complete
from tests.reporting.fake_cells import needed_claim
from tests.reporting.fake_report import fake_report


def shown(*claims):
    return picture.numbers(complete(fake_report(conditions=1) | {"claims": list(claims)}))


def test_a_cost_is_the_loss_turned_around_and_no_end_is_rounded_onto_the_margin():
    numbers = shown(needed_claim())
    first, beside = numbers.cells[0][:2]
    assert first.numbers == (0.75, 0.63, 0.84)
    assert picture.ends_text(first, numbers.margin) == "63 to 84"
    assert picture.ends_text(beside, numbers.margin) == "−1 to 10.04"
    assert picture.ends_text(numbers.cells[0][3], numbers.margin) == "not tested"
    assert "3 needed, 3 idle, 6 unknown. Needed: CT0, 1 operation: 75.0;" in picture.words(numbers)
    assert "9 cells together" in picture.words(numbers)


@pytest.mark.parametrize("width", [COLUMN_WIDTH, TEXT_WIDTH])
@pytest.mark.parametrize(("thoughts", "strata"), [(1, 1), (2, 11), (9, ["topic = a", "topic = $b_1$ and more of it"])])
def test_any_number_of_thoughts_and_strata_fits(width, thoughts, strata):
    numbers = shown(needed_claim(thoughts, strata))
    figure = picture.draw(numbers, width)
    places = strata if isinstance(strata, int) else len(strata)
    assert sum(len(axes.patches) for axes in figure.axes) == thoughts * places
    assert figure.get_figwidth() == width


def test_columns_that_do_not_fit_stand_below():
    numbers = shown(needed_claim(1, 11))
    assert [len(part) for part in picture.blocks(numbers, 5)] == [4, 4, 3]
    assert [len(part) for part in picture.blocks(numbers, 0)] == [1] * 11


def test_a_cell_that_is_not_there_is_left_out():
    claim = needed_claim(2, 2)
    del claim["effect"]["details"]["cells"][1]
    numbers = shown(claim)
    assert [[cell is None for cell in row] for row in numbers.cells] == [[False, True], [False, False]]
    assert numbers.sizes == ["250", "12"]


def test_what_is_void_or_tells_readers_apart_is_not_drawn_and_a_sentence_says_so():
    void = needed_claim(verdict="VOID")
    assert shown(void) is None
    assert picture.missing(complete(fake_report() | {"claims": [void]})).endswith("thoughts-needed is VOID.")
    read = needed_claim()
    for cell in read["effect"]["details"]["cells"]:
        cell["readers"] = "the answer"
    assert shown(read) is None
    assert shown(void, needed_claim(id="second")).claim == "second"
    assert "No claim of this run asks" in picture.missing(complete(fake_report()))
    left = needed_claim(status="not_run", verdict=None, effect=None)
    assert "was not judged" in picture.missing(complete(fake_report() | {"claims": [left]}))
    more = left | {"id": "second"}
    assert "and second were not judged" in picture.missing(complete(fake_report() | {"claims": [left, more]}))


@pytest.mark.parametrize("width", [COLUMN_WIDTH, TEXT_WIDTH])
def test_how_to_read_it_stands_in_the_caption_alone_and_no_interval_hides_behind_its_estimate(width):
    numbers = shown(needed_claim())
    figure = picture.draw(numbers, width)
    assert not figure.texts
    assert "Points of accuracy lost" in picture.words(numbers)
    assert "\N{NO-BREAK SPACE}%" in picture.words(numbers)
    assert " %" not in picture.words(numbers)
    lines = [line for axes in figure.axes for line in axes.lines]
    assert {str(line.get_marker()) for line in lines} == {"None"}
    whiskers, estimates = lines[::2], lines[1::2]
    assert len(whiskers) == len(estimates) == numbers.tested
    for whisker, estimate in zip(whiskers, estimates, strict=True):
        across = whisker.get_window_extent().width * 72 / figure.dpi
        assert estimate.get_xdata()[0] == estimate.get_xdata()[1]
        assert across > 1.3 * estimate.get_linewidth()
