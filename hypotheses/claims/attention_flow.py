"""Where attention goes: story 3."""

from ctlab.claims import Claim, Control, Direction, Family, Kind, Shows
from hypotheses.claims.shared import CT0, controls

ATTENTION_FLOW = Family(
    name="attention-flow",
    claims=(
        Claim(
            id="ct0-is-a-hub",
            family="attention-flow",
            statement="Every thought that can be compared gives CT0 a larger share of its attention to thoughts than "
            "later thoughts give to the thought at the same distance, by more than 5 points.",
            kind=Kind.EVERY_MEAN,
            direction=Direction.INCREASE,
            margin=0.05,
            conditions=("baseline",),
            controls=(
                *controls(negative="question_control_later"),
                Control(condition="ct0_blocked", shows=Shows.NOT_SO),
            ),
            source="attention flow: 1.18 times uniform, counted over columns",
            needs="A",
        ),
        Claim(
            id="attention-redistributes",
            family="attention-flow",
            statement="When CT0 is hidden from later positions, other thoughts receive more of its attention than "
            "proportional renormalisation gives them, by more than 1 point of a reader's attention.",
            kind=Kind.MEAN,
            direction=Direction.INCREASE,
            margin=0.01,
            conditions=CT0,
            controls=(
                *controls("ct0_blocked", negative="question_control_later"),
                Control(condition="question_control_later", shows=Shows.NOT_SO),
            ),
            source="attention flow: planned, never measured",
            needs="A",
        ),
        Claim(
            id="thoughts-read-the-question",
            family="attention-flow",
            statement="Beyond what its growing number of positions explains, the share of a thought's attention that "
            "goes to the question falls from CT0 to CT5 by more than 5 points.",
            kind=Kind.LINE,
            direction=Direction.DECREASE,
            margin=0.05,
            conditions=("baseline",),
            controls=controls(negative="question_control_later"),
            source="attention flow: 100 percent, a tautology",
            needs="A",
        ),
    ),
)
