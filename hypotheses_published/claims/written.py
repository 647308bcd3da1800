"""Whether COCONUT is right more often than written reasoning: what the study set out from."""

from ctlab.claims import Claim, Direction, Family
from hypotheses_published.claims.shared import GRAPHS, PROSQA, SEVEN_HOPS, STUDY, marked_alike

_SETS = (
    ("prosqa", PROSQA, "On ProsQA", "83.0 and 97.0 %"),
    ("seven-hops", SEVEN_HOPS, "On seven hops", "10.7 and 66.0 %"),
    ("graphs", GRAPHS, "On directed acyclic graphs", "28.2 and 59.2 %"),
)

WRITTEN_AGAINST_COCONUT = Family(
    name="written-against-coconut",
    controls=marked_alike("coconut"),
    claims=tuple(
        Claim(
            id=f"coconut-above-written-on-{name}",
            statement=f"{where} COCONUT is right more often than written reasoning.",
            direction=Direction.INCREASE,
            conditions=("written", "coconut"),
            problems=problems,
            source=f"{STUDY}, manuscript Table 4: {found}",
        )
        for name, problems, where, found in _SETS
    ),
)
