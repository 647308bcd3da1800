import json

import pytest

from ctlab.errors import PairingError
from ctlab.interventions import Condition, Intervention
from ctlab.reporting.figures import paths_by_condition as picture
from ctlab.reporting.figures import reasoning_paths as first
from ctlab.reporting.html.mechanism_view import missing
from ctlab.reporting.html.paths_view import paths_view
from ctlab.reporting.schema import complete
from ctlab.reporting.summaries.reasoning_paths import reasoning_paths
from tests.reporting.fake_measurements import CONDITIONS, fake_measurements
from tests.reporting.fake_report import claim, fake_report

IDS = tuple(f"p{number}" for number in range(60))
MEASURED = fake_measurements(IDS)
RIGHT = {
    "baseline": [number % 5 != 0 for number in range(60)],
    "ct0_blocked": [number % 3 != 0 for number in range(60)],
}
DECODED = {"baseline": [{"thought": "CT0", "hits": 37, "n": 60, "shuffled": 0.08}]}
PATHS = reasoning_paths(MEASURED, conditions=CONDITIONS, correct=RIGHT, decoded=DECODED)
REPORT = complete({**fake_report(conditions=3), "reasoning_paths": PATHS})


def test_distance_is_the_mean_over_problems():
    distance = MEASURED["ct0_blocked"].distance.astype(float)
    assert PATHS["conditions"]["ct0_blocked"]["distance"]["mean"][3][2] == pytest.approx(
        distance[:, 3, 2].mean(), abs=1e-6
    )


@pytest.mark.parametrize(
    ("name", "place"), [("ct0_blocked", [1, 1]), ("ct4_blocked", [5, 1]), ("ct0_from_ct2", [2, 1])]
)
def test_paths_part_at_the_first_reader(name, place):
    assert PATHS["conditions"][name]["parts_at"] == place


def test_broken_and_unbroken_are_baseline_correct():
    groups = PATHS["conditions"]["ct0_blocked"]["breaking"]
    broken = [i for i in range(60) if RIGHT["baseline"][i] and not RIGHT["ct0_blocked"][i]]
    assert groups["broken"]["n"] == len(broken)
    assert groups["broken"]["n"] + groups["unbroken"]["n"] == sum(RIGHT["baseline"])
    last = MEASURED["ct0_blocked"].distance.astype(float)[broken, -1, -1]
    assert groups["broken"]["mean"][-1] == pytest.approx(last.mean(), abs=1e-6)
    assert PATHS["conditions"]["ct4_blocked"]["breaking"] is None


def test_cascade_sets_one_reader_beside_all():
    (row,) = PATHS["cascade"]
    assert (row["thought"], row["position"], row["direct"], row["whole"]) == (
        "CT0",
        "CT2",
        "ct0_from_ct2",
        "ct0_blocked",
    )
    difference = (MEASURED["ct0_blocked"].distance - MEASURED["ct0_from_ct2"].distance)[:, 2, -1].astype(float)
    assert row["beyond"]["mean"] == pytest.approx(difference.mean(), abs=1e-6)


def test_a_weaker_or_partial_condition_is_no_direct_effect():
    weak = Intervention(keys=("CT0",), readers=("CT2",), keep=0.5)
    conditions = {**CONDITIONS, "ct0_from_ct2": Condition(name="ct0_from_ct2", interventions=(weak,))}
    assert reasoning_paths(MEASURED, conditions=conditions)["cascade"] == []


def test_answers_of_other_problems_are_refused():
    with pytest.raises(PairingError, match="60 measured paths"):
        reasoning_paths(MEASURED, correct={"baseline": [True] * 59, "ct0_blocked": [True] * 59})


def test_baseline_alone_has_no_path():
    assert reasoning_paths({"baseline": MEASURED["baseline"]}) == {}


def test_the_section_names_where_paths_part():
    view = paths_view(REPORT)
    text = " ".join(view.paragraphs)
    assert "Under ct0_blocked the states are identical to baseline before CT1, first different at CT1 (layer 1)" in text
    captions = [table.caption for table in view.tables]
    assert any("among problems that baseline answers correctly" in caption for caption in captions)
    assert ("baseline, CT0", "37 of 60 (61.7 %)", "8.0 %") in view.tables[-1].rows


def test_no_difference_is_said_so():
    still = {**PATHS, "conditions": {"no_op": {**PATHS["conditions"]["ct0_blocked"], "parts_at": None}}}
    report = complete({**fake_report(conditions=3), "reasoning_paths": still})
    assert "Under no_op no hidden state differs from baseline's." in paths_view(report).paragraphs
    assert "no_op never leaves baseline" in first.words(first.numbers(report, []))


def test_a_run_without_measurements_says_why():
    report = complete({**fake_report(conditions=2, recorded=True)})
    assert missing(report, "H") == "Not measured: recorded answers hold no hidden states."
    claims = [claim("x", "X.", verdict="VOID", needs="G")]
    report = complete({**fake_report(conditions=2), "claims": claims})
    assert missing(report, "A") == "Not measured: no claim of this run needs attention weights."
    claims = [claim("x", "X.", status="not_run", needs="A")]
    report = complete({**fake_report(conditions=2), "claims": claims})
    assert "of 1 claim that need" in missing(report, "A")


def title_of(axes):
    return axes.get_title(loc="left") or axes.get_title()


def test_a_condition_has_one_colour_in_every_panel():
    figure = picture.draw(picture.numbers(REPORT, []), 6.9)
    used = {}
    for axes in figure.axes:
        title = title_of(axes)
        for line in axes.get_lines():
            label = str(line.get_label())
            if label in ("broken", "unbroken") or label.startswith(("broken (", "unbroken (")):
                label = title.split(":")[0]
            used.setdefault(label, set()).add(line.get_color())
        for bars in axes.containers:
            used.setdefault(str(bars.get_label()), set()).add(bars.lines[0].get_color())
    assert set(CONDITIONS) <= set(used)
    for name in CONDITIONS:
        assert len(used[name]) == 1, name
    assert len({colour for name in CONDITIONS for colour in used[name]}) == len(CONDITIONS)


def test_lines_after_the_last_layer_have_a_legend():
    figure = picture.draw(picture.numbers(REPORT, []), 6.9)
    (axes,) = [axes for axes in figure.axes if "after the last layer" in title_of(axes)]
    assert axes.get_legend() is not None
    assert len(first.draw(first.numbers(REPORT, []), 3.3).legends) == 1


def test_what_thoughts_decode_to_is_drawn_beside_shuffled_problems():
    shown = picture.numbers(REPORT, [])
    assert "Under baseline thoughts decode to an intermediate result most often at CT0 (61.7 %, shuffled 8.0 %)." in (
        picture.words(shown)
    )
    (axes,) = [axes for axes in picture.draw(shown, 6.9).axes if "decodes" in title_of(axes)]
    assert [list(line.get_ydata()) for line in axes.get_lines()] == [[pytest.approx(61.6667, abs=1e-3)], [8.0]]


def test_numbers_of_the_picture_are_json():
    shown = picture.numbers(REPORT, []).to_json()
    assert list(shown["conditions"]) == list(CONDITIONS)
    assert json.loads(json.dumps(shown)) == shown
