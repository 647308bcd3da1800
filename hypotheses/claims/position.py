"""Which thoughts matter, to whom, and where."""

from ctlab.claims import Claim, Direction, Family, Kind
from hypotheses.claims.shared import controls

_EACH_LATER = tuple(f"ct{k}_blocked" for k in range(6))
_EACH_FROM_ANSWER = tuple(f"ct{k}_from_answer" for k in range(6))
_THIRDS = ("ct0_first_third", "ct0_middle_third", "ct0_last_third")
_DOSES = ("ct0_keep_075", "ct0_keep_050", "ct0_keep_025", "ct0_blocked")

POSITION = Family(
    name="position",
    claims=(
        Claim(
            id="thoughts-are-needed",
            family="position",
            statement="Hiding every thought from the answer lowers accuracy.",
            direction=Direction.DECREASE,
            conditions=("baseline", "thoughts_blocked"),
            controls=controls("thoughts_blocked", negative="question_control_answer"),
            source="positive control: 139 broken and 12 fixed of 532",
        ),
        Claim(
            id="position-order",
            family="position",
            statement="CT0 to CT5, hidden one at a time from all later positions, do not all cost the same accuracy.",
            kind=Kind.NOT_ALL_EQUAL,
            direction=Direction.CHANGE,
            conditions=("baseline", *_EACH_LATER),
            controls=controls(*_EACH_LATER, negative="question_control_later"),
            source="positions: 532, 609, 586, 581, 728 and 738 correct",
        ),
        Claim(
            id="position-order-matched",
            family="position",
            statement="CT0 to CT5, hidden one at a time from the answer only, do not all cost the same accuracy.",
            kind=Kind.NOT_ALL_EQUAL,
            direction=Direction.CHANGE,
            conditions=("baseline", *_EACH_FROM_ANSWER),
            controls=controls(*_EACH_FROM_ANSWER, negative="question_control_answer"),
            source="the comparison of positions with the readers matched",
        ),
        Claim(
            id="readers-differ",
            family="position",
            statement="Hiding CT0 from the answer costs more accuracy than hiding it from later thoughts.",
            kind=Kind.MORE_THAN,
            direction=Direction.INCREASE,
            conditions=("baseline", "ct0_from_answer", "ct0_from_thoughts"),
            controls=controls("ct0_from_answer", "ct0_from_thoughts", negative="question_control_answer"),
            source="only hiding from thoughts was ever run",
        ),
        Claim(
            id="skip-connections",
            family="position",
            statement="Hiding non-adjacent thoughts from each other lowers accuracy.",
            direction=Direction.DECREASE,
            conditions=("baseline", "skip_connections_blocked"),
            controls=controls("skip_connections_blocked", negative="question_control_thoughts"),
            source="skip connections: 596 of 1,319 correct",
        ),
        Claim(
            id="input-versus-output",
            family="position",
            statement="Hiding CT0 from its readers costs more accuracy than cutting CT0 off from the question.",
            kind=Kind.MORE_THAN,
            direction=Direction.INCREASE,
            conditions=("baseline", "ct0_blocked", "ct0_cut_from_question"),
            controls=controls("ct0_blocked", "ct0_cut_from_question", negative="question_control_later"),
            source="input against output: 58 → 58 and 58 → 42 of 100",
        ),
        Claim(
            id="two-positions-interact",
            family="position",
            statement="Hiding CT0 and CT1 together loses fewer points than hiding CT0 and hiding CT1 lose in sum.",
            kind=Kind.ADDITIVITY,
            direction=Direction.INCREASE,
            conditions=("baseline", "ct0_blocked", "ct1_blocked", "ct0_ct1_blocked"),
            controls=controls("ct0_blocked", "ct1_blocked", "ct0_ct1_blocked", negative="question_control_later"),
            source="pairs of positions, called sub-additive",
        ),
        Claim(
            id="dose-response",
            family="position",
            statement="Accuracy falls at every step as later positions keep 100, 75, 50, 25 and 0 percent of "
            "CT0's weight.",
            kind=Kind.TREND,
            direction=Direction.DECREASE,
            conditions=("baseline", *_DOSES),
            controls=controls(*_DOSES, negative="question_control_later"),
            source="dose and response",
        ),
        Claim(
            id="where-in-depth",
            family="position",
            statement="Hiding CT0 in the first, middle and last third of the layers does not cost the same accuracy.",
            kind=Kind.NOT_ALL_EQUAL,
            direction=Direction.CHANGE,
            conditions=("baseline", *_THIRDS),
            controls=controls(*_THIRDS, negative="question_control_later"),
            source="layers, selected without correction",
        ),
    ),
)
