"""The labels that a generation can get."""

from enum import StrEnum


class Outcome(StrEnum):
    """Label of a generation, in order of precedence."""

    CORRECT = "CORRECT"
    """Equals the gold answer."""
    NONE = "NONE"
    """The model produced nothing."""
    NONSENSE = "NONSENSE"
    """Text without any number, or runaway repetition."""
    CALC_ERROR = "CALC_ERROR"
    """A written equation is false; from the final number alone: the right plan with one slip."""
    SIGN_ERROR = "SIGN_ERROR"
    """The negative of the gold answer."""
    PARTIAL_ANSWER = "PARTIAL_ANSWER"
    """An intermediate result of the worked solution."""
    OPERATION_REVERSAL = "OPERATION_REVERSAL"
    """The worked solution with one operation inverted or its operands swapped."""
    OFF_BY_FACTOR = "OFF_BY_FACTOR"
    """The gold answer times or divided by 2, 3, 4, 5, 10, 100 or 1000."""
    LOGIC_ERROR = "LOGIC_ERROR"
    """Every written equation is true and the answer wrong; from the final number alone: reachable from the problem's
    numbers by at most two operations."""
    UNEXPLAINED = "UNEXPLAINED"
    """A number that none of these explains."""


ERRORS = tuple(outcome for outcome in Outcome if outcome is not Outcome.CORRECT)
"""Every outcome of a wrong answer."""
