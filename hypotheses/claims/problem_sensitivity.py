"""Which problems need CT0: story 4. In log-odds, in points, and among problems with as many operations."""

from dataclasses import replace

from ctlab.claims import Claim, Direction, Family, Kind
from hypotheses.claims.shared import CT0, CT0_LATER


def _impact_grows(name: str, feature: str, words: str, scale: str) -> Claim:
    """Hiding CT0 costs more where a feature is larger."""
    return Claim(
        id=f"impact-grows-with-{name}",
        family="problem-sensitivity",
        statement=f"The {words}, the more hiding CT0 from later positions lowers the odds of a correct answer.",
        kind=Kind.INTERACTION,
        direction=Direction.INCREASE,
        feature=feature,
        scale=scale,
        conditions=CT0,
        controls=CT0_LATER,
        source="problem sensitivity: correlation of impact and feature",
    )


def _group_loses_more(name: str, feature: str, statement: str) -> Claim:
    """Hiding CT0 costs one group of problems more than another."""
    return Claim(
        id=name,
        family="problem-sensitivity",
        statement=statement,
        kind=Kind.INTERACTION,
        direction=Direction.INCREASE,
        feature=feature,
        scale="log-odds",
        conditions=CT0,
        controls=CT0_LATER,
        source="problem sensitivity: multi-step against single-step",
    )


def _modifies(name: str, feature: str, words: str) -> Claim:
    """A property of a problem changes what hiding CT0 costs, in either direction."""
    return Claim(
        id=f"{name}-modifies-loss",
        family="problem-sensitivity",
        statement=f"How much hiding CT0 from later positions lowers the odds of a correct answer differs between "
        f"problems with {words} and those without.",
        kind=Kind.INTERACTION,
        direction=Direction.CHANGE,
        feature=feature,
        scale="log-odds",
        conditions=CT0,
        controls=CT0_LATER,
        source="problem sensitivity: impact by problem type",
    )


PROBLEM_SENSITIVITY = Family(
    name="problem-sensitivity",
    claims=(
        _impact_grows("operations", "n_operations", "more operations a problem has", "log-odds per operation"),
        _impact_grows("length", "n_tokens", "longer a question is", "log-odds per token"),
        _impact_grows(
            "operation-types", "n_operation_types", "more kinds of operation a problem has", "log-odds per kind"
        ),
        _impact_grows(
            "max-number", "log10 max_number", "larger the largest number of a question is", "log-odds per factor of ten"
        ),
        _group_loses_more(
            "multi-step-needs-ct0",
            "n_operations >= 3",
            "Hiding CT0 from later positions lowers the odds of a correct answer more for problems with three or more "
            "operations than for those with fewer.",
        ),
        _group_loses_more(
            "multi-step-against-single-step",
            "multi_step",
            "Hiding CT0 from later positions lowers the odds of a correct answer more for problems with several "
            "operations than for those with one.",
        ),
        _modifies("division", "has_division", "a division"),
        _modifies("multiplication", "has_multiplication", "a multiplication"),
        _modifies("fraction", "has_fractions", "a fraction"),
    ),
)

_WORDS = (
    ("lowers the odds of a correct answer more", "costs more points of accuracy"),
    (
        "more hiding CT0 from later positions lowers the odds of a correct answer",
        "more points of accuracy hiding CT0 from later positions costs",
    ),
    (
        "How much hiding CT0 from later positions lowers the odds of a correct answer",
        "How many points of accuracy hiding CT0 from later positions costs",
    ),
)
"""What is said of odds, and of points instead."""


def _in_points(claim: Claim) -> Claim:
    """The same of percentage points, as most readers understand a larger loss; the odds of few are as large."""
    statement = claim.statement
    for odds, points in _WORDS:
        statement = statement.replace(odds, points)
    return replace(
        claim,
        id=f"{claim.id}-in-points",
        family="problem-sensitivity-in-points",
        statement=statement,
        scale=claim.scale.replace("log-odds", "points"),
    )


def _adjusted(claim: Claim) -> Claim:
    """The same among problems with as many operations, with which nearly every other feature goes."""
    return replace(
        claim,
        id=f"{claim.id}-adjusted",
        family=f"{claim.family}-adjusted",
        statement=f"Among problems with the same number of operations: "
        f"{claim.statement[0].lower()}{claim.statement[1:]}",
        adjust=("n_operations",),
    )


_OF_OPERATIONS = ("n_operations", "n_operations >= 3", "multi_step")
"""Features that say nothing more once it is known how many operations there are."""

PROBLEM_SENSITIVITY_IN_POINTS = Family(
    name="problem-sensitivity-in-points", claims=tuple(_in_points(claim) for claim in PROBLEM_SENSITIVITY.claims)
)
PROBLEM_SENSITIVITY_ADJUSTED = Family(
    name="problem-sensitivity-adjusted",
    claims=tuple(_adjusted(claim) for claim in PROBLEM_SENSITIVITY.claims if claim.feature not in _OF_OPERATIONS),
)
PROBLEM_SENSITIVITY_IN_POINTS_ADJUSTED = Family(
    name="problem-sensitivity-in-points-adjusted",
    claims=tuple(
        _adjusted(claim) for claim in PROBLEM_SENSITIVITY_IN_POINTS.claims if claim.feature not in _OF_OPERATIONS
    ),
)
