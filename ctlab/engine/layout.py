"""Where everything is: ``question | begin | CT0 … CT(n-1) | end | answer``, the one place that counts positions.

The *tail* is what follows the question. Its positions are counted from 0 at the first begin token and are the same for
every problem of a batch; a position in the whole sequence is the question's length plus the position in the tail.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ctlab.errors import ConditionError
from ctlab.interventions.edges import thought_index


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Lengths of the tail's segments."""

    begin: int
    """Number of begin tokens."""
    thoughts: int
    """Number of thoughts."""
    end: int
    """Number of end tokens."""

    @property
    def tail(self) -> int:
        """Positions from the first begin token to the last end token; the answer starts here."""
        return self.begin + self.thoughts + self.end

    @property
    def segments(self) -> tuple[range, ...]:
        """Tail positions that are computed together: begin, each thought, end."""
        first_end = self.begin + self.thoughts
        thoughts = [range(self.begin + k, self.begin + k + 1) for k in range(self.thoughts)]
        return (range(self.begin), *thoughts, range(first_end, first_end + self.end))

    def positions(self, name: str) -> range:
        """Tail positions of ``begin``, ``end`` or ``CTk``."""
        if name == "begin":
            return self.segments[0]
        if name == "end":
            return self.segments[-1]
        index = thought_index(name)
        if index is None or index >= self.thoughts:
            raise ConditionError(f"{name} does not exist: this model thinks CT0 … CT{self.thoughts - 1}")
        return self.segments[1 + index]

    def thought_positions(self) -> range:
        """Tail positions of all thoughts."""
        return range(self.begin, self.begin + self.thoughts)

    def keys(self, keys: Sequence[str] | str) -> list[int]:
        """Tail positions that an intervention's ``keys`` name; none for words about the question."""
        if keys == "thoughts":
            return list(self.thought_positions())
        if isinstance(keys, str):
            return []
        return [position for name in keys for position in self.positions(name)]

    def reads(self, readers: Sequence[str] | str, position: int) -> bool:
        """Whether a tail position (the answer's included) is among an intervention's ``readers``."""
        if readers == "later":
            return True
        if readers == "thoughts":
            return position in self.thought_positions()
        if readers == "answer":
            return position >= self.begin + self.thoughts
        return any(position in self.positions(name) for name in readers)
