"""What recycled content and sequential passes do, each with the other held fixed: claims 2 and 3 of docs/field.md.

Of the four cells of content × passes three can exist: what is recycled must have been computed before, so that there is
no recycled content in one pass. Each factor therefore has one simple effect, and an interaction is not defined.
"""

from ctlab.claims import Claim, Direction, Family
from hypotheses_published.claims.shared import GRAPHS, PROSQA, SEVEN_HOPS, STUDY, marked_alike

CONTENT = ("pause_multipass", "coconut")
"""Six passes, without recycled content and with it."""
PASSES = ("pause", "pause_multipass")
"""Pause vectors, in one pass and in six."""
TABLE_5 = f"{STUDY}, manuscript Table 5"


def _change(id: str, statement: str, conditions: tuple[str, str], problems: str, found: str) -> Claim:
    return Claim(
        id=id,
        statement=statement,
        direction=Direction.CHANGE,
        conditions=conditions,
        problems=problems,
        source=f"{TABLE_5}: {found}",
    )


RECYCLED_CONTENT = Family(
    name="recycled-content",
    controls=marked_alike("coconut"),
    claims=(
        _change(
            "recycled-content-changes-seven-hops",
            "Recycled content changes accuracy on seven hops.",
            CONTENT,
            SEVEN_HOPS,
            "M4 − M2 +10.9 points, p < .001",
        ),
        Claim(
            id="recycled-content-costs-5-points-on-seven-hops",
            statement="Recycled content costs at least 5 points of accuracy on seven hops.",
            direction=Direction.DECREASE,
            margin=0.05,
            conditions=CONTENT,
            problems=SEVEN_HOPS,
            source=f"{TABLE_5}: recycled content hurts, M4 − M2 +10.9 points",
        ),
        _change(
            "recycled-content-changes-graphs",
            "Recycled content changes accuracy on directed acyclic graphs.",
            CONTENT,
            GRAPHS,
            "M4 − M2 +0.6 points, p = .791625",
        ),
        _change(
            "recycled-content-changes-prosqa",
            "Recycled content changes accuracy on ProsQA.",
            CONTENT,
            PROSQA,
            "M4 − M2 −2.2 points, p = .070756",
        ),
    ),
)

SEQUENTIAL_PASSES = Family(
    name="sequential-passes",
    controls=marked_alike("pause"),
    claims=(
        _change(
            "sequential-passes-change-graphs",
            "Training with sequential passes changes accuracy on directed acyclic graphs.",
            PASSES,
            GRAPHS,
            "M4 − M3 +7.9 points, p = 7.6e-05",
        ),
        Claim(
            id="sequential-passes-gain-2-points-on-graphs",
            statement="Training with sequential passes gains at least 2 points of accuracy on directed acyclic graphs.",
            direction=Direction.INCREASE,
            margin=0.02,
            conditions=PASSES,
            problems=GRAPHS,
            source=f"{TABLE_5}: sequential passes drive generalisation, M4 − M3 +7.9 points",
        ),
        _change(
            "sequential-passes-change-seven-hops",
            "Training with sequential passes changes accuracy on seven hops.",
            PASSES,
            SEVEN_HOPS,
            "M4 − M3 +1.5 points, p = .388024",
        ),
        _change(
            "sequential-passes-change-prosqa",
            "Training with sequential passes changes accuracy on ProsQA.",
            PASSES,
            PROSQA,
            "M4 − M3 −1.8 points, p = .136046",
        ),
    ),
)
