"""Claims, effects and runs to judge."""

from ctlab.claims import Claim, Direction, Kind
from ctlab.records import Control, Shows
from tests.statistics.fake_runs import certificate, pair

ALPHA = 0.05 / 6


def claim(direction=Direction.DECREASE, **fields):
    given = {
        "id": "ct0-lowers-accuracy",
        "family": "demo",
        "statement": "Hiding CT0 lowers accuracy.",
        "direction": direction,
        "conditions": ("baseline", "ct0_blocked"),
    }
    return Claim(**{**given, **fields})


CONTROLS = (
    Control(condition="no_op", shows=Shows.NO_OP),
    Control(condition="question_control_later", shows=Shows.NEGLIGIBLE, margin=0.05),
    Control(condition="ct0_blocked", shows=Shows.BITES),
)
CONTROLLED = claim(controls=CONTROLS)
EQUIVALENCE = claim(Direction.EQUIVALENT, kind=Kind.EQUIVALENCE, margin=0.02)


def runs(lost=230, gained=29, n=1319, *, negative=(4, 3), certificates=None):
    """Baseline, ct0_blocked, a no-op that is one, and a negative control with these discordant problems."""
    certificates = {
        "baseline": certificate("baseline", weakened=0),
        "ct0_blocked": certificate("ct0_blocked"),
        "no_op": certificate("no_op", weakened=0, moves=True),
        "question_control_later": certificate("question_control_later"),
        **(certificates or {}),
    }
    baseline, treated = pair(
        lost,
        gained,
        n,
        names=("baseline", "ct0_blocked"),
        certificates=(certificates["baseline"], certificates["ct0_blocked"]),
    )
    kept = sum(baseline.has("CORRECT"))
    again = [label == "CORRECT" for label in baseline.labels]
    moved = [not each if row < negative[0] else each for row, each in enumerate(again)]
    wrong = [row for row, each in enumerate(again) if not each][: negative[1]]
    moved = [True if row in wrong else each for row, each in enumerate(moved)]
    assert kept >= negative[0]
    control = type(baseline)(
        "question_control_later",
        tuple("CORRECT" if each else "LOGIC_ERROR" for each in moved),
        certificate=certificates["question_control_later"],
    )
    no_op = type(baseline)("no_op", baseline.labels, certificate=certificates["no_op"])
    return {"baseline": baseline, "ct0_blocked": treated, "no_op": no_op, "question_control_later": control}
