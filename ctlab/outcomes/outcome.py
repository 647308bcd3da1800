"""The labels that a generation can get."""

from enum import StrEnum


class Outcome(StrEnum):
    """Label of a generation, in order of precedence; which of them an answer kind has is said in `OUTCOMES_OF`."""

    CORRECT = "CORRECT"
    """Equals the gold answer."""
    NONE = "NONE"
    """The model produced nothing."""
    NONSENSE = "NONSENSE"
    """Text without any answer of the kind that is asked for (a number, an option, yes or no), or runaway repetition."""
    FORM_BROKEN = "FORM_BROKEN"
    """A wrong answer in another form than undisturbed answers have; not given where these have no common form."""
    HEDGED = "HEDGED"
    """Two answers that exclude each other, and neither is chosen: ``A or B``, ``yes and no``."""
    NEGATED = "NEGATED"
    """The opposite of the reference answer: false for true, ``not (B)``, ``Sally is not a sterpus``."""
    WRONG_OPTION = "WRONG_OPTION"
    """Another one of the options."""
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
    OTHER_ENTITY_NAMED = "OTHER_ENTITY_NAMED"
    """Another entity, which the question names."""
    OTHER_ENTITY_NOT_NAMED = "OTHER_ENTITY_NOT_NAMED"
    """Another entity, which the question does not name."""
    WRONG_ORDER = "WRONG_ORDER"
    """The items of the reference answer in another order; of sequences."""
    MISSING_ITEM = "MISSING_ITEM"
    """Only items of the reference answer, and not all of them."""
    EXTRA_ITEM = "EXTRA_ITEM"
    """Every item of the reference answer, and more."""
    WRONG_ITEM = "WRONG_ITEM"
    """Some items of the reference answer, and others in place of the rest."""
    UNEXPLAINED = "UNEXPLAINED"
    """An answer that none of these explains."""


_BY_TEXT = (Outcome.CORRECT, Outcome.NONE, Outcome.NONSENSE, Outcome.FORM_BROKEN)
BY_NUMBER = (
    Outcome.CALC_ERROR,
    Outcome.SIGN_ERROR,
    Outcome.PARTIAL_ANSWER,
    Outcome.OPERATION_REVERSAL,
    Outcome.OFF_BY_FACTOR,
    Outcome.LOGIC_ERROR,
    Outcome.UNEXPLAINED,
)
"""Outcomes that a wrong number is held against its problem for, so that it can have them by accident; the text decides
the others, whatever the number."""
OUTCOMES_OF: dict[str, tuple[Outcome, ...]] = {
    "number": (*_BY_TEXT, *BY_NUMBER),
    "choice": (*_BY_TEXT, Outcome.HEDGED, Outcome.NEGATED, Outcome.WRONG_OPTION, Outcome.UNEXPLAINED),
    "boolean": (*_BY_TEXT, Outcome.HEDGED, Outcome.NEGATED),
    "entity": (
        *_BY_TEXT,
        Outcome.HEDGED,
        Outcome.NEGATED,
        Outcome.WRONG_OPTION,
        Outcome.OTHER_ENTITY_NAMED,
        Outcome.OTHER_ENTITY_NOT_NAMED,
        Outcome.UNEXPLAINED,
    ),
    "set": (*_BY_TEXT, Outcome.MISSING_ITEM, Outcome.EXTRA_ITEM, Outcome.WRONG_ITEM, Outcome.UNEXPLAINED),
    "sequence": (
        *_BY_TEXT,
        Outcome.WRONG_ORDER,
        Outcome.MISSING_ITEM,
        Outcome.EXTRA_ITEM,
        Outcome.WRONG_ITEM,
        Outcome.UNEXPLAINED,
    ),
}
"""Outcomes that an answer of each kind can have, in order of precedence."""
ERRORS = tuple(outcome for outcome in Outcome if outcome is not Outcome.CORRECT)
"""Every outcome of a wrong answer."""
# A hedge is one whatever it is asked, as nonsense is.
BY_ANSWER = tuple(outcome for outcome in ERRORS if outcome not in (*_BY_TEXT, Outcome.HEDGED))
"""Outcomes that a wrong answer of any kind is held against its problem for; those of numbers are `BY_NUMBER`."""
