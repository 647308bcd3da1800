import json

import pytest

from ctlab.errors import ConditionError
from ctlab.interventions import Condition, Patch
from ctlab.interventions.layer_place import POSITIONS, LayerPlace
from ctlab.interventions.patches import PATCH_KINDS
from tests.interventions.ways import way_form


def at(layers, position="residual"):
    return {"layers": layers, "position": position}


@pytest.mark.parametrize("by", [by for by, kind in PATCH_KINDS.items() if kind.works_at_a_layer])
@pytest.mark.parametrize("position", POSITIONS)
def test_every_way_is_read_and_written_as_it_is_said(by, position):
    form = {"name": "x", "interventions": [way_form(by, ["CT1"], at=at([2, 0], position))]}
    condition = Condition.from_json(json.loads(json.dumps(form)))
    assert condition.to_json() == form
    assert Condition.from_json(condition.to_json()) == condition
    assert condition.patch_of(1) is None  # what is fed stays as it is


def test_digests_tell_places_apart_and_leave_what_is_fed_as_it_was():
    def digest(*patches):
        return Condition.from_json({"name": "x", "interventions": list(patches)}).digest

    fed = way_form("zero", ["CT1"])
    places = [at([0]), at([1]), at([0, 1]), at([0], "key"), at([0], "value")]
    assert digest(fed) == "e632cf2cc96db1dd"
    assert len({digest(fed), *(digest({**fed, "at": place}) for place in places)}) == 1 + len(places)
    assert digest({**fed, "at": at([0, 1])}) == digest({**fed, "at": at([1, 0])})


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (5, "'at' of a patch is an object"),
        ([0], "'at' of a patch is an object"),
        ({"layers": [0]}, "needs 'position'"),
        ({"position": "key"}, "needs 'layers'"),
        (at([0], "query"), "must be one of residual, key, value; not 'query'"),
        (at([0], None), "must be one of residual, key, value"),
        (at([]), "a list of different indices from 0"),
        (at([-1]), "a list of different indices from 0"),
        (at([0, 0]), "a list of different indices from 0"),
        (at([True]), "a list of different indices from 0"),
        (at("0"), "a list of different indices from 0"),
        (at(1), "a list of different indices from 0"),
        ({**at([0]), "heads": [0]}, "unknown field 'heads' in a patch's 'at'; known: layers, position"),
    ],
)
def test_another_place_is_refused_in_a_sentence(place, said):
    with pytest.raises(ConditionError, match=r"^(?!.*\n)") as error:
        Patch.from_json(way_form("zero", ["CT0"], at=place))
    assert said in str(error.value)


@pytest.mark.parametrize("by", [by for by, kind in PATCH_KINDS.items() if not kind.works_at_a_layer])
def test_a_way_that_says_what_is_fed_has_no_place_at_a_layer(by):
    with pytest.raises(ConditionError, match="with 'at' name one of zero, mean"):
        Patch.from_json(way_form(by, ["CT0"], at=at([0])))


def test_the_first_pass_is_of_what_is_fed():
    with pytest.raises(ConditionError, match="with 'at' nothing is; leave it out"):
        Patch.from_json(way_form("zero", ["CT0"], at=at([0]), first_pass=True))


@pytest.mark.parametrize(
    ("patches", "twice"),
    [
        ([(["CT0"], at([0, 1])), (["CT0", "CT1"], at([1]))], True),
        ([("all", at([0])), (["CT0"], at([0]))], True),
        ([("all", at([0])), ("all", at([0]))], True),
        ([("all", at([0])), ("all", at([1]))], False),
        ([(["CT0"], at([0])), (["CT0"], at([0], "key"))], False),
        ([(["CT0"], at([0])), (["CT1"], at([0]))], False),
        ([(["CT0"], at([0])), (["CT0"], None)], False),
    ],
)
def test_a_place_is_replaced_once(patches, twice):
    forms = [way_form("zero", thoughts, **({} if place is None else {"at": place})) for thoughts, place in patches]
    if not twice:
        assert Condition.from_json({"name": "x", "interventions": forms}).patches
        return
    with pytest.raises(ConditionError, match=r"replaces the residual of .* at layer \d twice"):
        Condition.from_json({"name": "x", "interventions": forms})


def test_in_python_a_place_is_an_object_or_its_form():
    place = LayerPlace(layers=(1,), position="value")
    assert Patch(thoughts=("CT0",), by="zero", at=place) == Patch(thoughts=("CT0",), by="zero", at=at([1], "value"))


@pytest.mark.parametrize("pairs", ["generated", "crossed"])
def test_of_a_donor_that_was_made_no_layer_is_known(pairs):
    form = way_form("matched", at={"layers": [0], "position": "key"})
    assert Patch.from_json({**form, "pairs": "mined"}).pairs == "mined"
    with pytest.raises(ConditionError, match="only what is fed is known, and no layer; with 'at' say 'pairs': 'mined'"):
        Patch.from_json({**form, "pairs": pairs})
