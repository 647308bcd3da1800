import pytest

from ctlab.interventions import Condition, Patch
from ctlab.interventions.patches import PATCH_KINDS
from ctlab.reporting.model import ConditionRow, read
from ctlab.reporting.prose.intervention_words import disturbed, sentence
from ctlab.reporting.prose.patch_words import marks_of, patch_marks
from tests.interventions.ways import way_form
from tests.reporting.fake_report import CONDITIONS


def said(interventions):
    return sentence(Condition.from_json({"name": "x", "interventions": interventions}).interventions)


def test_layers_and_heads_are_said():
    some = [{"keys": ["CT0"], "readers": "later", "layers": [0, 1], "heads": [3]}]
    assert said(some) == (
        "CT0 is hidden from every later position, in layers 1 and 2 (indices 0 and 1) and head 4 (index 3) only."
    )
    step = [{"keys": "question", "readers": "answer", "steps": [0, 2], "layers": [1]}]
    assert said(step) == (
        "The question is hidden from the end marker and the answer, in steps 1 and 3 (indices 0 and 2) and core layer "
        "2 (index 1) only."
    )
    one = [{"keys": ["CT0", "CT1"], "readers": "later", "self": True, "layers": [0]}]
    assert said(one) == (
        "CT0 and CT1 are hidden from every later position and from themselves, in layer 1 (index 0) only."
    )


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
    assert said(CONDITIONS[name]) == words


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
        (
            [{"thoughts": ["CT1"], "by": "matched", "step": 2}],
            "CT1 is replaced by that of a problem of the same shape with another result (step 2).",
        ),
        (
            [{"thoughts": ["CT0", "CT1"], "by": "matched-same", "step": 1, "seed": 4}],
            "CT0 and CT1 are replaced by those of a problem of the same shape with the same result and other numbers "
            "elsewhere (step 1, drawn with seed 4).",
        ),
        (
            [{"thoughts": ["CT0", "CT1"], "by": "scale", "factor": -0.5}],
            "CT0 and CT1 are each scaled (factor -0.5).",
        ),
        (
            [{"thoughts": "all", "by": "remove-components", "dimensions": 8, "seed": 2}],
            "Every thought is fed without its first principal components (8 dimensions, drawn with seed 2).",
        ),
        (
            [{"thoughts": ["CT0"], "by": "add-difference", "factor": 2, "contrast": "n_operations >= 3"}],
            "CT0 has the difference of two groups' means added (factor 2, n_operations >= 3 against the rest).",
        ),
        (
            [{"thoughts": ["CT0"], "by": "remove-given", "file": "f.json", "digest": "0123456789abcdef"}],
            "CT0 is fed without its part in a given subspace (directions 0123456789abcdef).",
        ),
        ([{"keys": ["end"], "readers": "later"}], "End is hidden from every later position."),
        (GIVEN_BACK, "CT0 is hidden from every later position. CT2 and CT3 are given back as baseline had them."),
    ],
)
def test_replacements_are_said(interventions, words):
    assert said(interventions) == words


def test_readers_of_the_same_keys_share_a_sentence():
    interventions = [
        {"keys": "question-control", "readers": ["CT1", "CT2"]},
        {"keys": "question-control", "readers": "answer"},
    ]
    assert said(interventions) == (
        "One question token (without a digit, the same for every condition) is hidden from CT1, CT2, the end marker "
        "and the answer."
    )


def test_every_patch_has_words_and_a_mark_of_its_own():
    assert len({said([way_form(by)]) for by in PATCH_KINDS}) == len(PATCH_KINDS)
    every = [Patch.from_json(way_form(by)) for by in PATCH_KINDS]
    assert len({mark for mark, _ in marks_of(every)}) == len(PATCH_KINDS)
    assert marks_of([Patch.from_json(way_form("zero"))]) == [("0", "zero")]
    at_layer = Patch.from_json(way_form("zero", at={"layers": [0], "position": "key"}))
    assert [mark for mark, _ in marks_of([at_layer])] == ["0", "*"]


@pytest.mark.parametrize(
    ("thoughts", "layers", "position", "by", "words"),
    [
        (["CT1"], [1], "residual", "zero", "The residual stream of CT1 after layer 2 (index 1) is replaced by zero."),
        (
            ["CT1"],
            [0, 1],
            "key",
            "mean",
            "The keys of CT1 that later positions read in layers 1 and 2 (indices 0 and 1) are each replaced by their "
            "mean over the problems.",
        ),
        (
            "all",
            [2],
            "value",
            "baseline",
            "The values of every thought that later positions read in layer 3 (index 2) are given back as baseline had "
            "them.",
        ),
    ],
)
def test_a_patch_at_layers_says_where(thoughts, layers, position, by, words):
    assert said([way_form(by, thoughts, at={"layers": layers, "position": position})]) == words


def test_a_thought_that_is_fed_and_patched_at_a_layer_has_both_marks():
    at = {"layers": [0], "position": "key"}
    patches = [Patch(thoughts=("CT1",), by="zero"), Patch(thoughts=("CT1",), by="self", at=at)]
    assert patch_marks(patches, ["CT0", "CT1"]) == {
        "CT1": (
            "0 =*",
            "CT1 is replaced by zero; the key of CT1 that later positions read in layer 1 (index 0) is replaced by "
            "itself",
        )
    }


def test_who_answers_is_said_in_place_of_what_is_hidden():
    row = ConditionRow(name="coconut", interventions=(), model="COCONUT (paper M2)", recorded="m3.json")
    assert disturbed(row) == "Answered by COCONUT (paper M2)."
    assert row.known


@pytest.mark.parametrize(
    ("fed", "words"),
    [
        (0, "The answer starts without a thought."),
        (1, "The answer starts after 1 thought, CT0."),
        (3, "The answer starts after 3 thoughts, CT0 … CT2."),
    ],
)
def test_after_how_many_thoughts_the_answer_starts(fed, words):
    row = {"name": "early", "interventions": [], "num_thoughts": fed}
    assert disturbed(read(ConditionRow, row, "row")) == words


def test_an_early_answer_says_what_else_is_done():
    row = {"name": "early", "interventions": [{"keys": ["CT0"], "readers": "later"}], "num_thoughts": 2}
    assert disturbed(read(ConditionRow, row, "row")) == (
        "The answer starts after 2 thoughts, CT0 … CT1. CT0 is hidden from every later position."
    )


def test_a_way_of_thinking_is_said_before_what_is_disturbed_in_it():
    row = {"name": "x"}
    steps = [{"steps": "all", "by": "resample", "seed": 4}]
    hidden = [{"keys": "question", "readers": "answer"}]
    explicit = "The model writes its steps after the question, and no thought is fed."
    assert disturbed(read(ConditionRow, {**row, "interventions": [], "thinking": "explicit"}, "row")) == explicit
    assert disturbed(read(ConditionRow, {**row, "interventions": steps, "thinking": "explicit"}, "row")) == (
        f"{explicit} The steps that the model writes for another problem stand in place of its own (drawn with seed 4)."
    )
    assert disturbed(read(ConditionRow, {**row, "interventions": hidden, "thinking": "none"}, "row")) == (
        "The answer marker stands right after the question: no thought is fed and no step asked for. The question is "
        "hidden from all that is written."
    )
