"""Whether pause tokens do what COCONUT's thoughts do: claim 1 of docs/field.md, and the same out of distribution."""

from ctlab.claims import Claim, Direction, Family, Kind
from hypotheses_published.claims.shared import GRAPHS, PROSQA, SEVEN_HOPS, STUDY, marked_alike

COCONUT_PAUSE = ("coconut", "pause")
MATCHES = f"{STUDY}: pause matches COCONUT, 96.6 and 97.0 %, p = .845"

PAUSE_AGAINST_COCONUT = Family(
    name="pause-against-coconut",
    controls=marked_alike(*COCONUT_PAUSE),
    claims=(
        Claim(
            id="pause-within-3-points-of-coconut",
            statement="On ProsQA pause tokens in one pass are right as often as COCONUT, within 3 points.",
            kind=Kind.EQUIVALENCE,
            direction=Direction.EQUIVALENT,
            margin=0.03,
            conditions=COCONUT_PAUSE,
            problems=PROSQA,
            source=MATCHES,
        ),
        Claim(
            id="pause-within-2-points-of-coconut",
            statement="On ProsQA pause tokens in one pass are right as often as COCONUT, within 2 points.",
            kind=Kind.EQUIVALENCE,
            direction=Direction.EQUIVALENT,
            margin=0.02,
            conditions=COCONUT_PAUSE,
            problems=PROSQA,
            source=MATCHES,
        ),
        Claim(
            id="pause-differs-from-coconut",
            statement="On ProsQA pause tokens in one pass are right more or less often than COCONUT.",
            direction=Direction.CHANGE,
            conditions=COCONUT_PAUSE,
            problems=PROSQA,
            source=f"{STUDY}, results/experiments/mcnemar/results.json: p = .84501898",
        ),
    ),
)

PAUSE_OUT_OF_DISTRIBUTION = Family(
    name="pause-out-of-distribution",
    controls=marked_alike(*COCONUT_PAUSE),
    claims=(
        Claim(
            id="pause-differs-from-coconut-on-seven-hops",
            statement="On seven hops pause tokens in one pass are right more or less often than COCONUT.",
            direction=Direction.CHANGE,
            conditions=COCONUT_PAUSE,
            problems=SEVEN_HOPS,
            source=f"{STUDY}, results/experiments/mcnemar/results.json: M3 − M2 +9.4 points, p = 3.0e-07",
        ),
        Claim(
            id="pause-differs-from-coconut-on-graphs",
            statement="On directed acyclic graphs pause tokens in one pass are right more or less often than COCONUT.",
            direction=Direction.CHANGE,
            conditions=COCONUT_PAUSE,
            problems=GRAPHS,
            source=f"{STUDY}, results/experiments/mcnemar/results.json: M3 − M2 −7.3 points, p = .00029",
        ),
    ),
)
