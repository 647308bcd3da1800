"""What several families share: controls, and the conditions that most claims compare."""

from ctlab.claims import Control, Shows


def controls(
    *treated: str, negative: str | None = None, margin: float = 0.05, no_op: str = "no_op"
) -> tuple[Control, ...]:
    """Controls of a claim: nothing hidden, one harmless token hidden from the same readers, and that each bites.

    `no_op` names what goes the way of the treated and changes nothing. `margin` is the largest change of the claim's
    outcome under the harmless token that is negligible, a proportion.
    """
    first = [Control(condition=no_op, shows=Shows.NO_OP)]
    if negative is not None:
        first.append(Control(condition=negative, shows=Shows.NEGLIGIBLE, margin=margin))
    return (*first, *(Control(condition=name, shows=Shows.BITES) for name in treated))


CT0 = ("baseline", "ct0_blocked")
CT0_LATER = controls("ct0_blocked", negative="question_control_later")
CT0_LATER_OF_A_LABEL = controls("ct0_blocked", negative="question_control_later", margin=0.02)
"""For claims about one error label: rare labels move by fewer points, so five would let nearly anything pass."""
FACTS_ALONE = ("tiny-graphs",)
"""Problem sets whose questions hold no harmless token: each is a fact, or what is asked. Hiding one from the readers of
CT0 costs `tiny-graphs-coconut` 12 points of accuracy (n = 400), so that it controls for nothing; a claim about them has
a condition under which it must not hold instead, or a treatment that must bite."""
