"""What probabilities of answers say beyond the one answer that is given."""

from ctlab.claims import Claim, Control, Direction, Family, Kind, Shows
from hypotheses.claims.shared import controls

ANSWER_PROBABILITY = Family(
    name="answer-probability",
    claims=(
        Claim(
            id="hiding-thoughts-makes-gold-improbable",
            family="answer-probability",
            statement="Hiding all thoughts from the answer makes the reference answer less probable, by over 1 nat.",
            kind=Kind.MEAN,
            direction=Direction.DECREASE,
            margin=1.0,
            scale="nats",
            conditions=("baseline", "thoughts_blocked"),
            controls=(
                *controls("thoughts_blocked", negative="question_control_answer"),
                Control(condition="question_control_answer", shows=Shows.NOT_SO),
            ),
            source="arXiv 2604.04902 by answers: thoughts change few; by probabilities less can hide",
            needs="P",
        ),
        Claim(
            id="own-probability-tells-right-from-wrong",
            family="answer-probability",
            statement="The probability of the answer that is given is larger where it is right than where it is wrong, "
            "in more than 70 of 100 pairs of problems.",
            kind=Kind.AUC,
            direction=Direction.INCREASE,
            margin=0.2,
            scale="probability",
            conditions=("baseline",),
            controls=controls(negative="question_control_answer"),
            source="confidence of the answer as a measure of what thoughts settled",
            needs="P",
        ),
        Claim(
            id="answers-are-overconfident",
            family="answer-probability",
            statement="Answers are more probable than they are right, by more than 2 points.",
            kind=Kind.MEAN,
            direction=Direction.INCREASE,
            margin=0.02,
            conditions=("baseline",),
            controls=controls(negative="question_control_answer"),
            source="calibration of the answer after latent thoughts",
            needs="P",
        ),
    ),
)
