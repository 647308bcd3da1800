"""What an audit finds: how many rows, of how many that could be checked, and each of them by its place."""

from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.problems.problem import Problem

_SINGULAR = {
    "are": "is",
    "do": "does",
    "have": "has",
    "say": "says",
    "follow": "follows",
    "stand": "stands",
}
"""Verbs of findings, for one row: 1 of 300 gold answers stands twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A problem and where it stands."""

    place: int
    """Line or row of its file, from 1."""
    problem: Problem
    """The problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A row, or several that belong together, and what is wrong with them."""

    places: tuple[int, ...]
    """Lines or rows."""
    text: str
    """What is wrong, in the file's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong."""

    check: str
    """Name of what was checked, such as ``gold-does-not-follow``."""
    count: int
    """Rows, or groups of rows, of which it is true."""
    of: int
    """Those that could be checked."""
    noun: str
    """What is counted, in the plural: ``gold answers``."""
    says: str
    """What is true of them: ``do not follow from their question``."""
    fails: bool
    """Whether a verdict on this set rests on wrong reference answers; otherwise a reader should know."""
    examples: tuple[Instance, ...]
    """All of them, in order."""

    @property
    def sentence(self) -> str:
        """What was found, with its counts: 3 of 500 gold answers do not follow from their question."""
        verb, _, rest = self.says.partition(" ")
        verb = _SINGULAR.get(verb, verb) if self.count == 1 else verb
        return f"{formatting.count(self.count)} of {formatting.count(self.of)} {self.noun} {verb} {rest}"

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "check": self.check,
            "count": self.count,
            "of": self.of,
            "sentence": self.sentence,
            "fails": self.fails,
            "examples": [{"places": list(each.places), "text": each.text} for each in self.examples],
        }


def finding(
    check: str, examples: list[Instance], of: int, noun: str, says: str, *, fails: bool = True
) -> tuple[Finding, ...]:
    """Return a finding of one row an example; none where there are no examples."""
    if not examples:
        return ()
    whole = tuple(examples)
    return (Finding(check=check, count=len(whole), of=of, noun=noun, says=says, fails=fails, examples=whole),)
