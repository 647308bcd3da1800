import pytest

from ctlab.errors import InputError
from ctlab.reporting.figures import commitment_curve as picture
from ctlab.reporting.schema import complete
from tests.reporting.fake_report import fake_report
from tests.reporting.whole_report import fake_commitment


def shown(form):
    return picture.numbers(complete(fake_report(conditions=1) | {"commitment": form}), [])


def test_a_line_a_stratum_in_two_panels_with_intervals():
    curve = shown(fake_commitment())
    figure = picture.draw(curve, 6.9)
    assert [axes.get_title() or axes.get_title(loc="left") for axes in figure.axes] == [
        "right answers",
        "answers that are the final one",
    ]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "all problems, n = 200",
        "1 operation, n = 100",
        "2 operations, n = 100",
    ]
    left, right = (axes.lines for axes in figure.axes)
    # The final answer is itself: no point of the right panel.
    assert {round(max(line.get_xdata())) for line in left if len(line.get_xdata()) > 1} == {3}
    assert all(max(line.get_xdata()) < 2.5 for line in right)
    rows = picture.table(curve).rows
    assert len(rows) == 3 * (4 + 3)
    assert rows[0][:5] == ("all problems", 200, "right", 0, 0.1)
    assert all(low <= rate <= high for *_, rate, low, high in rows)
    assert "after 2 thoughts 60.0 % right and 80.0 % final; 70.0 % right after all 3" in picture.words(curve)


def test_a_stratum_that_is_too_small_is_said_and_not_drawn():
    form = fake_commitment()
    form["strata"].append({"value": 3, "n": 7, "points": [{"fed": k, "right": 1, "same": 1} for k in range(4)]})
    assert shown(form).omitted == 1
    assert "1 stratum of fewer than 50 problems" in picture.words(shown(form))


def test_without_early_answers_there_is_no_picture():
    assert shown(None) is None


@pytest.mark.parametrize(
    "points",
    [[{"fed": 1, "right": 1, "same": 1}, {"fed": 0, "right": 1, "same": 1}], [{"fed": 0, "right": 9, "same": 1}]],
)
def test_counts_that_cannot_be_are_refused(points):
    with pytest.raises(InputError, match=r"ascending|must not count more than its 5 problems"):
        shown({"feature": "", "strata": [{"n": 5, "points": points}]})
