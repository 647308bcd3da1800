"""How often claims of cells err: a wrong label anywhere, a wrong verdict; and what they find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from benchmarks.calibration_question import ALPHA, Answers, answers
from ctlab.claims import Claim, Direction, Kind
from ctlab.claims.judge import decide
from ctlab.records import Verdict
from ctlab.statistics.cells.needed_where import IDLE, NEEDED, needed_where

MARGIN = 0.1
THOUGHTS = 6
EVEN = (264, 264, 264, 264, 263)
"""Problems by number of operations, as the embedded set has them."""
UNEVEN = (609, 400, 200, 60, 50)
CLAIM = Claim(
    id="c",
    family="f",
    statement="s",
    kind=Kind.NEEDED_WHERE,
    direction=Direction.DECREASE,
    margin=MARGIN,
    feature="n_operations",
    conditions=("baseline", *(f"t{k}" for k in range(THOUGHTS))),
)


@dataclass(frozen=True, kw_only=True)
class Design:
    """True losses, and how problems carry them."""

    name: str
    loss: Mapping[tuple[int, int], float]
    """True loss of a thought (row) in a stratum (column); 0 where none is given."""
    elsewhere: float = 0.0
    """Loss of every other cell."""
    sizes: Sequence[int] = EVEN
    moved: float = 0.0
    """Share of problems that is lost, and as many gained, besides."""
    right: float = 0.8
    """Rate under the baseline."""
    shared: float = 0.7
    """Share of problems whose luck is the same under all thoughts."""
    copies: int = 1
    """How many problems share one fate."""
    holds: bool = True
    """False where problems depend on each other, which no test of pairs survives."""

    def true_loss(self, thought: int, stratum: int) -> float:
        """True loss of a cell."""
        return self.loss.get((thought, stratum), self.elsewhere)

    def draw(self, generator: np.random.Generator) -> list[Answers]:
        """The baseline, and one run a thought."""
        strata = np.repeat(np.arange(len(self.sizes)), self.sizes)
        fates = -(-len(strata) // self.copies)
        one_of = np.repeat(np.arange(fates), self.copies)[: len(strata)]
        before = (generator.random(fates) < self.right)[one_of]
        shared, same = generator.random(fates)[one_of], (generator.random(fates) < self.shared)[one_of]
        features = tuple(SimpleNamespace(n_operations=int(stratum) + 1) for stratum in strata)
        runs = [answers("baseline", before, features)]
        for thought in range(THOUGHTS):
            luck = np.where(same, shared, generator.random(fates)[one_of])
            loss = np.array([self.true_loss(thought, each) for each in range(len(self.sizes))])[strata]
            broken = (np.maximum(loss, 0.0) + self.moved) / self.right
            fixed = (np.maximum(-loss, 0.0) + self.moved) / (1.0 - self.right)
            runs.append(answers(f"t{thought}", np.where(before, luck >= broken, luck < fixed)))
        return runs


@dataclass(frozen=True, kw_only=True)
class Erred:
    """Shares of runs, and of cells."""

    wrongly_needed: float
    """Some cell is called needed that loses no more than the margin."""
    wrongly_idle: float
    """Some cell is called idle that loses or gains the margin or more."""
    supported: float
    """SUPPORTED although no cell loses more than the margin."""
    refuted: float
    """REFUTED although some cell loses that much."""
    needed: float | None
    """Share of the cells beyond the margin that are called needed; None where there are none."""
    idle: float | None
    """Share of the cells within the margin that are called idle, likewise."""


def measure(design: Design, runs: int, seed: int = 0) -> Erred:
    """Judge many runs of a design; the truth of each cell is known."""
    question = SimpleNamespace(direction="decrease", margin=MARGIN, alpha=ALPHA)
    losses = [design.true_loss(thought, each) for thought in range(THOUGHTS) for each in range(len(design.sizes))]
    beyond, found = max(losses) > MARGIN, []
    for run in range(runs):
        baseline, *treated = design.draw(np.random.default_rng([seed, run]))
        effect = needed_where(baseline, treated, question, feature="n_operations")
        labels = np.array([cell["label"] for cell in effect.details["cells"]])
        found.append((decide(CLAIM, effect, ALPHA), labels == NEEDED, labels == IDLE))
    needed, idle = (np.array([row[place] for row in found]) for place in (1, 2))
    verdicts, loss = [row[0] for row in found], np.array(losses)
    return Erred(
        wrongly_needed=float(needed[:, loss <= MARGIN].any(axis=1).mean()),
        wrongly_idle=float(idle[:, np.abs(loss) >= MARGIN].any(axis=1).mean()),
        supported=0.0 if beyond else verdicts.count(Verdict.SUPPORTED) / runs,
        refuted=verdicts.count(Verdict.REFUTED) / runs if beyond else 0.0,
        needed=float(needed[:, loss > MARGIN].mean()) if (loss > MARGIN).any() else None,
        idle=float(idle[:, np.abs(loss) < MARGIN].mean()) if (np.abs(loss) < MARGIN).any() else None,
    )


DIAGONAL = {(k, k): 0.7 for k in range(5)}
DESIGNS = (
    Design(name="every cell loses the margin", loss={}, elsewhere=MARGIN, moved=0.02),
    Design(name="every cell loses the margin, nothing gained", loss={}, elsewhere=MARGIN),
    Design(name="every cell gains the margin", loss={}, elsewhere=-MARGIN, right=0.5, moved=0.02),
    Design(name="needed on the diagonal, the margin elsewhere", loss=DIAGONAL, elsewhere=MARGIN, moved=0.01),
    Design(name="strata of 609 to 50, the margin", loss={}, elsewhere=MARGIN, sizes=UNEVEN, moved=0.02),
    Design(name="all thoughts share their luck, the margin", loss={}, elsewhere=MARGIN, shared=1.0, moved=0.02),
    Design(name="each thought has luck of its own, the margin", loss={}, elsewhere=MARGIN, shared=0.0, moved=0.02),
    Design(name="few right before, the margin", loss={}, elsewhere=MARGIN, right=0.15),
    Design(name="needed on the diagonal, idle elsewhere", loss=DIAGONAL, moved=0.005),
    Design(name="loss of 25 points in one cell", loss={(0, 0): 0.25}, moved=0.01),
    Design(name="loss of 20 points in one cell", loss={(0, 0): 0.2}, moved=0.01),
    Design(name="every problem twice, the margin", loss={}, elsewhere=MARGIN, moved=0.02, copies=2, holds=False),
)
