"""Where a single edge of the thoughts is needed: claims over every cell of a sweep, none of which they name."""

from ctlab.claims import Claim, Direction, Family, Kind, SweptAxes
from hypotheses.claims.shared import controls

SWEEPS = Family(
    name="sweeps",
    claims=(
        Claim(
            id="some-thought-needs-an-earlier-one",
            family="sweeps",
            statement="Hiding some thought from some single other thought, in all layers, costs more than 2 points of "
            "accuracy.",
            kind=Kind.MOST,
            direction=Direction.DECREASE,
            margin=0.02,
            conditions=("baseline",),
            controls=controls(negative="question_control_later"),
            sweep=SweptAxes(positions="all", readers="all"),
            source="the claim that latent thoughts are a chain, each computed from those before: then some thought "
            "reads another one that it cannot do without",
        ),
        Claim(
            id="the-answer-needs-some-thought-in-a-single-layer",
            family="sweeps",
            statement="Hiding some thought from the answer in a single layer costs more than 2 points of accuracy.",
            kind=Kind.MOST,
            direction=Direction.DECREASE,
            margin=0.02,
            conditions=("baseline",),
            controls=controls(negative="question_control_later"),
            sweep=SweptAxes(positions="all", layers="all", readers="answer"),
            source="the claim that what a thought holds is read at some depth: then the layers above and below do not "
            "make up for it",
        ),
    ),
)
