import pytest

from ctlab.reporting.html.axis import effect_axis
from ctlab.reporting.html.forest import forest
from ctlab.reporting.model import ClaimRow, read
from ctlab.showing.scale import axis
from ctlab.statistics import equivalence, paired_difference
from tests.reporting.fake_report import claim


def drawn(effect, plain=None):
    row = claim("x", "X.", verdict="SUPPORTED", effect=effect.to_json(), interval_95=plain)
    shown = read(ClaimRow, row, "row")
    return forest(shown, effect_axis([shown]))


def test_order_on_the_axis_is_the_order_of_the_numbers():
    picture = drawn(paired_difference(230, 29, 1319, alternative="less"), [-0.18, -0.12])
    low, high = picture.deciding
    assert 0 < low < picture.estimate < high < picture.zero < 100
    assert picture.claimed == (0.0, picture.zero)


def test_equivalence_shades_its_margins():
    picture = drawn(equivalence(14, 9, 1319, margin=0.02))
    assert picture.claimed == picture.boundaries
    assert picture.boundaries[0] < picture.deciding[0] < picture.deciding[1] < picture.boundaries[1]


def test_a_margin_is_drawn_where_the_null_ends():
    picture = drawn(paired_difference(400, 29, 1319, margin=0.25, alternative="less"))
    assert len(picture.boundaries) == 1
    assert picture.claimed == (0.0, picture.boundaries[0])


def test_nothing_at_all_still_has_an_axis():
    picture = drawn(paired_difference(0, 0, 1319))
    assert picture.zero == picture.estimate


@pytest.mark.parametrize("reach", [1e-6, 0.003, 0.19, 1.0, 7.0, 4000.0])
def test_ticks_are_few_and_round(reach):
    labels = [label for _, label in axis([-reach, reach], "log-odds").ticks]
    assert 3 <= len(labels) <= 9
    assert "0" in {label.rstrip("0").rstrip(".") or "0" for label in labels}
    assert len(set(labels)) == len(labels)


def test_a_ratio_is_compared_with_one():
    scale = axis([1.2, 2.4], "ratio")
    assert scale.low < 1 < scale.high
