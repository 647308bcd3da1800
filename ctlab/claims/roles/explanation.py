"""The paragraph: what the first thought does, what all do alike, what the others do, and what is left without them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.claims.roles.judged_cells import CARRIES, EXCHANGES, NEEDED, JudgedCell, JudgedCells, in_order
from ctlab.claims.roles.quoted import Quotes, Sentence
from ctlab.claims.roles.role import Lacks, Role, RoleName, roles_of
from ctlab.claims.roles.role_sentences import alone, left, ranged, together

MOST_WORDS = 160
"""Words of the paragraph, at most: what a person reads before looking away, and quotes whole."""
FEWEST_THOUGHTS = 3
"""Thoughts that must do alike for a sentence about CTj: two points lie on some line whatever they mean."""

FIRST = "CT0"
"""The thought that the paragraph is about first, or says that it cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A few sentences that a person can quote, each with the claims and fields that it rests on."""

    sentences: tuple[Sentence, ...]
    """In order."""

    @property
    def text(self) -> str:
        """The paragraph."""
        return " ".join(sentence.text for sentence in self.sentences)

    def to_json(self) -> dict[str, Any]:
        """Return the explanation as JSON builtins."""
        return {"text": self.text, "sentences": [sentence.to_json() for sentence in self.sentences]}


def explanation(rows: Iterable[Mapping[str, Any]]) -> Explanation:
    """Return what thoughts do, in at most 160 words, from the rows of judged claims.

    What does not fit is left out from the end, a whole sentence at a time; where the roles do not say, it says that.
    """
    rows = list(rows)
    cells, roles = JudgedCells.of(rows), roles_of(rows)
    kept: list[Sentence] = []
    ends = _exploratory(cells)
    for sentence in _sentences(cells, roles):
        if sum(each.words for each in (*kept, sentence, *ends)) > MOST_WORDS:
            break
        kept.append(sentence)
    return Explanation(sentences=(*kept, *ends) if roles else (_NOTHING,))


def _sentences(cells: JudgedCells, roles: Sequence[Role]) -> list[Sentence]:
    """Return all that could be said, what matters most first."""
    if not roles:
        return []
    thoughts = cells.thoughts
    first, rest = thoughts[0], thoughts[1:]
    said = [] if first == FIRST else [Sentence(text=f"What {FIRST} does is not said here: no claim asks it.")]
    said += alone([role for role in roles if role.thought == first], cells)
    general, covered = _general(cells, roles)
    said += general
    said += _others([role for role in roles if role.thought in rest and role not in covered])
    return said + left(thoughts, cells)


_NOTHING = Sentence(text=f"What {FIRST} does is not said here: no claim about the roles of thoughts was judged.")


def _exploratory(cells: JudgedCells) -> list[Sentence]:
    """Say that claims were not registered before their answers were seen: that is never left out."""
    found = sorted({str(cell.claim["id"]) for cell in cells.cells if cell.claim.get("exploratory")})
    how = "All" if all(cell.claim.get("exploratory") for cell in cells.cells) else "Partly"
    text = f"{how} exploratory: not registered before answers were seen."
    return [Sentence(text=text, claims=tuple(found))] if found else []


def _others(roles: Sequence[Role]) -> list[Sentence]:
    """Say what other thoughts do, those with the same role in one sentence; those that share a step by themselves."""
    # Several that hold one step are told by themselves, so that it is clear which of them hold which.
    holders = Counter((role.role, role.step) for role in roles)
    groups: dict[tuple[RoleName, int | None, Lacks], list[Role]] = defaultdict(list)
    for role in roles:
        shared = role.step if role.step and holders[role.role, role.step] > 1 else None
        groups[role.role, shared, role.lacks].append(role)
    order = list(RoleName)
    return [together(groups[key]) for key in sorted(groups, key=lambda key: (order.index(key[0]), key[1] or 0, key[2]))]


def _general(cells: JudgedCells, roles: Sequence[Role]) -> tuple[list[Sentence], list[Role]]:
    """Return the sentence about CTj, where at least three thoughts carry step j + c and no cell is against it."""
    carrying = [role for role in roles if role.role == RoleName.CARRIES and role.thought[2:].isdecimal()]
    if len({role.thought for role in carrying}) < FEWEST_THOUGHTS:
        return [], []
    offsets = {(role.step or 0) - int(role.thought[2:]) for role in carrying}
    if len(offsets) != 1 or _against(cells, (offset := offsets.pop()), carrying):
        return [], []
    quotes = Quotes()
    for role in carrying:
        quotes.about(role.cells)
    names = in_order({role.thought for role in carrying})
    who = ranged(names)
    cost = quotes.span([role.needed[0] for role in carrying], "estimate", "points")
    which = f"j {'+' if offset > 0 else formatting.MINUS} {abs(offset)}" if offset else "j"
    # Where a set has no problems of so few operations, the next longer ones decided (`role._held`).
    last = all(role.needed[0].value == role.step for role in carrying)
    where = "in problems that end there" if last else "in the shortest problems that have it"
    text = f"{who} work alike: CTj carries the result of step {which}; hiding it costs {cost} points {where}."
    return [quotes.sentence(text)], carrying


def _against(cells: JudgedCells, offset: int, carrying: Sequence[Role]) -> bool:
    """Whether some thought is shown not to decode to its step, not to be needed there, or not to move the answer."""
    known = {role.thought for role in carrying}

    def stands_there(cell: JudgedCell) -> bool:
        number = cell.thought[2:]
        return cell.thought not in known and number.isdecimal() and cell.value == int(number) + offset

    return any(cell.no and stands_there(cell) for asks in (CARRIES, NEEDED, EXCHANGES) for cell in cells.about(asks))
