"""What the curriculum teaches without recycled states: claims 1 to 3 of docs/field.md, on four models of one recipe.

Of the four cells of content × passes three can exist: what is recycled must have been computed before, so that there is
no recycled content in one pass. Each factor therefore has one simple effect, and an interaction is not defined.
"""

from ctlab.claims import Claim, Control, Direction, Family, Kind, Shows

STUDY = "curriculum study (bmarti44/research-pipeline @ 7a6f14a)"
GRAPHS = "tiny-graphs"


def _again(*names: str) -> tuple[Control, ...]:
    """Controls by which a model that answers twice, in rows of its own, does not differ from itself."""
    return tuple(Control(condition=f"{name}_again", reference=name, shows=Shows.NO_OP) for name in names)


def _against(
    id: str, statement: str, direction: Direction, conditions: tuple[str, str], problems: str, found: str
) -> Claim:
    return Claim(
        id=id,
        statement=statement,
        direction=direction,
        conditions=conditions,
        problems=problems,
        controls=_again(*conditions),
        source=f"{STUDY}: {found}",
    )


def _above_written(id: str, where: str, problems: str, found: str) -> Claim:
    statement = f"{where} recycled states are right more often than written steps."
    return _against(id, statement, Direction.INCREASE, ("written", "coconut"), problems, found)


CURRICULUM_CONTROLS = Family(
    name="curriculum-controls",
    claims=(
        Claim(
            id="pause-matches-coconut",
            statement="In distribution pauses in one pass are right as often as recycled states, within 3 points.",
            kind=Kind.EQUIVALENCE,
            direction=Direction.EQUIVALENT,
            margin=0.03,
            conditions=("coconut", "pause"),
            controls=_again("coconut", "pause"),
            source=f"{STUDY}: pause matches COCONUT, 96.6 and 97.0 %, p = .845",
        ),
        _against(
            "recycled-content-costs-longer-graphs",
            "On graphs longer than in training recycled content costs accuracy, passes held fixed.",
            Direction.DECREASE,
            ("pause_multipass", "coconut"),
            f"{GRAPHS}-longer",
            "M4 − M2 +10.9 points on seven hops, p < .001",
        ),
        _against(
            "sequential-passes-gain-on-dags",
            "On directed acyclic graphs training with sequential passes gains accuracy, content held fixed.",
            Direction.INCREASE,
            ("pause", "pause_multipass"),
            f"{GRAPHS}-dag",
            "M4 − M3 +7.9 points, p = 7.6e-05",
        ),
    ),
)

CURRICULUM_AGAINST_WRITTEN = Family(
    name="curriculum-against-written",
    claims=(
        _above_written("coconut-above-written", "In distribution", "", "83.0 and 97.0 % on ProsQA"),
        _above_written(
            "coconut-above-written-on-longer",
            "On graphs longer than in training",
            f"{GRAPHS}-longer",
            "10.7 and 66.0 % on seven hops",
        ),
        _above_written(
            "coconut-above-written-on-dags",
            "On directed acyclic graphs",
            f"{GRAPHS}-dag",
            "28.2 and 59.2 % on graphs",
        ),
        _above_written(
            "coconut-above-written-on-denser",
            "On denser graphs",
            f"{GRAPHS}-denser",
            "on other sets out of distribution 10.7 and 66.0, 28.2 and 59.2 %",
        ),
    ),
)
