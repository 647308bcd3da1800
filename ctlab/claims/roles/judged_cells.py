"""Cells of judged claims, by the question that they answer: all that a role may rest on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ctlab.records.judgement import Verdict

NEEDED, CARRIES, LEFT, READ, IDLE, EXCHANGES = "needed", "carries", "left", "read", "idle", "exchanges"
"""Questions, as `details.asks` of an effect names them."""
YES = {NEEDED: "needed", CARRIES: "carried", LEFT: "left", READ: "needed", IDLE: "idle", EXCHANGES: "exchanged"}
"""What a cell's label says where the answer is yes."""
NO = {NEEDED: "idle", CARRIES: "not carried", LEFT: "not left", READ: "idle", IDLE: "used", EXCHANGES: "not exchanged"}
"""What it says where it is no; everything else is open."""
_TOLD = {CARRIES: ("value", "rate", "chance"), LEFT: ("what", "rate"), READ: ("readers",)}
"""What a cell must have besides, for a sentence about it; a suite's own measure may give cells without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCell:
    """A cell of a judged claim, and where in the claim's row it stands."""

    claim: Mapping[str, Any]
    """The claim's row in report.json."""
    index: int
    """Place in `effect.details.cells`."""

    @property
    def row(self) -> Mapping[str, Any]:
        """The cell."""
        cell: Mapping[str, Any] = self.claim["effect"]["details"]["cells"][self.index]
        return cell

    @property
    def asks(self) -> str:
        """The question that it answers."""
        return str(self.claim["effect"]["details"]["asks"])

    @property
    def thought(self) -> str:
        """Name of its thought."""
        return str(self.row["thought"])

    @property
    def value(self) -> float | None:
        """Level of the stratum or number of the step."""
        value = self.row["value"]
        return None if value is None else float(value)

    @property
    def yes(self) -> bool:
        """Whether it shows what is asked; only a SUPPORTED claim shows anything of the kind."""
        return bool(self.claim["verdict"] == Verdict.SUPPORTED and self.row["label"] == YES[self.asks])

    @property
    def no(self) -> bool:
        """Whether it shows the opposite."""
        return bool(self.row["label"] == NO[self.asks])

    @property
    def tested(self) -> bool:
        """Whether there were enough problems to test it."""
        return self.row["estimate"] is not None


@dataclass(frozen=True, slots=True)
class JudgedCells:
    """All of them, in the order of claims and cells."""

    cells: tuple[JudgedCell, ...]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> "JudgedCells":
        """Collect the cells of claims that were judged; a VOID or undecided claim says nothing, whatever its cells."""
        found: list[JudgedCell] = []
        for row in rows:
            effect = row.get("effect")
            if row.get("status") != "judged" or row["verdict"] == Verdict.VOID or not effect or effect["undecided"]:
                continue
            details = effect.get("details") or {}
            if (asks := details.get("asks")) in YES:
                told = (all(cell.get(name) is not None for name in _TOLD.get(asks, ())) for cell in details["cells"])
                found += (JudgedCell(claim=row, index=index) for index, whole in enumerate(told) if whole)
        return cls(tuple(found))

    def about(self, asks: str, thought: str | None = None) -> list[JudgedCell]:
        """Return the cells of a question, of one thought where one is given."""
        return [cell for cell in self.cells if cell.asks == asks and thought in (None, cell.thought)]

    @property
    def thoughts(self) -> list[str]:
        """Names of all thoughts, by their number."""
        return in_order(dict.fromkeys(cell.thought for cell in self.cells))


def in_order(thoughts: Iterable[str]) -> list[str]:
    """Sort names of thoughts by their number; names without one come last, by the alphabet."""

    def key(name: str) -> tuple[bool, int, str]:
        number = name.removeprefix("CT")
        return (False, int(number), "") if number.isdecimal() else (True, 0, name)

    return sorted(thoughts, key=key)


def ids(cells: Sequence[JudgedCell]) -> tuple[str, ...]:
    """Return the ids of the claims behind cells, each once."""
    return tuple(dict.fromkeys(str(cell.claim["id"]) for cell in cells))
