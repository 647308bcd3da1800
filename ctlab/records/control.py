"""Controls as data: conditions whose result is known beforehand, with what each must show."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from ctlab.errors import RegistryError
from ctlab.field_docs import documented
from ctlab.records.as_declared import AsDeclared


class Shows(StrEnum):
    """What a control must show."""

    NO_OP = "no-op"
    """The same token ids as the reference."""
    NEGLIGIBLE = "negligible"
    """A loss of accuracy that is no larger than the margin."""
    NOT_SO = "not so"
    """The claim's own measurement, of which the claim does not hold."""
    BITES = "bites"
    """An intervention that weakens edges or replaces thoughts, and moves the logits."""


class ControlState(StrEnum):
    """What a control did show."""

    HOLDS = "holds"
    CONTRADICTS = "contradicts"
    CANNOT_TELL = "cannot tell"


@documented
@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One condition whose result is known beforehand."""

    condition: str
    """Name of the condition that is looked at."""
    shows: Shows
    """What it must show."""
    reference: str = "baseline"
    """Condition that it is compared with."""
    margin: float = 0.0
    """For `negligible`: the largest loss of accuracy that is still negligible, a proportion."""

    def __post_init__(self) -> None:
        """Refuse what no run could show: an unknown name, and a negative control without a margin."""
        given = AsDeclared(self, f"Control {self.condition!r}" if isinstance(self.condition, str) else "A control")
        given.text("condition", "no_op", empty=False)
        given.text("reference", "baseline", empty=False)
        given.named("shows", Shows)
        given.number("margin", proportion=True)
        if (self.shows == Shows.NEGLIGIBLE) != (self.margin > 0.0):
            raise RegistryError(
                f"Control {self.condition!r}: a margin above 0 belongs to `negligible` and to nothing else, "
                f"got {self.shows} with margin {self.margin!r}."
            )
        if self.condition == self.reference and self.shows != Shows.BITES:
            raise given.refuse("it is compared with itself, which shows nothing", "name another reference or condition")

    @property
    def conditions(self) -> tuple[str, ...]:
        """Names of the conditions that checking it needs."""
        return (self.condition,) if self.shows == Shows.BITES else (self.reference, self.condition)

    def to_json(self) -> dict[str, Any]:
        """Return the control as JSON builtins."""
        row = {f.name: getattr(self, f.name) for f in fields(self)}
        row["shows"] = str(self.shows)
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Control":
        """Return the control that `to_json` wrote."""
        return cls(**{**row, "shows": Shows(row["shows"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlResult:
    """What a control did show."""

    control: Control
    """The control."""
    state: ControlState
    """Whether it holds, contradicts or cannot tell."""
    detail: str
    """One sentence with the numbers."""

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON builtins."""
        return {"control": self.control.to_json(), "state": str(self.state), "detail": self.detail}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "ControlResult":
        """Return the result that `to_json` wrote."""
        return cls(
            control=Control.from_json(row["control"]), state=ControlState(row["state"]), detail=str(row["detail"])
        )
