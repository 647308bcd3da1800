"""Claims that nothing measured could settle: not judged, in words, before one pass measures or scores for all."""

import pytest

import ctlab
from ctlab.claims import Control, Kind, Shows
from ctlab.errors import ClaimError
from ctlab.interventions import BASELINE, Condition
from ctlab.lab.measuring_obstacles import measuring_obstacle, padding_obstacle
from tests.claims.making import claim

AT_LAYER = Condition.from_json(
    {"name": "at_layer", "interventions": [
        {"thoughts": ["CT0"], "by": "zero", "at": {"layers": [0], "position": "residual"}}
    ]}
)  # fmt: skip
EARLY = Condition(name="early", num_thoughts=1)
WORDS = {"G": "", "A": "attention weights", "H": "hidden states", "P": "probabilities of answers"}
KNOWN = {each.name: each for each in (BASELINE, AT_LAYER, EARLY)}


def needs(needs, *conditions, controls=()):
    return claim(conditions=conditions, needs=needs, kind=Kind.MEAN, scale="nats", controls=controls)


@pytest.mark.parametrize(
    ("asked", "family", "padding", "message"),
    [
        (needs("P", "baseline", "early"), "codi", "exact", ""),
        (
            needs("P", "baseline", "at_layer"),
            "codi",
            "exact",
            "at_layer patches at layers ('at'), under which none are",
        ),
        (needs("A", "baseline", "at_layer"), "codi", "exact", "attention weights, and at_layer patches at layers"),
        (needs("H", "baseline", "early"), "codi", "exact", ""),
        (needs("A", "baseline"), "codi", "as-published", ""),
        (needs("G", "baseline", "at_layer"), "codi", "exact", ""),
        (needs("G", "baseline", "at_layer"), "codi", "as-published", "as published what a layer holds depends on the"),
        (needs("G", "baseline", "at_layer"), "coconut", "as-published", ""),
        (needs("P", "baseline", "early"), "codi", "as-published", "depend on the questions of their batch"),
        (needs("P", "baseline", "early"), "coconut", "as-published", ""),
        (needs("P", "baseline", "early"), "of nobody", "as-published", ""),
    ],
)
def test_a_claim_says_why_it_cannot_be_judged(asked, family, padding, message):
    found = measuring_obstacle(asked, KNOWN, WORDS[asked.needs])
    found = found or padding_obstacle(asked, KNOWN, lambda: {"family": family}, padding)
    assert message in found
    assert bool(message) == bool(found)


def test_a_control_that_is_scored_counts_and_one_that_is_answered_does_not():
    not_so, bites = (Control(condition="at_layer", shows=shows) for shows in (Shows.NOT_SO, Shows.BITES))
    found = [
        measuring_obstacle(needs("P", "baseline", "early", controls=(control,)), KNOWN, WORDS["P"])
        for control in (not_so, bites)
    ]
    assert found[0].startswith("needs probabilities of answers, and at_layer")
    assert found[1] == ""


def test_a_lab_asks_before_it_scores(tmp_path):
    lab = ctlab.Lab("tiny", "tiny", limit=4, store=tmp_path, conditions=[AT_LAYER], progress=False)
    with pytest.raises(ClaimError, match="cannot be judged here: needs probabilities of answers, and at_layer"):
        lab.judge(needs("P", "baseline", "at_layer"), lambda _: pytest.fail("nothing is to be measured"))
    assert not lab.runs
