"""What each thought does, as report.json holds it: roles, the paragraph, and the cells behind them."""

from ctlab.reporting.model.record import Count, Many, Probability, Record


class RoleRow(Record):
    """One thing that one thought does: a rule over verdicts (docs/roles.md)."""

    thought: str
    """Name of the thought."""
    role: str
    """What it does, a name of ``ctlab.claims.roles.RoleName``."""
    step: Count | None = None
    """The step whose result it holds; null for the other roles."""
    lacks: str = ""
    """What is not shown of a thought that decodes to a step's result and is not said to carry it."""
    where: Many[str] = ()
    """Strata in which it is needed, as the statistic names them."""
    read_by: Many[str] = ()
    """Readers that need it where it is needed first, in words; empty where that is not known."""
    claims: Many[str] = ()
    """Ids of the claims that the rule read; empty for ``unknown``."""


class NumberRow(Record):
    """One number of a sentence."""

    text: str
    """As written."""
    claim: str
    """Id of the claim."""
    field: str
    """Path to the value in the claim's row, joined by points."""
    form: str
    """How the value was written."""


class SentenceRow(Record):
    """A sentence with what it rests on."""

    text: str
    """The sentence."""
    claims: Many[str] = ()
    """Ids of the claims behind it."""
    numbers: Many[NumberRow] = ()
    """Its numbers."""


class ParagraphRow(Record):
    """The paragraph that says what thoughts do, made from roles alone."""

    text: str
    """The paragraph, at most 160 words."""
    sentences: Many[SentenceRow] = ()
    """Its sentences in order."""


class CellRow(Record):
    """A cell of a claim about thoughts by places."""

    thought: str
    """Name of the thought."""
    place: str
    """Stratum, step or other place; empty for all problems."""
    readers: str = ""
    """From whom the thought was hidden, where that is asked."""
    value: float | None = None
    """Level of the stratum or number of the step."""
    n: Count
    """Its problems."""
    label: str
    """What it shows, such as ``needed``, ``idle`` or ``unknown``."""
    why: str = ""
    """Why it shows nothing."""
    power: Probability | None = None
    """Probability of showing that there is nothing of the margin's size, if there is nothing; null where untested."""
    estimate: float | None = None
    """What was measured, in the effect's unit; null where untested."""
    low: float | None = None
    """Lower end of its interval, at the level that all cells share."""
    high: float | None = None
    """Upper end."""
    p_value: Probability | None = None
    """Its p-value alone, not multiplied by the number of cells."""
    lost: Count | None = None
    """Problems that had the outcome before only; null for a measurement."""
    gained: Count | None = None
    """Problems that have it now only."""
