"""What `ctlab.sweep` returns: outcomes of every cell, and what certifies them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.field_docs import documented
from ctlab.frames import frame
from ctlab.sweeps.outcomes import SweepOutcomes
from ctlab.sweeps.sweep_certificate import SweepCertificate

if TYPE_CHECKING:
    from ctlab.frames import DataFrame

_COLUMNS = ("cell", "position", "layer", "head", "reader", "correct", "change", "mean_length", "edges", "certified")


@documented
@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Sweep:
    """A sweep that was run."""

    outcomes: SweepOutcomes
    """Labels and lengths of every cell's answers, and the grid."""
    certificate: SweepCertificate
    """What was verified, and of which cells."""
    model: str
    """Digest of the model."""
    made: int
    """Answers that were made now; the others were in the store."""
    seconds: float
    """Time it took, answers and labels."""
    certifying: float
    """Time that certificates took beside it, before the first answer."""

    def certified(self, cell: int) -> str:
        """Say how a cell is certified: by its ``edges`` alone, ``recomputed``, or ``nothing``."""
        return self.certificate.of(cell)

    def to_rows(self) -> list[dict[str, Any]]:
        """Return one row a cell: its axes, its rate of right answers, the change against the baseline (proportions)."""
        given = self.outcomes
        rates, lengths = given.right.mean(axis=1), given.lengths.mean(axis=1)
        return [
            {
                "cell": number,
                "position": cell.position,
                "layer": cell.layer,
                "head": cell.head,
                "reader": cell.reader,
                "correct": float(rates[number + 1]),
                "change": float(rates[number + 1] - rates[0]),
                "mean_length": float(lengths[number + 1]),
                "edges": self.certificate.edges.get(number),
                "certified": self.certified(number),
            }
            for number, cell in enumerate(given.grid.cells)
        ]

    def to_frame(self) -> "DataFrame":
        """Return the rows as a table of pandas."""
        return frame(self.to_rows(), _COLUMNS)

    def __repr__(self) -> str:
        grid, rates = self.outcomes.grid, self.outcomes.right.mean(axis=1)
        problems, worst = formatting.counted(len(self.outcomes.problem_ids), "problem"), int(rates[1:].argmin())
        return (
            f"<Sweep of {formatting.counted(len(grid), 'cell')} × {problems}: baseline {formatting.percent(rates[0])} "
            f"correct, lowest {formatting.percent(rates[worst + 1])} ({grid.cells[worst].words}); "
            f"{self.certificate.said}>"
        )
