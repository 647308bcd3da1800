"""The answer forced before all thoughts are thought: what thoughts are needed for, and when the answer is decided."""

from ctlab.claims import Claim, Direction, Family, Kind
from hypotheses.claims.shared import controls

AFTER = tuple(f"after_{k}" for k in range(6))
"""Conditions that answer after 0 … 5 thoughts; after all six answers the baseline."""

EARLY_ANSWER = Family(
    name="early-answer",
    claims=(
        Claim(
            id="answers-need-no-thoughts",
            family="early-answer",
            statement="Answered without a single thought, accuracy is within 3 points of accuracy with all thoughts.",
            kind=Kind.EQUIVALENCE,
            direction=Direction.EQUIVALENT,
            margin=0.03,
            conditions=("baseline", "after_0"),
            controls=controls("after_0", negative="question_control_answer", no_op="after_all"),
            source="arXiv 2604.04902: on logic problems answers are almost always the same without thoughts",
        ),
        Claim(
            id="answers-need-no-last-thought",
            family="early-answer",
            statement="Answered after five thoughts, accuracy is within 3 points of accuracy with all six.",
            kind=Kind.EQUIVALENCE,
            direction=Direction.EQUIVALENT,
            margin=0.03,
            conditions=("baseline", "after_5"),
            controls=controls("after_5", negative="question_control_answer", no_op="after_all"),
            source="arXiv 2602.08783: the output commits before the representation",
        ),
        Claim(
            id="each-thought-raises-accuracy",
            family="early-answer",
            statement="From no thought to five, accuracy rises with every further thought before the answer.",
            kind=Kind.TREND,
            direction=Direction.INCREASE,
            conditions=AFTER,
            controls=controls(*AFTER, negative="question_control_answer", no_op="after_all"),
            source="arXiv 2604.04902 claims the opposite of logic problems: no thought changes the answer",
        ),
        Claim(
            id="longer-problems-are-decided-later",
            family="early-answer",
            statement="The more operations a problem has, the more percentage points of accuracy an answer after three "
            "thoughts costs.",
            kind=Kind.INTERACTION,
            direction=Direction.INCREASE,
            feature="n_operations",
            scale="points per operation",
            conditions=("baseline", "after_3"),
            controls=controls("after_3", negative="question_control_answer", no_op="after_all"),
            source="arXiv 2602.08783: leverage of steps is uneven",
        ),
        Claim(
            id="output-commits-before-representation",
            family="early-answer",
            statement="Where a thought decodes to the final answer, the answer given early is the final one, and stays "
            "it, after fewer thoughts than it takes until the first one decodes to it.",
            kind=Kind.MEAN,
            direction=Direction.INCREASE,
            scale="thoughts",
            conditions=("baseline", *AFTER),
            controls=controls(*AFTER, negative="question_control_answer", no_op="after_all"),
            source="arXiv 2602.08783: the output commits before the representation",
            needs="H",
        ),
    ),
)
