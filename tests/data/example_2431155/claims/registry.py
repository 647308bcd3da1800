"""Every claim of this suite, as data."""

from ctlab.claims import Claim, Control, Direction, Family, Kind, Shows

CT1_MATTERS_MORE = Claim(
    id="ct1-matters-more-than-ct5",
    family="my-paper",
    statement="Hiding CT1 from the answer costs more accuracy than hiding CT5 from the answer.",
    kind=Kind.MORE_THAN,
    direction=Direction.INCREASE,
    conditions=("baseline", "ct1_from_answer", "ct5_from_answer"),
    controls=(Control(condition="ct1_from_answer", shows=Shows.BITES),),
)
FAMILIES = (Family(name="my-paper", claims=(CT1_MATTERS_MORE,)),)
