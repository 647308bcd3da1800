"""One run as a line of history.jsonl: who was asked what, and what came of each claim that was judged."""

from ctlab.records.judgement import Verdict
from ctlab.reporting.model.record import Count, OneOf, Record


class RunSubject(Record):
    """Who was asked what, and how: runs of one subject can be held against each other."""

    model: str
    """Name of the model."""
    model_digest: str
    """Digest of its weights and settings, or of the set of recorded answers."""
    problems: str
    """Name of the problem set."""
    problems_digest: str
    """Digest of its problems, a limit included."""
    n: Count
    """Number of problems."""
    padding: str | None = None
    """``exact`` or ``as-published``; null for recorded answers."""
    dtype: str | None = None
    """Floating-point type; null for recorded answers."""
    max_new_tokens: int | None = None
    """Longest answer, in tokens; null for recorded answers."""


class JudgedClaim(Record):
    """What came of one claim in one run."""

    claimed: str
    """Digest of what it claims: a line is drawn through runs that judged the same claim."""
    verdict: OneOf[Verdict]
    """Its verdict."""
    estimate: float | None = None
    """The effect in ``unit``; null where nothing was measured."""
    low: float | None = None
    """Lower end of the interval that decides."""
    high: float | None = None
    """Upper end."""
    unit: str = ""
    """Unit of the three."""


class HistoryRun(Record):
    """A line of history.jsonl."""

    run: str
    """Name of its report's folder."""
    started: str
    """When it began, ISO 8601."""
    commit: str = ""
    """Commit of the suite; empty where that is not known."""
    ctlab: str = ""
    """Version of ctlab."""
    interrupted: bool = False
    """Whether it was stopped before its end."""
    subject: RunSubject
    """Who was asked what."""
    claims: dict[str, JudgedClaim]
    """What came of each claim that was judged, by id."""
