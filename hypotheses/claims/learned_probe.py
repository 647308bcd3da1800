"""What a linear probe reads from what a thought is fed, and from a control that no thought has gone into."""

from ctlab.claims import Claim, Direction, Family, Kind
from hypotheses.claims.shared import controls

_SOURCE = "arXiv 2606.12689: decodable arithmetic also appears in controls"
_CONTROLS = controls(negative="question_control_later")

LEARNED_PROBE = Family(
    name="learned-probe",
    claims=(
        Claim(
            id="a-control-decodes-arithmetic",
            family="learned-probe",
            statement="From what CT0 is fed, which is made of the question before any thought, a linear probe reads "
            "the last digit of the second step's result in over 10 points more of held-out problems than probes of "
            "shuffled labels read theirs.",
            kind=Kind.SELECTIVITY,
            direction=Direction.INCREASE,
            margin=0.1,
            conditions=("baseline",),
            controls=_CONTROLS,
            source=_SOURCE,
            needs="H",
        ),
        Claim(
            id="a-thought-decodes-more-than-a-control",
            family="learned-probe",
            statement="From what CT1 is fed, after one thought, a linear probe reads the last digit of the second "
            "step's result in over 10 points more of held-out problems than one reads it from what CT0 is fed.",
            kind=Kind.MEAN,
            direction=Direction.INCREASE,
            margin=0.1,
            conditions=("baseline",),
            controls=_CONTROLS,
            source=f"{_SOURCE}: then a thought decodes no more than what comes before it",
            needs="H",
        ),
        Claim(
            id="a-thought-holds-the-node-of-its-step",
            family="learned-probe",
            statement="On a graph, a linear probe reads the node of the second step from CT0 after the last layer in "
            "over 10 points more of held-out problems than probes of shuffled labels read theirs.",
            kind=Kind.SELECTIVITY,
            direction=Direction.INCREASE,
            margin=0.1,
            conditions=("baseline",),
            controls=controls(negative="question_control_answer"),  # an edge of a graph is not harmless to thoughts
            source="arXiv 2606.12689: search also appears in controls; here a model whose thoughts are pauses",
            needs="H",
        ),
    ),
)
