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
    FORM_BROKEN = "FORM_BROKEN"
    """A wrong answer in another form than undisturbed answers have; not given where these have no common form."""
    CALC_ERROR = "CALC_ERROR"
    """A written equation is false; from the final number alone: the right plan with one slip (one that is off
    by two only where no wrong plan reaches the number)."""
    SIGN_ERROR = "SIGN_ERROR"
    """The negative of the gold answer."""
    PARTIAL_ANSWER = "PARTIAL_ANSWER"
    """An intermediate result of the worked solution."""
    OPERATION_REVERSAL = "OPERATION_REVERSAL"
    """The worked solution with one operation inverted or its operands swapped."""
    OFF_BY_FACTOR = "OFF_BY_FACTOR"
    """The gold answer times or divided by 2, 3, 4, 5, 10, 100 or 1000."""
    LOGIC_ERROR = "LOGIC_ERROR"
    """Every written equation is true and the answer wrong, whatever number it happens to be; from the final number
    alone: reachable from the problem's numbers by at most two operations."""
    UNEXPLAINED = "UNEXPLAINED"
    """A number that none of these explains."""


ERRORS = tuple(outcome for outcome in Outcome if outcome is not Outcome.CORRECT)
"""Every outcome of a wrong answer."""
BY_NUMBER = tuple(outcome for outcome in ERRORS if outcome not in (Outcome.NONE, Outcome.NONSENSE, Outcome.FORM_BROKEN))
"""Outcomes that a wrong number is held against its problem for, so that it can have them by accident; the text decides
the others, whatever the number."""
