"""CT0 hidden in one attention head, and from itself: an engine that ignores `heads` or `self` cannot do it."""

from ctlab.claims import Claim, Direction, Family, Kind
from hypotheses.claims.shared import controls

_HEADS = ("ct0_head_0", "ct0_head_1")

FINER_CUTS = Family(
    name="finer-cuts",
    claims=(
        Claim(
            id="heads-differ",
            family="finer-cuts",
            statement="Hiding CT0 from later positions in the first attention head of every layer and hiding it in the "
            "second do not cost the same accuracy.",
            kind=Kind.NOT_ALL_EQUAL,
            direction=Direction.CHANGE,
            conditions=("baseline", *_HEADS),
            controls=controls(*_HEADS, negative="question_control_later"),
            source="which heads carry a thought: never measured",
        ),
        Claim(
            id="ct0-reads-itself",
            family="finer-cuts",
            statement="Hiding CT0 from later positions and from itself costs more accuracy than hiding it from later "
            "positions alone.",
            kind=Kind.MORE_THAN,
            direction=Direction.INCREASE,
            conditions=("baseline", "ct0_blocked_itself", "ct0_blocked"),
            controls=controls("ct0_blocked_itself", "ct0_blocked", negative="question_control_later"),
            source="a thought's own position: never measured",
        ),
    ),
)
