import pytest

from ctlab.reporting.html.grid import CONTROL_KEY, grid, sentence
from tests.reporting.fake_report import CONDITIONS


def hidden(interventions, num_thoughts=6):
    drawn = grid(interventions, num_thoughts)
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


def test_question_control_has_a_column_of_its_own():
    drawn = grid([{"keys": "question-control", "readers": "later"}], 2)
    assert drawn.keys[0] == CONTROL_KEY
    assert {key for _, key in hidden([{"keys": "question-control", "readers": "later"}], 2)} == {CONTROL_KEY}


def test_overlapping_interventions_multiply():
    half = {"keys": ["CT0"], "readers": ["CT1"], "keep": 0.5}
    cell = dict(grid([half, half], 2).rows)["CT1"][2]
    assert (cell.state, cell.keep) == ("weakened", 0.25)


def test_what_comes_later_cannot_be_read_anyway():
    cells = dict(grid(CONDITIONS["ct0_blocked"], 3).rows)["CT0"]
    assert [cell.state for cell in cells] == ["reads", "reads", "reads", "never", "never"]


def test_layers_and_heads_are_said():
    drawn = grid([{"keys": ["CT0"], "readers": "later", "layers": [0, 1], "heads": [3]}], 2)
    assert dict(drawn.rows)["CT1"][2].partial
    assert drawn.sentence == (
        "CT0 is hidden from every later position, in layers 1 and 2 (indices 0 and 1) and head 4 (index 3) only."
    )
    one = [{"keys": ["CT0", "CT1"], "readers": "later", "self": True, "layers": [0]}]
    assert sentence(one) == (
        "CT0 and CT1 are hidden from every later position and from themselves, in layer 1 (index 0) only."
    )


def test_num_thoughts_follows_from_the_names_where_it_is_unknown():
    assert grid([{"keys": ["CT7"], "readers": "later"}], None).keys[-1] == "CT7"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("baseline", "Nothing is hidden."),
        ("ct0_cut_off_from_question", "The question is hidden from begin and CT0."),
        ("ct0_dose_50", "The weight of CT0 for every later position is multiplied by 0.5."),
        ("ct5_blocked", "CT5 is hidden from the end marker and the answer and from itself."),
    ],
)
def test_sentence(name, words):
    assert sentence(CONDITIONS[name]) == words


GIVEN_BACK = [{"keys": ["CT0"], "readers": "later"}, {"thoughts": ["CT2", "CT3"], "by": "baseline"}]


@pytest.mark.parametrize(
    ("interventions", "words"),
    [
        ([{"thoughts": ["CT0"], "by": "zero"}], "CT0 is replaced by zero."),
        ([{"thoughts": ["CT1"], "by": "mean"}], "CT1 is replaced by its mean over the problems."),
        (
            [{"thoughts": ["CT0", "CT1"], "by": "noise", "seed": 3}],
            "CT0 and CT1 are each replaced by noise of the same norm (drawn with seed 3).",
        ),
        ([{"thoughts": "all", "by": "resample"}], "Every thought is replaced by that of another problem."),
        ([{"thoughts": ["CT0"], "by": "self"}], "CT0 is replaced by itself."),
        (
            [{"thoughts": ["CT0"], "by": "decoded"}],
            "CT0 is replaced by the embedding of the token that it decodes to.",
        ),
        (GIVEN_BACK, "CT0 is hidden from every later position. CT2 and CT3 are given back as baseline had them."),
    ],
)
def test_replacements_are_said(interventions, words):
    assert sentence(interventions) == words


def test_what_is_fed_is_a_row_of_its_own():
    drawn = grid(GIVEN_BACK, 4)
    assert drawn.keys == ("question", "begin", "CT0", "CT1", "CT2", "CT3")
    assert [cell.state for cell in drawn.fed] == ["own"] * 4 + ["replaced"] * 2
    assert [cell.mark for cell in drawn.fed] == ["", "", "", "", "↺", "↺"]
    assert drawn.fed[4].words == "CT2 is given back as baseline had it"
    assert hidden(GIVEN_BACK, 4) == {(reader, "CT0") for reader in ("CT1", "CT2", "CT3", "end", "answer")}


def test_all_thoughts_are_those_of_the_model():
    drawn = grid([{"thoughts": "all", "by": "zero"}], 3)
    assert [cell.mark for cell in drawn.fed] == ["", "", "0", "0", "0"]
    assert grid([{"thoughts": ["CT7"], "by": "zero"}], None).keys[-1] == "CT7"
    assert grid(CONDITIONS["ct0_blocked"], 3).fed == ()


def test_readers_of_the_same_keys_share_a_sentence():
    interventions = [
        {"keys": "question-control", "readers": ["CT1", "CT2"]},
        {"keys": "question-control", "readers": "answer"},
    ]
    assert sentence(interventions) == (
        "One question token (without a digit, the same for every condition) is hidden from CT1, CT2, the end marker "
        "and the answer."
    )
