"""What ``-k`` finds a claim by: its id, family and kind, the conditions that it compares, and the thoughts it is about.

Controls are aside: nearly every claim has the same ones, and is about none of them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Set

from ctlab.claims import Claim
from ctlab.interventions import Condition

_SEPARATORS = str.maketrans("_ ", "--")
_THOUGHT = re.compile(r"\bCT\d+\b")


class Words(str):
    """A keyword that holds whole words only: ``ct1`` is none of ``ct10_blocked``, ``ct10`` and ``blocked`` are.

    pytest asks whether what was typed is ``in`` a keyword, after both were made lower-case. Words are joined by a
    hyphen, an underscore or a blank, whichever: an expression of ``-k`` cannot hold the blank of “more than”.
    """

    __slots__ = ("_names",)

    def __new__(cls, text: str, names: Set[str] = frozenset()) -> "Words":
        """Make a keyword; ``names`` are those of whole things, as `plain` writes them, which are no part of others."""
        words = super().__new__(cls, text)
        words._names = names
        return words

    _names: Set[str]

    def lower(self) -> "Words":
        """Return the keyword as it can be asked: in one that `str.lower` makes, pytest would find parts of words."""
        return Words(plain(self), self._names)

    def __contains__(self, typed: object) -> bool:
        """Whether what was typed is this, or, where it is no other thing's name, one or several whole words of it."""
        if not isinstance(typed, str):
            return False
        asked, own = plain(typed), plain(self)
        return asked == own if asked in self._names else f"-{asked}-" in f"-{own}-"


def plain(text: str) -> str:
    """Write a name as names are compared: in lower case, its words joined by hyphens."""
    return str(text).translate(_SEPARATORS).lower()


def names_of(claims: Iterable[Claim]) -> frozenset[str]:
    """Names of claims, families, kinds and compared conditions; who types one means it, and none that contains it."""
    return frozenset(plain(name) for claim in claims for name in _names(claim))


def claim_keywords(
    claim: Claim, conditions: Mapping[str, Condition], thoughts: int | None, names: Set[str]
) -> set[str]:
    """Return the keywords of a claim; ``thoughts`` is how many the model has, None where that is not known."""
    compared = [conditions[name] for name in claim.conditions if name in conditions]
    positions = {position for condition in compared for position in _positions(condition, thoughts)}
    # A claim about the undisturbed run says in its sentence alone which thoughts it is about.
    positions |= set(_THOUGHT.findall(claim.statement))
    return {Words(name, names) for name in (*_names(claim), *positions)}


def _names(claim: Claim) -> tuple[str, ...]:
    return claim.id, claim.family, str(claim.kind), *claim.conditions


def _positions(condition: Condition, thoughts: int | None) -> Iterator[str]:
    """Name the keys and readers, and the thoughts that are replaced; a word for all thoughts stands for each too."""
    for edges in condition.on_edges:
        yield from _each(edges.keys, thoughts)
        yield from [edges.readers] if isinstance(edges.readers, str) else edges.readers
    for patch in condition.patches:
        yield from _each(patch.thoughts, thoughts)


def _each(names: tuple[str, ...] | str, thoughts: int | None) -> Iterator[str]:
    if not isinstance(names, str):
        yield from names
        return
    yield names
    if names in ("thoughts", "all"):
        yield from (f"CT{k}" for k in range(thoughts or 0))
