"""What a thought can lose or be given before the answer suffers: noise, all but a few dimensions, a random push."""

from ctlab.claims import Claim, Control, Direction, Family, Kind, Shows

_ITSELF = Control(condition="ct0_self", shows=Shows.NO_OP)
# A token of the question, which other families hide, is a fact where questions list facts, and is not fed as a thought.
_HARMLESS = Control(condition="nudged", shows=Shows.NEGLIGIBLE, margin=0.05)
_MARGIN = 0.03


def _controls(*treated: str) -> tuple[Control, ...]:
    """A thought fed as it was changes nothing, all moved by a hundredth next to nothing; and each treatment bites."""
    return (_ITSELF, _HARMLESS, *(Control(condition=name, shows=Shows.BITES) for name in treated))


# A paper a family: of the 1,319 problems of the embedded set three claims at most leave an equivalence within 3 points
# 80 % of power, where one problem in ten changes.
EDITS_NOISE = Family(
    name="edits-noise",
    claims=(
        Claim(
            id="noise-in-last-two-thoughts-is-harmless",
            family="edits-noise",
            statement="With noise of the same norm in place of the last two thoughts, accuracy is within 3 points of "
            "accuracy with all of them.",
            kind=Kind.EQUIVALENCE,
            direction=Direction.EQUIVALENT,
            margin=_MARGIN,
            conditions=("baseline", "last_two_noise"),
            controls=_controls("last_two_noise"),
            source="claim 11 of the field (forum sprints): noise in the last two thoughts does no harm",
        ),
        Claim(
            id="noise-in-first-two-thoughts-costs-more",
            family="edits-noise",
            statement="Noise of the same norm in place of the first two thoughts costs more accuracy than in place of "
            "the last two.",
            kind=Kind.MORE_THAN,
            direction=Direction.INCREASE,
            conditions=("baseline", "first_two_noise", "last_two_noise"),
            controls=_controls("first_two_noise", "last_two_noise"),
            source="the contrast of claim 11: that noise of this norm can do harm at all, and where",
        ),
    ),
)

EDITS_LOW_RANK = Family(
    name="edits-low-rank",
    claims=(
        Claim(
            id="few-components-of-thoughts-are-enough",
            family="edits-low-rank",
            statement="With each thought kept in its first 8 principal components alone, accuracy is within 3 points "
            "of accuracy with whole thoughts.",
            kind=Kind.EQUIVALENCE,
            direction=Direction.EQUIVALENT,
            margin=_MARGIN,
            conditions=("baseline", "components_kept"),
            controls=_controls("components_kept"),
            source="arXiv 2606.12689: what is used of thoughts is low-rank",
        ),
        Claim(
            id="random-dimensions-keep-less",
            family="edits-low-rank",
            statement="Keeping each thought in 8 random dimensions costs more accuracy than keeping it in its first 8 "
            "principal components.",
            kind=Kind.MORE_THAN,
            direction=Direction.INCREASE,
            conditions=("baseline", "random_kept", "components_kept"),
            controls=_controls("random_kept", "components_kept"),
            source="arXiv 2606.12689, with a random subspace of the same dimension as control",
        ),
        Claim(
            id="removing-few-components-costs-more-than-random-ones",
            family="edits-low-rank",
            statement="Removing the first 8 principal components from each thought costs more accuracy than removing 8 "
            "random dimensions.",
            kind=Kind.MORE_THAN,
            direction=Direction.INCREASE,
            conditions=("baseline", "components_removed", "random_removed"),
            controls=_controls("components_removed", "random_removed"),
            source="arXiv 2606.12689: without the few dimensions that are used, thoughts are of no use",
        ),
    ),
)

EDITS_STEERING = Family(
    name="edits-steering",
    claims=(
        Claim(
            id="steering-thoughts-is-harmless",
            family="edits-steering",
            statement="With a random direction as long as the thought added to each thought, accuracy is within 3 "
            "points of accuracy without it.",
            kind=Kind.EQUIVALENCE,
            direction=Direction.EQUIVALENT,
            margin=_MARGIN,
            conditions=("baseline", "steered"),
            controls=_controls("steered"),
            source="arXiv 2512.21711: Coconut's thoughts are insensitive to steering",
        ),
        Claim(
            id="noise-instead-costs-more-than-steering",
            family="edits-steering",
            statement="Noise of the same norm in place of every thought costs more accuracy than the same direction "
            "added to it.",
            kind=Kind.MORE_THAN,
            direction=Direction.INCREASE,
            conditions=("baseline", "every_thought_noise", "steered"),
            controls=_controls("every_thought_noise", "steered"),
            source="the contrast of arXiv 2512.21711: whether what is left of a steered thought is read",
        ),
    ),
)
