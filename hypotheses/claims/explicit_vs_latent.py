"""Thoughts against the steps that the same weights write: as good, better than none, as easily disturbed.

Two families, as two papers claim it, so that the margin of ±3 points can be shown on 1,319 problems in each.
"""

from ctlab.claims import Claim, Control, Direction, Family, Kind, Shows
from hypotheses.claims.shared import controls

WRITTEN = (
    Control(condition="explicit_no_op", reference="explicit", shows=Shows.NO_OP),
    Control(condition="explicit_question_control", reference="explicit", shows=Shows.NEGLIGIBLE, margin=0.05),
)
"""Where steps are written: nothing hidden, and one harmless token of the question hidden from all that is written."""
_MATCHED = "arXiv 2502.21074: thoughts match the accuracy of written steps on GSM8K (GPT-2, 43.7 %)"
_STEERED = "arXiv 2512.21711: thoughts show minimal sensitivity to steering, written steps do not"

EXPLICIT_VS_LATENT = Family(
    name="explicit-vs-latent",
    claims=(
        Claim(
            id="thoughts-as-good-as-written-steps",
            family="explicit-vs-latent",
            statement="Thinking in thoughts, accuracy is within 3 points of accuracy with written steps.",
            kind=Kind.EQUIVALENCE,
            direction=Direction.EQUIVALENT,
            margin=0.03,
            conditions=("explicit", "baseline"),
            controls=(*controls(negative="question_control_answer"), *WRITTEN),
            source=_MATCHED,
        ),
        Claim(
            id="thoughts-better-than-none",
            family="explicit-vs-latent",
            statement="Thinking in thoughts, accuracy is higher than when the answer is asked for at once.",
            kind=Kind.DIFFERENCE,
            direction=Direction.INCREASE,
            conditions=("at_once", "baseline"),
            controls=controls(negative="question_control_answer"),
            source="arXiv 2502.21074: thoughts raise accuracy far above that of answers without any steps",
        ),
        Claim(
            id="written-steps-better-than-none",
            family="explicit-vs-latent",
            statement="Writing its steps, the model is right more often than when the answer is asked for at once.",
            kind=Kind.DIFFERENCE,
            direction=Direction.INCREASE,
            conditions=("at_once", "explicit"),
            controls=WRITTEN,
            source="arXiv 2502.21074: the teacher's task, whose steps thoughts are distilled from",
        ),
    ),
)

DISTURBED_STEPS = Family(
    name="disturbed-steps",
    claims=(
        Claim(
            id="thoughts-unhurt-by-other-thoughts",
            family="disturbed-steps",
            statement="With another problem's thoughts in place of its own, accuracy stays within 3 points.",
            kind=Kind.EQUIVALENCE,
            direction=Direction.EQUIVALENT,
            margin=0.03,
            conditions=("baseline", "thoughts_resampled"),
            controls=controls("thoughts_resampled", negative="question_control_answer", no_op="ct0_self"),
            source=_STEERED,
        ),
        Claim(
            id="written-steps-hurt-by-other-steps",
            family="disturbed-steps",
            statement="With another problem's written steps in place of its own, accuracy falls.",
            kind=Kind.DIFFERENCE,
            direction=Direction.DECREASE,
            conditions=("explicit", "steps_resampled"),
            controls=(*WRITTEN, Control(condition="steps_resampled", shows=Shows.BITES)),
            source=_STEERED,
        ),
        Claim(
            id="written-steps-hurt-more-than-thoughts",
            family="disturbed-steps",
            statement="The written steps of another problem cost more points of accuracy than the thoughts of another "
            "problem.",
            kind=Kind.ADDITIVITY,
            direction=Direction.DECREASE,
            conditions=("baseline", "explicit", "thoughts_resampled", "steps_resampled"),
            controls=(
                *controls("thoughts_resampled", negative="question_control_answer", no_op="ct0_self"),
                *WRITTEN,
                Control(condition="steps_resampled", shows=Shows.BITES),
            ),
            source=_STEERED,
        ),
    ),
)
