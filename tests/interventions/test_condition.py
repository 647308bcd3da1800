import json

import pytest

from ctlab.errors import ConditionError
from ctlab.interventions import BASELINE, Condition, Intervention

CT0 = {"name": "ct0_blocked", "interventions": [{"keys": ["CT0"], "readers": "later"}]}


def test_round_trip():
    assert Condition.from_json(CT0).to_json() == CT0
    no_op = {**CT0, "no_op": True}
    assert Condition.from_json(json.loads(json.dumps(no_op))).to_json() == no_op
    assert BASELINE.to_json() == {"name": "baseline", "interventions": []}


def test_the_digest_is_of_what_is_hidden():
    digest = Condition.from_json(CT0).digest
    assert digest == Condition.from_json({**CT0, "name": "another"}).digest
    assert digest == Condition.from_json({**CT0, "no_op": True}).digest
    assert digest != BASELINE.digest
    others = [
        {"keys": ["CT1"], "readers": "later"},
        {"keys": ["CT0"], "readers": "answer"},
        {"keys": ["CT0"], "readers": "later", "keep": 0.5},
        {"keys": ["CT0"], "readers": "later", "self": True},
        {"keys": ["CT0"], "readers": "later", "layers": [0]},
        {"keys": ["CT0"], "readers": "later", "heads": [0]},
    ]
    digests = {Condition.from_json({"name": "x", "interventions": [form]}).digest for form in others}
    assert len(digests) == len(others)
    assert digest not in digests


def test_the_order_of_lists_does_not_count():
    one = [{"keys": ["CT0", "CT2"], "readers": ["end", "CT3"]}, {"keys": ["begin"], "readers": "answer"}]
    two = [{"keys": ["begin"], "readers": "answer"}, {"keys": ["CT2", "CT0"], "readers": ["CT3", "end"]}]
    digests = {Condition.from_json({"name": "x", "interventions": form}).digest for form in (one, two)}
    assert len(digests) == 1


@pytest.mark.parametrize("name", ["block-ct0", "", "0ct", "class", "ct 0", None, 3])
def test_names_are_identifiers(name):
    with pytest.raises(ConditionError, match="must be a Python identifier such as"):
        Condition.from_json({**CT0, "name": name})


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"name": "x"}, 'has no "interventions"; write a list'),
        ({"name": "x", "interventions": {}}, '"interventions" must be a list'),
        ({"name": "x", "interventions": [], "keep": 1}, "condition 'x': unknown field 'keep'"),
        ({"name": "x", "interventions": [], "no_op": 1}, '"no_op" must be true or false'),
        ({"name": "x", "interventions": [{"keys": ["CT0"]}]}, "condition 'x': an intervention needs 'readers'"),
        ({"name": "baseline", "interventions": CT0["interventions"]}, "'baseline' has no interventions"),
        ([], "a condition is an object"),
        ('{"name": "x"}', "this is a text.*json.loads"),
        ({"interventions": []}, "a condition is an object"),
    ],
)
def test_wrong_forms_are_named(form, message):
    with pytest.raises(ConditionError, match=message):
        Condition.from_json(form)


@pytest.mark.parametrize("said", [{"thinking": "loud"}, {"thinking": "explicit", "num_thoughts": 2}, {"model": 3}])
def test_a_refusal_names_its_condition_once(said):
    with pytest.raises(ConditionError) as error:
        Condition.from_json({"name": "x", "interventions": [], **said})
    assert str(error.value).count("condition 'x'") == 1


def test_interventions_are_objects():
    with pytest.raises(ConditionError, match="interventions are Intervention objects"):
        Condition(name="x", interventions=({"keys": ["CT0"], "readers": "later"},))
    assert Condition(name="x", interventions=[Intervention(keys=("CT0",), readers="later")]).interventions


def test_a_condition_may_name_who_answers():
    coconut = Condition(name="coconut", model="COCONUT (paper M2)")
    assert Condition.from_json(json.loads(json.dumps(coconut.to_json()))) == coconut
    others = [Condition(name="coconut"), Condition(name="coconut", model="pause (paper M3)")]
    assert (
        len({each.digest for each in (coconut, *others)}) == len({each.definition for each in (coconut, *others)}) == 3
    )
    assert Condition(name="coconut").digest == BASELINE.digest
    hidden = Condition.from_json({**CT0, "model": "pause"})
    assert hidden.model == "pause"
    assert hidden.digest != Condition.from_json(CT0).digest


@pytest.mark.parametrize("model", [3, None, " pause"])
def test_who_answers_is_a_name(model):
    with pytest.raises(ConditionError, match="condition 'x': model is the name of who answers, not"):
        Condition(name="x", model=model)


def test_a_number_of_thoughts_is_part_of_what_a_condition_does():
    early = {"name": "after_2", "interventions": [], "num_thoughts": 2}
    condition = Condition.from_json(json.loads(json.dumps(early)))
    assert condition.to_json() == early
    assert condition == Condition.from_json({"name": "after_2", "num_thoughts": 2})
    digests = {Condition(name="x", num_thoughts=fed).digest for fed in (None, 0, 1, 2, 10)}
    assert len(digests) == 5
    assert not condition.undisturbed
    assert Condition(name="other").undisturbed
    assert [condition.fed(6), BASELINE.fed(6)] == [2, 6]


def test_without_it_digests_are_those_that_answers_are_stored_under():
    assert BASELINE.digest == "e3b0c44298fc1c14"
    assert Condition.from_json(CT0).digest == "118b5fa488cf0d0a"


@pytest.mark.parametrize(
    ("form", "furthest"),
    [
        ({"num_thoughts": 2}, 2),  # it leaves CT2 out
        ({"num_thoughts": 2, "no_op": True}, 1),
        ({"num_thoughts": 4, "interventions": [{"keys": ["CT1"], "readers": "later"}]}, 3),
        ({"num_thoughts": 0, "no_op": True}, None),
        ({"interventions": [{"keys": ["CT1"], "readers": "later"}]}, 1),
    ],
)
def test_which_thoughts_a_model_must_have(form, furthest):
    assert Condition.from_json({"name": "x", "interventions": [], **form}).furthest_thought == furthest


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"num_thoughts": -1}, "must be a whole number from 0, .* not -1; leave it out to feed all"),
        ({"num_thoughts": True}, "must be a whole number from 0"),
        ({"num_thoughts": 2.0}, "must be a whole number from 0"),
        ({"num_thoughts": None}, "must be a whole number from 0, .* not None; leave it out"),
        (
            {"num_thoughts": 2, "interventions": [{"keys": ["CT2"], "readers": "answer"}]},
            "names CT2, which it does not feed: with 'num_thoughts' 2 there is CT0 … CT1; name another thought",
        ),
        (
            {"num_thoughts": 1, "interventions": [{"thoughts": ["CT0", "CT3"], "by": "zero"}]},
            "names CT3, which it does not feed",
        ),
        (
            {"num_thoughts": 0, "interventions": [{"keys": "thoughts", "readers": "answer"}]},
            "speaks of its thoughts and feeds none",
        ),
        ({"num_thoughts": 0, "interventions": [{"thoughts": "all", "by": "zero"}]}, "and feeds none"),
        ({"name": "baseline", "num_thoughts": 2}, "'baseline' has no interventions and feeds every thought"),
    ],
)
def test_a_number_of_thoughts_that_cannot_be_is_said(form, said):
    with pytest.raises(ConditionError, match=said) as error:
        Condition.from_json({"name": "early", **form})
    assert str(error.value).count("condition '") == 1, "it is named once"
