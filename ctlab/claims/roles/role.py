"""A role is a rule over verdicts; docs/roles.md has the rules in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ctlab.claims.roles.judged_cells import CARRIES, EXCHANGES, IDLE, NEEDED, READ, JudgedCell, JudgedCells, ids

_STEPS = ("n_operations", "n_hops")
"""Features whose levels count steps, so that a stratum says which of them its problems have."""


class RoleName(StrEnum):
    """What a thought does."""

    CARRIES = "carries a step's result"
    DECODES = "decodes to a step's result"
    NEEDED = "needed"
    IDLE = "idle"
    UNKNOWN = "unknown"


class Lacks(StrEnum):
    """What is not shown of a thought that decodes to a step's result, or of an idle one; why no more is said."""

    NOTHING = ""
    NEED = "that it is needed for it"
    ITS_OWN = "that it is needed there alone: the step is the last, and shorter problems need the thought too"
    EXCHANGE = "that the answer follows it"
    JUDGED = "whether the answer follows it: no claim asked"
    UNREAD = "that nothing reads it: the answer follows it where it is exchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One thing that one thought does; a thought may have several roles, and has at least one."""

    thought: str
    """Name of the thought."""
    role: RoleName
    """What it does."""
    step: int | None = None
    """The step whose result it holds; None for the other roles."""
    lacks: Lacks = Lacks.NOTHING
    """What is not shown of a thought that only decodes to it, or that is idle."""
    cells: tuple[JudgedCell, ...] = ()
    """The cells that the rule read, the deciding one of each question first; empty for `unknown`."""

    @property
    def needed(self) -> list[JudgedCell]:
        """The cells behind it where the thought is needed."""
        return [cell for cell in self.cells if cell.asks == NEEDED and cell.yes]

    @property
    def exchanged(self) -> list[JudgedCell]:
        """The cells that say whether exchanging it exchanges the answer, the one beyond chance first."""
        return [cell for cell in self.cells if cell.asks == EXCHANGES]

    @property
    def read(self) -> list[JudgedCell]:
        """The cells that say who reads it, where it is needed first: of a thought that carries a result."""
        return [cell for cell in self.cells if cell.asks == READ]

    def to_json(self) -> dict[str, Any]:
        """Return the role as JSON builtins."""
        return {
            "thought": self.thought,
            "role": str(self.role),
            "step": self.step,
            "lacks": str(self.lacks),
            "where": [cell.row["place"] for cell in self.needed],
            "read_by": [cell.row["readers"] for cell in self.read if cell.yes],
            "claims": list(ids(self.cells)),
        }


def roles_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Role, ...]:
    """Return the roles of all thoughts, in order, from the rows of judged claims; empty where no claim asks for roles.

    Parameters
    ----------
    rows : iterable of mapping
        Claims as report.json holds them.
    """
    cells = JudgedCells.of(rows)
    return tuple(role for thought in cells.thoughts for role in _of_thought(thought, cells))


def _of_thought(thought: str, cells: JudgedCells) -> list[Role]:
    """Return what one thought does."""
    needed = [cell for cell in cells.about(NEEDED, thought) if cell.yes]
    held = [_held(cell, cells) for cell in cells.about(CARRIES, thought) if cell.yes]
    found = [role for role in held if role.role == RoleName.CARRIES]
    if needed and not found:
        found.append(Role(thought=thought, role=RoleName.NEEDED, cells=tuple(needed)))
    found += [role for role in held if role.role == RoleName.DECODES]
    idle = tuple(cell for cell in cells.about(IDLE, thought) if cell.yes)
    if idle and not needed:
        # Hiding does not reach what the next thought is made of, and a copy makes up for it; exchanging shows both.
        moves = tuple(cell for cell in cells.about(EXCHANGES, thought) if cell.yes)[:1]
        lacks = Lacks.UNREAD if moves else Lacks.NOTHING
        found.append(Role(thought=thought, role=RoleName.IDLE, lacks=lacks, cells=idle + moves))
    return found or [Role(thought=thought, role=RoleName.UNKNOWN)]


def _held(carried: JudgedCell, cells: JudgedCells) -> Role:
    """Return whether a thought that decodes to a step's result carries it: is needed for it, and moves the answer.

    A step that is always the last of its problems is the answer too: there, a thought that is needed in shorter
    problems as well is taken to hold the answer.
    """
    step = int(carried.value or 0)
    strata = [
        cell
        for cell in cells.about(NEEDED, carried.thought)
        if cell.value is not None and cell.claim.get("feature") in _STEPS and cell.tested
    ]
    # The problems whose last step it is, where there are such: in longer ones something else may have read it already.
    there = min((cell for cell in strata if (cell.value or 0) >= step), key=lambda cell: cell.value or 0, default=None)
    exchanged, follows = _exchanged(cells, carried)
    shorter = bool(carried.row.get("last")) and any(cell.yes for cell in strata if (cell.value or 0) < step)
    lacks = _lacks(there, follows=follows if exchanged else None, shorter=shorter)
    found = not lacks
    others = [cell for cell in strata if cell.yes and cell is not there] if found else []
    readers = [cell for cell in cells.about(READ, carried.thought) if found and there and cell.value == there.value]
    read = [carried, *([] if there is None else [there]), *exchanged, *others, *readers]
    name = RoleName.CARRIES if found else RoleName.DECODES
    return Role(thought=carried.thought, role=name, step=step, lacks=lacks, cells=tuple(read))


def _exchanged(cells: JudgedCells, carried: JudgedCell) -> tuple[list[JudgedCell], bool]:
    """Return the cells that say whether the answer follows the thought at that step, and whether it does.

    It does over all problems that have the step, or over those where it is the last one: in longer ones a later
    thought may have worked the result out once more. The cells of the problems that show it, or else of all, are
    returned.
    """
    found = [cell for cell in cells.about(EXCHANGES, carried.thought) if cell.value == carried.value]
    over = [[cell for cell in found if bool(cell.row.get("last")) == last] for last in (False, True)]
    shown = next((some for some in over if some and _follows(*some)), None)
    return (over[0], False) if shown is None else (shown, True)


def _follows(first: JudgedCell, *controls: JudgedCell) -> bool:
    # Donors of the same result are rare: too few of them to be tested take nothing away.
    return first.yes and all(cell.yes or not cell.tested for cell in controls)


def _lacks(there: JudgedCell | None, *, follows: bool | None, shorter: bool) -> Lacks:
    """Return the first thing that is not shown, in the order in which a reader would ask; None is not asked."""
    if there is None or not there.yes:
        return Lacks.NEED
    if shorter:
        return Lacks.ITS_OWN
    return {None: Lacks.JUDGED, False: Lacks.EXCHANGE, True: Lacks.NOTHING}[follows]
