"""What a thought holds: something else fed in its place, and what the baseline had given back."""

from ctlab.claims import Claim, Control, Direction, Family, Kind, Shows

_ITSELF = Control(condition="ct0_self", shows=Shows.NO_OP)
_HARMLESS = Control(condition="question_control_later", shows=Shows.NEGLIGIBLE, margin=0.05)


def _controls(*treated: str) -> tuple[Control, ...]:
    """A thought swapped for itself changes nothing, a harmless token next to nothing; and each treatment bites."""
    return (_ITSELF, _HARMLESS, *(Control(condition=name, shows=Shows.BITES) for name in treated))


THOUGHT_CONTENT = Family(
    name="thought-content",
    claims=(
        Claim(
            id="another-problems-ct0-lowers-accuracy",
            family="thought-content",
            statement="Feeding the CT0 of another problem in place of a problem's own lowers accuracy.",
            direction=Direction.DECREASE,
            conditions=("baseline", "ct0_resampled"),
            controls=_controls("ct0_resampled"),
            source="more ways to disturb a thought: resample",
        ),
        Claim(
            id="zeroing-ct0-lowers-accuracy",
            family="thought-content",
            statement="Feeding a vector of zeros in place of CT0 lowers accuracy.",
            direction=Direction.DECREASE,
            conditions=("baseline", "ct0_zeroed"),
            controls=_controls("ct0_zeroed"),
            source="more ways to disturb a thought: zero",
        ),
        Claim(
            id="content-matters-beyond-disturbance",
            family="thought-content",
            statement="Feeding another problem's CT0 in place of CT0 costs more accuracy than feeding noise of "
            "the same norm.",
            kind=Kind.MORE_THAN,
            direction=Direction.INCREASE,
            conditions=("baseline", "ct0_resampled", "ct0_noise"),
            controls=_controls("ct0_resampled", "ct0_noise"),
            source="more ways to disturb a thought: resample against noise",
        ),
        Claim(
            id="decoded-token-is-not-the-thought",
            family="thought-content",
            statement="Feeding the embedding of the token that CT0 decodes to, at CT0's own norm and in place of CT0, "
            "lowers accuracy.",
            direction=Direction.DECREASE,
            conditions=("baseline", "ct0_decoded_own_norm"),
            controls=_controls("ct0_decoded_own_norm"),
            source="more ways to disturb a thought: its own decoded token",
        ),
        Claim(
            id="giving-back-ct2-recovers",
            family="thought-content",
            statement="While CT0 is hidden from later positions, giving back the CT2 of the undisturbed run "
            "raises accuracy.",
            direction=Direction.INCREASE,
            conditions=("ct0_blocked", "ct0_blocked_ct2_given_back"),
            controls=_controls("ct0_blocked", "ct0_blocked_ct2_given_back"),
            source="denoising; CT1 is made at CT0, where nothing is hidden yet, so that CT2 is the first "
            "thought to give back",
        ),
        Claim(
            id="giving-back-later-thoughts-recovers",
            family="thought-content",
            statement="While CT0 is replaced by zeros, giving back CT1 to CT5 of the undisturbed run raises accuracy.",
            direction=Direction.INCREASE,
            conditions=("ct0_zeroed", "ct0_zeroed_rest_given_back"),
            controls=_controls("ct0_zeroed", "ct0_zeroed_rest_given_back"),
            source="denoising: whether CT0 is read by the answer itself or through the thoughts after it",
        ),
    ),
)
