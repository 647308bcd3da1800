from ctlab.interventions import Condition
from ctlab.reporting.html.grid import grid
from ctlab.reporting.prose.intervention_words import CONTROL_KEY
from tests.reporting.fake_report import CONDITIONS


def drawing(interventions, num_thoughts=6):
    return grid(Condition.from_json({"name": "x", "interventions": interventions}).interventions, num_thoughts)


def hidden(interventions, num_thoughts=6):
    drawn = drawing(interventions, num_thoughts)
    return {
        (reader, key)
        for reader, cells in drawn.rows
        for key, cell in zip(drawn.keys, cells, strict=True)
        if cell.state == "hidden"
    }


def test_later_means_every_position_after_the_key():
    expected = {(reader, "CT4") for reader in ("CT5", "end", "answer")}
    assert hidden([{"keys": ["CT4"], "readers": "later"}]) == expected


def test_thoughts_that_come_before_a_key_are_no_readers():
    assert hidden([{"keys": ["CT4"], "readers": "thoughts"}]) == {("CT5", "CT4")}
    assert hidden([{"keys": ["CT5"], "readers": "thoughts"}]) == set()


def test_self_is_hidden_only_when_asked():
    plain = hidden([{"keys": ["CT0"], "readers": ["CT2"]}])
    with_self = hidden([{"keys": ["CT0"], "readers": ["CT2"], "self": True}])
    assert with_self - plain == {("CT0", "CT0")}


def test_answer_means_end_and_answer():
    assert hidden([{"keys": "thoughts", "readers": "answer"}], 2) == {
        (reader, key) for reader in ("end", "answer") for key in ("CT0", "CT1")
    }


def test_end_has_a_column_where_it_is_hidden():
    drawn = drawing([{"keys": ["CT1", "end"], "readers": "answer"}], 2)
    assert drawn.keys == ("question", "begin", "CT0", "CT1", "end")
    assert hidden([{"keys": ["CT1", "end"], "readers": "answer"}], 2) == {
        ("end", "CT1"),
        ("answer", "CT1"),
        ("answer", "end"),
    }
    assert "end" not in drawing([{"keys": ["CT1"], "readers": "answer"}], 2).keys


def test_question_control_has_a_column_of_its_own():
    drawn = drawing([{"keys": "question-control", "readers": "later"}], 2)
    assert drawn.keys[0] == CONTROL_KEY
    assert {key for _, key in hidden([{"keys": "question-control", "readers": "later"}], 2)} == {CONTROL_KEY}


def test_overlapping_interventions_multiply():
    half = {"keys": ["CT0"], "readers": ["CT1"], "keep": 0.5}
    cell = dict(drawing([half, half], 2).rows)["CT1"][2]
    assert (cell.state, cell.keep) == ("weakened", 0.25)


def test_what_comes_later_cannot_be_read_anyway():
    cells = dict(drawing(CONDITIONS["ct0_blocked"], 3).rows)["CT0"]
    assert [cell.state for cell in cells] == ["reads", "reads", "reads", "never", "never"]


def test_some_layers_or_heads_are_partial():
    drawn = drawing([{"keys": ["CT0"], "readers": "later", "layers": [0, 1], "heads": [3]}], 2)
    assert dict(drawn.rows)["CT1"][2].partial


def test_num_thoughts_follows_from_the_names_where_it_is_unknown():
    assert drawing([{"keys": ["CT7"], "readers": "later"}], None).keys[-1] == "CT7"


GIVEN_BACK = [{"keys": ["CT0"], "readers": "later"}, {"thoughts": ["CT2", "CT3"], "by": "baseline"}]


def test_what_is_patched_is_a_row_of_its_own():
    drawn = drawing(GIVEN_BACK, 4)
    assert drawn.keys == ("question", "begin", "CT0", "CT1", "CT2", "CT3")
    assert [cell.state for cell in drawn.patches] == ["own"] * 4 + ["replaced"] * 2
    assert [cell.mark for cell in drawn.patches] == ["", "", "", "", "↺", "↺"]
    assert drawn.patches[4].words == "CT2 is given back as baseline had it"
    assert hidden(GIVEN_BACK, 4) == {(reader, "CT0") for reader in ("CT1", "CT2", "CT3", "end", "answer")}


def test_all_thoughts_are_those_of_the_model():
    drawn = drawing([{"thoughts": "all", "by": "zero"}], 3)
    assert [cell.mark for cell in drawn.patches] == ["", "", "0", "0", "0"]
    assert drawing([{"thoughts": ["CT7"], "by": "zero"}], None).keys[-1] == "CT7"
    assert drawing(CONDITIONS["ct0_blocked"], 3).patches == ()
