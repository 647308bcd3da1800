"""What was found of the rows that made the answers: some of every batch, answered once more apart from the engine."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ctlab import formatting
from ctlab.records.certificate import Check
from ctlab.records.generation import Generation

CHECK = "rows-of-the-run"
"""Name of the certificate's check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAudit:
    """The audited rows of one condition, of one batch or of several."""

    rows: int = 0
    """Rows that were answered once more."""
    states: float = 0.0
    """Largest distance of a hidden state from the recomputed one, in units of its largest number."""
    thoughts: float = 0.0
    """The same of what was fed as a thought: of the recomputed projection, or of what a patch says."""
    ties: int = 0
    """Tokens that differ from the recomputed ones where the two best logits are within rounding."""
    failure: str = ""
    """The first row that is not what it must be, in words; empty where all are."""
    not_recomputed: str = ""
    """Why no row was answered once more, although nothing is wrong; empty where rows were."""

    def to_json(self) -> dict[str, Any]:
        """JSON form; numbers that are none (a state that overflowed) are failures and kept as 0."""
        return {name: 0.0 if value != value else value for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "RowAudit":
        """Read the JSON form."""
        return cls(**form)


class AuditedBatch(dict[str, tuple[Generation, ...]]):
    """A finished batch, condition name to its generations, with what was found of its rows."""

    def __init__(self, answers: Mapping[str, tuple[Generation, ...]], audits: Mapping[str, RowAudit]) -> None:
        super().__init__(answers)
        self.audits: Mapping[str, RowAudit] = dict(audits)
        """Condition name to its audited rows."""


def joined(audits: Iterable[RowAudit]) -> RowAudit:
    """Several batches' audits as one; the first failure speaks for all."""
    parts = list(audits)
    return RowAudit(
        rows=sum(part.rows for part in parts),
        states=max((part.states for part in parts), default=0.0),
        thoughts=max((part.thoughts for part in parts), default=0.0),
        ties=sum(part.ties for part in parts),
        failure=next((part.failure for part in parts if part.failure), ""),
        not_recomputed=next((part.not_recomputed for part in parts if part.not_recomputed), ""),
    )


def check_of(audits: Sequence[RowAudit], answers: int) -> Check:
    """Say what was found of the batches that ``answers`` answers of one condition come from."""
    found = joined(audits)
    batches = formatting.counted(len(audits), "batch", "batches")
    made = f"the {formatting.count(answers)} rows, in {batches}, that answered"
    if found.failure:
        return Check(name=CHECK, passed=False, detail=f"of {made}, one is not what it must be: {found.failure}")
    if found.not_recomputed:
        return Check(name=CHECK, passed=True, detail=f"none of {made} was recomputed: {found.not_recomputed}")
    ties = f" and {formatting.counted(found.ties, 'tie')} within rounding" if found.ties else ""
    return Check(
        name=CHECK,
        passed=found.rows > 0,
        detail=f"{formatting.count(found.rows)} of {made}, from every quarter of the batches and their last rows, "
        f"against the recompute in one piece: hidden states within {found.states:.1e}, thoughts within "
        f"{found.thoughts:.1e} of their size, 0 other tokens{ties}",
    )
