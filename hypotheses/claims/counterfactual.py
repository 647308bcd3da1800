"""What thoughts hold, asked by pairs that differ in one result: docs/counterfactual.md."""

from ctlab.claims import Claim, Control, Direction, Family, Kind, Shows
from fixtures.counterfactual import pair_names

THIRD, THIRD_SAME = pair_names(2)
FIFTH, FIFTH_SAME = pair_names(4)
OWN = ("ct0_pair_1", "ct1_pair_2", "ct2_pair_3")
OWN_SAME = ("ct0_same_pair_1", "ct1_same_pair_2", "ct2_same_pair_3")


def _controls(*treated: str, negative: str = "question_control_later") -> tuple[Control, ...]:
    """Return a thought exchanged for itself, something harmless, and that each pair bites.

    What is harmless is a token of a word problem. One of a graph's question is not, and there it is a pair of the same
    node, which all problems have.
    """
    return (
        Control(condition="ct0_self", shows=Shows.NO_OP),
        Control(condition=negative, shows=Shows.NEGLIGIBLE, margin=0.05),
        *(Control(condition=name, shows=Shows.BITES) for name in treated if name != negative),
    )


_CYWINSKI = "Cywiński et al. (CODI on GPT-2): the third and fifth thoughts hold intermediate results"
_BRIDGES = "arXiv 2602.00449 (CODI): full bridges at 2-3 hops, partial beyond"

COUNTERFACTUAL = Family(
    name="counterfactual",
    claims=(
        Claim(
            id="third-thought-holds-an-intermediate-result",
            family="counterfactual",
            statement="Fed the third thought of a pair that has another result of one of the first five steps, not the "
            "last, over 25 points more of the answers are what that result makes of them than by chance and than a "
            "thought that copies the final answer would have it.",
            kind=Kind.SOME_MEAN,
            direction=Direction.INCREASE,
            margin=0.25,
            conditions=("baseline", *THIRD, *THIRD_SAME),
            controls=_controls(*THIRD, *THIRD_SAME),
            source=_CYWINSKI,
        ),
        Claim(
            id="fifth-thought-holds-an-intermediate-result",
            family="counterfactual",
            statement="Fed the fifth thought of a pair that has another result of one of the first five steps, not the "
            "last, over 25 points more of the answers are what that result makes of them than by chance and than a "
            "thought that copies the final answer would have it.",
            kind=Kind.SOME_MEAN,
            direction=Direction.INCREASE,
            margin=0.25,
            conditions=("baseline", *FIFTH, *FIFTH_SAME),
            controls=_controls(*FIFTH, *FIFTH_SAME),
            source=_CYWINSKI,
        ),
        Claim(
            id="same-value-changes-nothing",
            family="counterfactual",
            statement="Fed CT0, CT1 or CT2 of a pair that has the same result of the first, second or third step, "
            "accuracy stays within 3 points either way.",
            kind=Kind.EVERY_MEAN,
            direction=Direction.INCREASE,
            conditions=("baseline", *OWN_SAME),
            controls=_controls(*OWN_SAME),
            source="Cywiński et al.: patches with the same value change nothing; both one-sided tests of the "
            "equivalence must reject",
        ),
        Claim(
            id="bridge-is-held-at-two-or-three-steps",
            family="counterfactual",
            statement="In problems of two or three steps, fed the first thought of a pair that has another result of "
            "the first step, over 50 points more of the answers are what that result makes of them than by chance and "
            "than a thought that copies the final answer would have it.",
            kind=Kind.MEAN,
            direction=Direction.INCREASE,
            margin=0.5,
            conditions=("baseline", "ct0_pair_1", "ct0_same_pair_1"),
            controls=_controls("ct0_pair_1", "ct0_same_pair_1"),
            source=_BRIDGES,
        ),
        Claim(
            id="bridges-fade-with-steps",
            family="counterfactual",
            statement="The more steps follow the first one, the more rarely the answer becomes what another result of "
            "the first step makes of it when the first thought is exchanged.",
            kind=Kind.CORRELATION,
            direction=Direction.DECREASE,
            conditions=("baseline", "ct0_pair_1", "ct0_same_pair_1"),
            controls=_controls("ct0_pair_1", "ct0_same_pair_1"),
            source=_BRIDGES,
        ),
        Claim(
            id="thoughts-hold-the-node-of-their-hop",
            family="counterfactual",
            statement="Fed CT0, CT1 or CT2 of a pair that turns off the way at the first, second or third hop, over "
            "25 points more of the answers follow it than when the pair turns off later.",
            kind=Kind.EVERY_MEAN,
            direction=Direction.INCREASE,
            margin=0.25,
            problems="tiny-graphs",
            conditions=("baseline", *OWN, *OWN_SAME),
            controls=_controls(*OWN, *OWN_SAME, negative="ct0_same_pair_1"),
            source="arXiv 2412.06769: a thought stands for the step that it replaced in training",
        ),
    ),
)
