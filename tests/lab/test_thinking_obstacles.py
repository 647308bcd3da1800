"""Claims about written steps: who can be asked for them, how their answers are kept, how they are labelled."""

import pytest

import ctlab
from ctlab.claims import Claim, Direction, Kind
from ctlab.interventions import BASELINE, Condition
from ctlab.lab.condition_twins import Twins
from ctlab.lab.thinking_obstacles import decoding_under, way_obstacle
from ctlab.models.families import FAMILIES
from ctlab.records import Decoding

EXPLICIT, NONE = Condition(name="explicit", thinking="explicit"), Condition(name="at_once", thinking="none")
KNOWN = {each.name: each for each in (BASELINE, EXPLICIT, NONE)}
STEPS = {"steps": "all", "by": "resample"}


def card(family):
    return {"family": family, "settings": dict(FAMILIES[family].example)}


def claim(*conditions):
    return Claim(id="a", family="f", statement="Sentence.", kind=Kind.DIFFERENCE, direction=Direction.DECREASE,
                 conditions=conditions, source="test")  # fmt: skip


@pytest.mark.parametrize(
    ("of", "asked", "padding", "measured", "message"),
    [
        ("codi", claim("explicit", "at_once"), "exact", "", ""),
        ("coconut", claim("baseline", "at_once"), "exact", "", "at_once asks for 'thinking' \"none\": family coconut"),
        ("explicit_cot", claim("baseline", "explicit"), "exact", "", "that is its baseline, so name that"),
        ("codi", claim("baseline", "explicit"), "as-published", "", "no official evaluation pads"),
        ("codi", claim("baseline", "explicit"), "exact", "hidden states", "needs hidden states, which are measured of"),
    ],
)
def test_a_claim_says_why_it_cannot_be_judged(of, asked, padding, measured, message):
    found = way_obstacle(asked, KNOWN, card(of), padding, measured)
    assert message in found
    assert bool(message) == bool(found)


def test_of_a_suites_own_engine_nothing_is_known_beforehand():
    assert way_obstacle(claim("baseline", "explicit"), KNOWN, {}, "exact") == ""
    assert decoding_under(EXPLICIT, Decoding(max_new_tokens=9), dict) == Decoding(max_new_tokens=9)


def test_answers_with_steps_are_kept_under_their_own_limit():
    asked = Decoding(max_new_tokens=9)
    found = [decoding_under(each, asked, lambda: card("codi")).max_new_tokens for each in (BASELINE, EXPLICIT, NONE)]
    assert found == [9, 9 + FAMILIES["codi"].writes.most_steps, 9]


def test_the_same_edges_are_no_twins_where_it_is_thought_otherwise():
    twins = Twins({"num_thoughts": 6, "num_layers": 2, "num_heads": 2}, KNOWN.values())
    edges = [{"keys": "question", "readers": "answer"}]
    latent = Condition.from_json({"name": "a", "interventions": edges})
    written = Condition.from_json({"name": "b", "interventions": edges, "thinking": "explicit"})
    others = Condition.from_json({"name": "c", "interventions": [*edges, STEPS], "thinking": "explicit"})
    assert twins.likeness(latent, written) is None
    assert twins.likeness(written, others) is None
    again = Condition.from_json({"name": "d", "interventions": edges, "thinking": "explicit"})
    assert twins.likeness(again, written) == "d is the same edges under another name, answers exist under b"


def test_steps_and_thoughts_of_others_are_asked_for_one_after_the_other(tmp_path):
    """What was made for the one is not taken for the other's."""
    table = {
        "steps": {"thinking": "explicit", "interventions": [STEPS]},
        "thoughts": [{"thoughts": "all", "by": "resample"}],
        "again": {"thinking": "explicit", "interventions": [{**STEPS, "seed": 1}]},
    }
    lab = ctlab.Lab("tiny", "tiny", limit=4, store=tmp_path, conditions=table)
    assert all(lab.run(name).certificate.passed for name in table)


def test_a_lab_writes_labels_and_keeps_steps(tmp_path):
    """Three runs of one checkpoint: kept apart, certified, labelled by the steps that were written."""
    table = {"explicit": {"thinking": "explicit"}, "at_once": {"thinking": "none"},
             "others": {"thinking": "explicit", "interventions": [STEPS]}}  # fmt: skip
    lab = ctlab.Lab("tiny", "tiny", limit=8, store=tmp_path, conditions=table)
    runs = {name: lab.run(name) for name in ["baseline", *table]}
    assert all(run.certificate.passed for run in runs.values())
    assert {name: run.generations[0].text.startswith("The answer is:") for name, run in runs.items()} == {
        "baseline": True, "explicit": False, "at_once": True, "others": False
    }  # fmt: skip
    assert all(each.donor for each in runs["others"].generations)
    assert not any(each.donor for each in runs["explicit"].generations)
    again = ctlab.Lab("tiny", "tiny", limit=8, store=tmp_path, conditions=table)
    assert [each.token_ids for each in again.run("explicit").generations] == [
        each.token_ids for each in runs["explicit"].generations
    ]
    assert lab._run.lab.forms_under(EXPLICIT).known == ()
