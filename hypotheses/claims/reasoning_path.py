"""Where paths part, and what thoughts say: story 5."""

from ctlab.claims import Claim, Control, Direction, Family, Kind, Shows
from hypotheses.claims.shared import CT0, CT0_LATER, controls

_ONE_READER = tuple(f"ct0_from_ct{k}" for k in range(2, 6))

REASONING_PATH = Family(
    name="reasoning-path",
    claims=(
        Claim(
            id="divergence-starts-next",
            family="reasoning-path",
            statement="When CT0 is hidden from later positions, hidden states are identical up to CT0, and from CT1 "
            "on every thought's state differs from the baseline's by more than 1 percent of its length.",
            kind=Kind.EVERY_MEAN,
            direction=Direction.INCREASE,
            margin=0.01,
            scale="lengths",
            conditions=CT0,
            controls=(*CT0_LATER, Control(condition="no_op", shows=Shows.NOT_SO)),
            source="reasoning paths: cosine 1, .70, .54, .47, .38 and .52",
            needs="H",
        ),
        Claim(
            id="divergence-accumulates",
            family="reasoning-path",
            statement="From CT2 to CT5 the distance from the baseline grows beyond what hiding CT0 from that thought "
            "alone brings about.",
            kind=Kind.LINE,
            direction=Direction.INCREASE,
            scale="lengths",
            conditions=(*CT0, *_ONE_READER),
            controls=controls("ct0_blocked", *_ONE_READER, negative="question_control_later"),
            source="reasoning paths: slope −.098 of six means",
            needs="H",
        ),
        Claim(
            id="divergence-predicts-breaking",
            family="reasoning-path",
            statement="Among problems with the same number of operations that the baseline answers correctly, those "
            "that hiding CT0 breaks have thoughts further from the baseline's than those that it does not break.",
            kind=Kind.AUC,
            direction=Direction.INCREASE,
            adjust=("n_operations",),
            scale="probability",
            conditions=CT0,
            controls=CT0_LATER,
            source="reasoning paths: cosine .575 against .605",
            needs="H",
        ),
        Claim(
            id="thoughts-decode-to-intermediates",
            family="reasoning-path",
            statement="The number that a thought decodes to is an intermediate result of the worked solution more "
            "often than when problems are shuffled.",
            kind=Kind.MEAN,
            direction=Direction.INCREASE,
            conditions=("baseline",),
            controls=controls(negative="question_control_later"),
            positive_control="the embedded model's training rewards each thought for decoding to the next result of "
            "the worked solution (the step loss), so that the claim is true there by construction and shows only that "
            "the measure finds what was put there",
            source="63 against 4.5 percent of 132 problems",
            needs="H",
        ),
        Claim(
            id="hidden-thought-loses-its-number",
            family="reasoning-path",
            statement="When CT0 is hidden from later positions, CT2 and later thoughts decode less often to "
            "intermediate results of the worked solution.",
            kind=Kind.MEAN,
            direction=Direction.DECREASE,
            conditions=CT0,
            controls=CT0_LATER,
            source="reasoning paths: never measured",
            needs="H",
        ),
    ),
)
