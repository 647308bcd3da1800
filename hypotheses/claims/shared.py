"""What several families share: controls, and the conditions that most claims compare."""

from ctlab.claims import Control, Shows


def controls(*treated: str, negative: str | None = None) -> tuple[Control, ...]:
    """Controls of a claim: nothing hidden, one harmless token hidden from the same readers, and that each bites."""
    first = [Control(condition="no_op", shows=Shows.NO_OP)]
    if negative is not None:
        first.append(Control(condition=negative, shows=Shows.NEGLIGIBLE, margin=0.05))
    return (*first, *(Control(condition=name, shows=Shows.BITES) for name in treated))


CT0 = ("baseline", "ct0_blocked")
CT0_LATER = controls("ct0_blocked", negative="question_control_later")
