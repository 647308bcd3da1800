"""An answer over which a careful person would hesitate, and how it was read."""

from ctlab.reporting.model.record import Record


class HesitationRow(Record):
    """One such answer."""

    problem_id: str = ""
    """Id of its problem."""
    answer: str
    """The answer's text, cut where it is long."""
    read: str | None = None
    """What was read; null where nothing was."""
    reading: str
    """How it was read and why a person would hesitate, in words."""
    correct: bool | None = None
    """Whether what was read is right."""
