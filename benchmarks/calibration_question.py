"""What simulated runs share: answers without a model, and what is asked of them."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from ctlab.claims import Claim, Direction, Kind
from ctlab.outcomes.outcome import OUTCOMES_OF, Outcome

ALPHA, STRICT = 0.05, 0.05 / 6
LABELS = ("CALC_ERROR", "LOGIC_ERROR", "PARTIAL_ANSWER", "OFF_BY_FACTOR", "OPERATION_REVERSAL", "UNEXPLAINED")
SHARES = np.array([0.25, 0.3, 0.2, 0.15, 0.06, 0.04])


def asking(kind: Kind, direction: Direction, margin: float = 0.0) -> Any:
    """A claim together with its level."""
    claim = Claim(id="c", family="f", statement="s", direction=direction, kind=kind, margin=margin)
    return SimpleNamespace(judged=claim, direction=direction, margin=margin, alpha=ALPHA)


@dataclass(frozen=True)
class Answers:
    """As much of a run as statistics read."""

    name: str
    labels: np.ndarray
    features: tuple[Any, ...] = ()

    @property
    def condition(self) -> Any:
        """Its name."""
        return SimpleNamespace(name=self.name)

    @property
    def ids(self) -> tuple[str, ...]:
        """Row numbers."""
        return tuple(map(str, range(len(self.labels))))

    @property
    def problems(self) -> tuple[Any, ...]:
        """Nothing but features."""
        return tuple(SimpleNamespace(features=each) for each in self.features)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Outcomes that answers which are numbers can have."""
        return OUTCOMES_OF["number"]

    def has(self, outcome: str) -> tuple[bool, ...]:
        """Return which problems have the label."""
        return tuple((self.labels == outcome).tolist())


def answers(name: str, correct: np.ndarray, features: tuple[Any, ...] = ()) -> Answers:
    """A run with one kind of error."""
    return Answers(name, np.where(correct, "CORRECT", "LOGIC_ERROR"), features)
