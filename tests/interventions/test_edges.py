import json

import pytest

from ctlab.errors import ConditionError
from ctlab.interventions import Intervention

FORMS = [
    {"keys": ["CT0"], "readers": "later"},
    {"keys": ["begin", "CT2"], "readers": ["CT3", "end"], "self": True},
    {"keys": ["end"], "readers": "answer"},
    {"keys": "thoughts", "readers": "answer", "keep": 0.5},
    {"keys": "question", "readers": ["begin", "CT0"], "layers": [0, 3], "heads": [1]},
    {"keys": "question-control", "readers": "thoughts"},
    {"keys": "question", "readers": "answer", "layers": [0], "steps": [0, 3]},
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: json.dumps(form))
def test_round_trip(form):
    assert Intervention.from_json(form).to_json() == form
    assert Intervention.from_json(json.loads(json.dumps(form))) == Intervention.from_json(form)


def test_defaults_are_left_out():
    form = {"keys": ["CT0"], "readers": "later", "self": False, "keep": 0, "layers": None}
    assert Intervention.from_json(form).to_json() == FORMS[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"keys": "CT0"}, r"'keys' must be one of .*; not 'CT0' \(write \['CT0'\]\)"),
        ({"keys": []}, "'keys' must be one of"),
        ({"keys": ["answer"]}, "'keys' lists CTk .*, begin, end; not 'answer'"),
        ({"keys": ["end"], "readers": ["CT5"]}, "reader CT5 comes before key end and cannot read it anyway"),
        ({"keys": ["CT01"]}, "not 'CT01'"),
        ({"keys": ["ct0"]}, "not 'ct0'"),
        ({"keys": ["CT-1"]}, "not 'CT-1'"),
        ({"keys": ["CT0", "CT0"]}, "names a position twice"),
        ({"keys": [["CT0"]]}, "not \\['CT0'\\]"),
        ({"keys": "answer"}, "'keys' must be one of thoughts, question, question-control"),
        ({"readers": "question"}, "'readers' must be one of later, thoughts, answer"),
        ({"readers": "end"}, r"\(write \['end'\]\)"),
        ({"readers": ["answer"]}, "'readers' lists CTk"),
        ({"keep": -0.1}, "'keep' of an intervention must be a number from 0"),
        ({"keep": 1.5}, "not 1.5"),
        ({"keep": True}, "not True"),
        ({"keep": float("nan")}, "not nan"),
        ({"keep": "half"}, "not 'half'"),
        ({"self": 1}, "'self' of an intervention must be true or false, not 1"),
        ({"layers": []}, "'layers' must be a list of different indices"),
        ({"layers": [1, 1]}, "'layers' must be"),
        ({"heads": [-1]}, "'heads' must be"),
        ({"heads": [0.0]}, "'heads' must be"),
        ({"heads": 3}, "'heads' must be"),
        ({"steps": "last"}, "'steps' must be a list of different indices"),
        ({"reader": "later"}, "unknown field 'reader' in an intervention; known: keys, readers, self, keep"),
    ],
)
def test_wrong_values_are_named(change, message):
    with pytest.raises(ConditionError, match=message):
        Intervention.from_json({"keys": ["CT0"], "readers": "later", **change})


@pytest.mark.parametrize("missing", ["keys", "readers"])
def test_both_sides_must_be_said(missing):
    form = {name: value for name, value in FORMS[0].items() if name != missing}
    with pytest.raises(ConditionError, match=f"an intervention needs '{missing}'"):
        Intervention.from_json(form)


@pytest.mark.parametrize(
    ("keys", "readers"), [(["CT3"], ["CT1"]), (["CT0", "CT3"], ["CT4", "CT1"]), (["CT0"], ["begin"])]
)
def test_a_listed_reader_before_its_key(keys, readers):
    with pytest.raises(ConditionError, match="comes before key CT"):
        Intervention.from_json({"keys": keys, "readers": readers})


def test_a_reader_may_be_its_own_key():
    assert Intervention(keys=("CT0", "CT1"), readers=("CT1", "end")).readers == ("CT1", "end")


def test_not_an_object():
    with pytest.raises(ConditionError, match="an intervention is an object"):
        Intervention.from_json(["CT0"])


def test_what_holds_everywhere():
    assert Intervention(keys="question", readers="later").everywhere
    for part in ({"layers": (0,)}, {"heads": (0,)}, {"steps": (0,)}):
        assert not Intervention(keys="question", readers="later", **part).everywhere
