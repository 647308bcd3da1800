"""Where inside the network a thought's result is: after which layers, and in its keys or its values."""

from ctlab.claims import Claim, Direction, Family, Kind
from hypotheses.claims.shared import controls

_STREAMS = tuple(f"ct{k}_residual_{depth}_matched" for k in range(5) for depth in ("first", "middle", "last"))
_PARTS = ("ct1_values_matched", "ct1_keys_matched")

LAYERS = Family(
    name="layers",
    claims=(
        Claim(
            id="exchanging-a-residual-stream-exchanges-the-answer",
            family="layers",
            statement="With the residual stream of some thought, after a third, two thirds or all of the layers, of a "
            "problem that has another result at the step after as many, over 25 points more of the answers are what "
            "that result makes of the own solution than other such donors would have led to.",
            kind=Kind.SOME_MEAN,
            direction=Direction.INCREASE,
            margin=0.25,
            conditions=("baseline", *_STREAMS),
            controls=controls(*_STREAMS, negative="question_control_later", no_op="ct1_layers_self"),
            source="the claim of Cywiński et al. that thoughts hold results, asked of each depth: the field patches "
            "residual streams where ctlab so far exchanged what is fed",
        ),
        Claim(
            id="values-carry-the-result-beyond-keys",
            family="layers",
            statement="Of a problem that has another result at step 2, exchanging the values that later positions read "
            "of CT1, in every layer, makes over 10 points more of the answers what that result makes of the own "
            "solution than exchanging its keys.",
            kind=Kind.MEAN,
            direction=Direction.INCREASE,
            margin=0.1,
            conditions=("baseline", *_PARTS),
            controls=controls(*_PARTS, negative="question_control_later", no_op="ct1_layers_self"),
            source="keys say where to read and values what is read (Vaswani et al. 2017, section 3.2): a result that "
            "CT1 holds for its readers is in its values",
        ),
    ),
)
