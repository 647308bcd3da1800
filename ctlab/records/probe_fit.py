"""What a learned probe read of problems that it was not fitted on, beside probes of shuffled labels. Pure data."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ctlab.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeFit:
    """One probe, held out; n problems that it was not fitted on, S probes of shuffled labels beside it."""

    label: str
    """What was read, in words: ``result of step 2, modulo 10``."""
    thought: str
    """Position whose state was read: ``CT0`` … or ``end``."""
    level: int
    """Level of the network: 0 is what the position was fed, l the state after layer l."""
    problem_ids: tuple[str, ...]
    """Ids of the held-out problems (n), in problem order."""
    right: tuple[bool, ...]
    """(n,): whether the probe names the problem's label."""
    control: tuple[float, ...]
    """(n,): share of the S shuffled labellings whose probe names the problem's shuffled label."""
    draws: tuple[float, ...]
    """(S,): accuracy of the probe of each shuffled labelling on the n problems, with the labels of that labelling."""
    trained: int
    """Number of problems that it was fitted on."""
    classes: int
    """Number of labels that these have."""
    most_common: float
    """Accuracy of always naming the label that is most common among them."""
    kept: float
    """Share of all labelled problems that no other label could be shuffled to; see `fit_probe`."""
    penalty: float
    """Penalty that was chosen, relative to the number of problems fitted on."""

    def __post_init__(self) -> None:
        """Refuse lengths that do not fit together."""
        if not len(self.problem_ids) == len(self.right) == len(self.control):
            raise InputError(
                f"a probe has one answer and one control for each held-out problem, got {len(self.problem_ids)} "
                f"problems, {len(self.right)} answers and {len(self.control)} controls"
            )

    @property
    def accuracy(self) -> float:
        """Share of the held-out problems whose label it names."""
        return sum(self.right) / len(self.right)

    @property
    def control_accuracy(self) -> float:
        """The same of the probes of shuffled labels, on average."""
        return sum(self.control) / len(self.control)

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return asdict(self)

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "ProbeFit":
        """Read what ``to_json`` returned."""
        lists = ("problem_ids", "right", "control", "draws")
        return cls(**{**form, **{name: tuple(form[name]) for name in lists}})
