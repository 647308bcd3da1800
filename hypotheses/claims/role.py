"""What each thought does, and where: claims that the roles of thoughts are made of (docs/roles.md)."""

from ctlab.claims import Claim, Control, Direction, Family, Kind, Shows
from hypotheses.claims.shared import controls

_EACH = tuple(f"ct{k}_blocked" for k in range(6))
_FROM_ANSWER = tuple(f"ct{k}_from_answer" for k in range(6))
_FROM_NEXT = tuple(f"ct{k}_from_next" for k in range(5))
_EXCHANGED = tuple(f"ct{k}_matched" for k in range(5))
_EXCHANGED_FIRST = tuple(f"ct{k}_matched_first" for k in range(1, 6))
_SAME_RESULT = tuple(f"ct{k}_matched_same" for k in range(5))

ROLE = Family(
    name="role",
    claims=(
        Claim(
            id="thoughts-are-needed-somewhere",
            family="role",
            statement="Hiding some thought from later positions costs more than 10 points of accuracy in problems of "
            "some number of operations.",
            kind=Kind.NEEDED_WHERE,
            direction=Direction.DECREASE,
            margin=0.1,
            feature="n_operations",
            conditions=("baseline", *_EACH),
            controls=controls(*_EACH, negative="question_control_later"),
            source="loss by thought and number of operations: 77, 79, 72, 63 and 62 points on the diagonal, at most 8 "
            "beside it",
        ),
        Claim(
            id="thoughts-carry-steps",
            family="role",
            statement="Some thought decodes to the result of one step of the worked solution in over 25 points more "
            "of the problems than when problems are shuffled.",
            kind=Kind.SOME_MEAN,
            direction=Direction.INCREASE,
            margin=0.25,
            conditions=("baseline",),
            controls=controls(negative="question_control_later"),
            source="CT0 decodes to the first result in 88 percent of problems",
            positive_control="the embedded model's training rewards each thought for decoding to the next result of "
            "the worked solution (the step loss), so that the claim is true there by construction",
            needs="H",
        ),
        Claim(
            id="step-before-is-left",
            family="role",
            statement="Among answers that hiding some thought breaks, over 25 points more than when they are shuffled "
            "are one number of their problem: the result of the step before, of an earlier step, or a number of the "
            "question.",
            kind=Kind.SOME_MEAN,
            direction=Direction.INCREASE,
            margin=0.25,
            conditions=("baseline", *_EACH),
            controls=controls(*_EACH, negative="question_control_later"),
            source="77 to 85 percent of the broken answers are the result of the step before",
        ),
        Claim(
            id="exchanging-a-thought-exchanges-the-answer",
            family="role",
            statement="With some thought of a problem that has another result at some step, over 25 points more of the "
            "answers are what that result makes of the own solution than other such donors would have led to.",
            kind=Kind.SOME_MEAN,
            direction=Direction.INCREASE,
            margin=0.25,
            conditions=("baseline", *_EXCHANGED, *_EXCHANGED_FIRST, *_SAME_RESULT),
            controls=(
                Control(condition="ct0_self", shows=Shows.NO_OP),
                Control(condition="question_control_later", shows=Shows.NEGLIGIBLE, margin=0.05),
                *(
                    Control(condition=name, shows=Shows.BITES)
                    for name in (*_EXCHANGED, *_EXCHANGED_FIRST, *_SAME_RESULT)
                ),
            ),
            source="a thought that holds a result brings it along; one of the same result brings nothing new",
        ),
        Claim(
            id="thoughts-are-read",
            family="role",
            statement="Hiding some thought from the answer alone, or from the next thought alone, costs more than 10 "
            "points of accuracy in problems of some number of operations.",
            kind=Kind.NEEDED_WHERE,
            direction=Direction.DECREASE,
            margin=0.1,
            feature="n_operations",
            conditions=("baseline", *_FROM_ANSWER, *_FROM_NEXT),
            controls=controls(*_FROM_ANSWER, *_FROM_NEXT, negative="question_control_answer"),
            source="who reads a thought: the answer, or the thought after it",
        ),
        Claim(
            id="some-thought-is-idle",
            family="role",
            statement="Hiding some thought from later positions leaves accuracy over all problems within 2 points.",
            kind=Kind.IDLE,
            direction=Direction.EQUIVALENT,
            margin=0.02,
            conditions=("baseline", *_EACH),
            controls=controls(*_EACH, negative="question_control_later", margin=0.02),
            source="CT5 loses nothing in problems of up to five operations",
        ),
    ),
)
