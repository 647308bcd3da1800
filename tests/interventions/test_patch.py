import json

import pytest

from ctlab.errors import ConditionError
from ctlab.interventions import Condition, Intervention, Patch

FORMS = [
    {"thoughts": ["CT0"], "by": "zero"},
    {"thoughts": ["CT3", "CT1"], "by": "noise", "seed": 4},
    {"thoughts": "all", "by": "mean"},
    {"thoughts": ["CT0"], "by": "resample", "seed": 1},
    {"thoughts": ["CT5"], "by": "self"},
    {"thoughts": ["CT0"], "by": "decoded"},
    {"thoughts": ["CT1"], "by": "baseline"},
    {"thoughts": ["CT1"], "by": "matched", "step": 2},
    {"thoughts": ["CT1", "CT2"], "by": "matched-same", "seed": 3, "step": 2},
]


def condition(*forms, name="c", **fields):
    return Condition.from_json({"name": name, "interventions": list(forms), **fields})


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form["by"])
def test_round_trip(form):
    assert Patch.from_json(form).to_json() == form
    assert Patch.from_json(json.loads(json.dumps(form))) == Patch.from_json(form)


def test_a_seed_of_zero_is_left_out():
    assert Patch.from_json({**FORMS[0], "seed": 0}).to_json() == FORMS[0]
    assert Patch(thoughts=("CT0",), by="resample", seed=0) == Patch(thoughts=["CT0"], by="resample")


def test_which_thoughts():
    assert [Patch.from_json(FORMS[1]).replaces(thought) for thought in range(4)] == [False, True, False, True]
    assert all(Patch.from_json(FORMS[2]).replaces(thought) for thought in range(12))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"thoughts": "CT0"}, r"not 'CT0' \(write \['CT0'\]\)"),
        ({"thoughts": "thoughts"}, "'thoughts' must be 'all' or a list"),
        ({"thoughts": []}, "'thoughts' must be 'all' or a list"),
        ({"thoughts": ["begin"]}, "only thoughts can be replaced; not 'begin'"),
        ({"thoughts": ["CT01"]}, "not 'CT01'"),
        ({"thoughts": ["CT0", "CT0"]}, "names a thought twice"),
        ({"thoughts": None}, "not None"),
        ({"by": "ones"}, "'by' of a patch must be one of zero, mean, noise, resample, self, decoded, baseline"),
        ({"by": None}, "not None"),
        ({"by": "noise", "seed": -1}, "'seed' of a patch must be a whole number from 0, not -1"),
        ({"by": "noise", "seed": True}, "not True"),
        ({"by": "noise", "seed": 0.5}, "not 0.5"),
        ({"by": "mean", "seed": 3}, "'seed' belongs to patches by noise, resample, resample-own-norm, matched,"),
        ({"by": "matched"}, "a patch by 'matched' needs 'step'"),
        ({"by": "matched-same", "step": 0}, "'step' of a patch must be a whole number from 1, not 0"),
        ({"by": "matched", "step": True}, "not True"),
        ({"by": "matched", "step": "2"}, "not '2'"),
        ({"by": "zero", "step": 1}, "'step' belongs to patches by matched and matched-same, .* 'zero' has no donors"),
        ({"keys": ["CT0"]}, "unknown field 'keys' in a patch; known: thoughts, by, seed, step"),
        ({"layers": [0]}, "unknown field 'layers' in a patch"),
    ],
)
def test_wrong_values_are_named(change, message):
    with pytest.raises(ConditionError, match=message):
        Patch.from_json({**FORMS[0], **change})


@pytest.mark.parametrize("missing", ["thoughts", "by"])
def test_both_fields_must_be_said(missing):
    form = {name: value for name, value in FORMS[0].items() if name != missing}
    with pytest.raises(ConditionError, match=f"condition 'c': a patch needs '{missing}'"):
        condition(form)


def test_not_an_object():
    with pytest.raises(ConditionError, match="a patch is an object"):
        Patch.from_json(["CT0"])


def test_both_kinds_stand_in_one_condition():
    forms = [{"keys": ["CT0"], "readers": "later"}, {"thoughts": ["CT2"], "by": "baseline"}]
    made = condition(*forms)
    assert made.to_json() == {"name": "c", "interventions": forms}
    assert made.on_edges == (Intervention(keys=("CT0",), readers="later"),)
    assert made.patches == (Patch(thoughts=("CT2",), by="baseline"),)


def test_a_thought_is_fed_once():
    with pytest.raises(ConditionError, match="condition 'c' replaces CT1 twice; a thought is fed once"):
        condition({"thoughts": ["CT0", "CT1"], "by": "zero"}, {"thoughts": ["CT1"], "by": "mean"})
    for forms in ([FORMS[2], FORMS[0]], [FORMS[0], FORMS[2]]):
        with pytest.raises(ConditionError, match="replaces all thoughts and some once more"):
            condition(*forms)
    assert condition(FORMS[0], FORMS[6]).patches


def test_digests_tell_patches_apart_and_leave_the_others_as_they_were():
    digests = {condition(form).digest for form in FORMS}
    digests |= {condition({"thoughts": ["CT0"], "by": by}).digest for by in ("noise", "resample", "self", "baseline")}
    digests |= {condition({"thoughts": ["CT1"], "by": "matched", "step": step}).digest for step in (1, 2, 3)}
    assert len(digests) == len(FORMS) + 6
    assert condition({"thoughts": ["CT1", "CT3"], "by": "noise", "seed": 4}).digest == condition(FORMS[1]).digest
    # accepted verdicts and stored answers hang on these
    assert condition().digest == "e3b0c44298fc1c14"
    assert condition({"keys": ["CT0"], "readers": "later"}).digest == "118b5fa488cf0d0a"


def test_only_what_draws_on_others_depends_on_them():
    ids = ["p1", "p2", "p3"]
    for form in FORMS:
        made = condition(form)
        assert made.draws_on_others == (form["by"] in ("mean", "resample", "matched", "matched-same"))
        assert (made.digest_among(ids) != made.digest) == made.draws_on_others
        assert made.digest_among(ids) == made.digest_among(ids[::-1])
        assert (made.digest_among(ids) != made.digest_among(ids[:2])) == made.draws_on_others


def test_donors_are_part_of_the_run():
    ids = ["p1", "p2", "p3"]
    made = condition({"thoughts": ["CT1"], "by": "matched", "step": 2})
    digests = [made.digest_among(ids, donors) for donors in ({}, {"p1": "p2"}, {"p1": "p3"}, {"p2": "p1"})]
    assert len(set(digests)) == 4
    assert made.digest_among(ids[::-1], {"p2": "p3", "p1": "p2"}) == made.digest_among(ids, {"p1": "p2", "p2": "p3"})
    assert condition(FORMS[0]).digest_among(ids, {"p1": "p2"}) == condition(FORMS[0]).digest


def test_a_condition_has_one_donor_a_problem():
    one = {"thoughts": ["CT1"], "by": "matched", "step": 2}
    assert condition(one, {**one, "thoughts": ["CT2"]}).matching == Patch.from_json(one).matching
    for change in ({"step": 3}, {"seed": 1}, {"by": "matched-same"}):
        with pytest.raises(ConditionError, match=r"takes thoughts of several donors a problem \(matched at step 2"):
            condition(one, {**one, "thoughts": ["CT2"], **change})
    assert condition({"thoughts": ["CT1"], "by": "resample"}).matching is None
