"""What kind of errors appear when a thought is hidden: story 1."""

from ctlab.claims import EVERY_OUTCOME, Claim, Direction, Family, Kind
from hypotheses.claims.shared import CT0, CT0_LATER, CT0_LATER_OF_A_LABEL, controls

ERROR_TAXONOMY = Family(
    name="error-taxonomy",
    claims=(
        Claim(
            id="ct0-lowers-accuracy",
            family="error-taxonomy",
            statement="Hiding CT0 from later positions lowers accuracy.",
            direction=Direction.DECREASE,
            conditions=CT0,
            controls=CT0_LATER,
            source="error taxonomy: 733 → 532 of 1,319 correct",
        ),
        Claim(
            id="ct0-raises-calc-error",
            family="error-taxonomy",
            statement="Hiding CT0 from later positions raises the rate of calculation errors.",
            direction=Direction.INCREASE,
            outcome="CALC_ERROR",
            conditions=CT0,
            controls=CT0_LATER_OF_A_LABEL,
            source="error taxonomy, expected result 1",
        ),
        Claim(
            id="ct0-shifts-error-composition",
            family="error-taxonomy",
            statement="Hiding CT0 from later positions shifts the composition of all errors, answers of a broken form "
            "among them.",
            kind=Kind.ERROR_COMPOSITION,
            direction=Direction.CHANGE,
            outcome=EVERY_OUTCOME,
            scale="variation",
            conditions=CT0,
            controls=CT0_LATER,
            source="error taxonomy: share of calculation errors among errors",
        ),
        Claim(
            id="ct0-shifts-error-labels",
            family="error-taxonomy",
            statement="Hiding CT0 from later positions shifts the labels of problems that are answered by a wrong "
            "number in the usual form under both conditions.",
            kind=Kind.ERROR_LABELS,
            direction=Direction.CHANGE,
            outcome=EVERY_OUTCOME,
            scale="variation",
            conditions=CT0,
            controls=CT0_LATER_OF_A_LABEL,
            source="error taxonomy: share of calculation errors among errors",
        ),
        Claim(
            id="ct0-raises-operation-reversal",
            family="error-taxonomy",
            statement="Hiding CT0 from later positions raises the rate of reversed operations.",
            direction=Direction.INCREASE,
            outcome="OPERATION_REVERSAL",
            conditions=CT0,
            controls=CT0_LATER_OF_A_LABEL,
            source="error taxonomy, expected result 2",
        ),
        Claim(
            id="ct4-leaves-errors-alone",
            family="error-taxonomy",
            statement="Hiding CT4 from later positions leaves the rate of every outcome within 2 points.",
            kind=Kind.EQUIVALENCE,
            direction=Direction.EQUIVALENT,
            outcome=EVERY_OUTCOME,
            margin=0.02,
            conditions=("baseline", "ct4_blocked"),
            controls=controls("ct4_blocked", negative="question_control_later", margin=0.02),
            source="error taxonomy: 733 → 728 of 1,319 correct, called no effect",
        ),
        Claim(
            id="ct0-matters-more-than-ct4",
            family="error-taxonomy",
            statement="Hiding CT0 from the answer costs more accuracy than hiding CT4 from the answer.",
            kind=Kind.MORE_THAN,
            direction=Direction.INCREASE,
            conditions=("baseline", "ct0_from_answer", "ct4_from_answer"),
            controls=controls("ct0_from_answer", "ct4_from_answer", negative="question_control_answer"),
            source="error taxonomy: forty times the effect",
        ),
    ),
)
