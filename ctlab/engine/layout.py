"""Where everything is: ``question | begin | CT0 … CT(n-1) | end | answer``, the one place that counts positions.

The *tail* is what follows the question. Its positions are counted from 0 at the first begin token and are the same for
every problem of a batch; a position in the whole sequence is the question's length plus the position in the tail.
Begin, end and thoughts may each be empty: a model that writes its steps down answers from the question's last position.

A model may pass over its thoughts several times, all of them together; the same positions then have a *row* for each
pass, and what is weakened is said by rows. Rows of the tail are counted in the order in which they are computed.

Where a model decides itself when thinking is over, what is here is the longest tail, with every thought that there can
be; what stands at a position of one sequence then follows from its own number of thoughts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ctlab.errors import ConditionError
from ctlab.interventions.edges import thought_index
from ctlab.models.unrolled import Unrolled


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Positions of the tail that are computed together."""

    positions: range
    """Where they are."""
    rows: range
    """Numbers of their rows."""
    thoughts: range
    """Which thoughts stand there; none in begin and end."""
    pass_: int
    """Pass over the thoughts; in begin 0, in end and the answer the last one."""
    kept: bool
    """Whether its keys and values stay, or the next pass puts its own in their place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Lengths of the tail's segments."""

    begin: int
    """Number of begin tokens."""
    thoughts: int
    """Number of thoughts."""
    end: int
    """Number of end tokens."""
    passes: int | None = None
    """Passes over all thoughts together; None: one thought after the other."""
    own_stop: bool = False
    """Whether each sequence has a number of thoughts of its own, at most ``thoughts``."""
    unrolled: Unrolled | None = None
    """Where the layers of a network stand that loops through a part of itself; None: every layer is passed once."""

    @property
    def last_pass(self) -> int:
        """Number of the pass whose keys and values are read by what comes after the thoughts."""
        return 0 if self.passes is None else self.passes - 1

    @property
    def tail(self) -> int:
        """Positions from the first begin token to the last end token; the answer starts here."""
        return self.begin + self.thoughts + self.end

    @property
    def rows(self) -> int:
        """Rows of the tail: its positions, those of the thoughts once for each pass."""
        return self.tail + self.last_pass * self.thoughts

    @property
    def steps(self) -> tuple[Segment, ...]:
        """What is computed together, in order: begin, each thought or each pass over all of them, end.

        With a stop of its own, where sequences part from each other after begin, thoughts and end are one segment.
        """
        return _steps(self)

    @property
    def segments(self) -> tuple[range, ...]:
        """Tail positions that are computed together: begin, each thought or each pass over all of them, end."""
        return tuple(step.positions for step in self.steps)

    @property
    def addresses(self) -> tuple[tuple[int, int], ...]:
        """Position and pass of every row of the tail, and of any answer token."""
        rows = [(position, step.pass_) for step in self.steps for position in step.positions]
        return (*rows, (self.tail, self.last_pass))

    def positions(self, name: str) -> range:
        """Tail positions of ``begin``, ``end`` or ``CTk``."""
        if name in ("begin", "end"):
            frame = range(self.begin) if name == "begin" else range(self.begin + self.thoughts, self.tail)
            if not frame:
                raise ConditionError(f"{name} does not exist: {_NOTHING_THERE[name]}")
            return frame
        index = thought_index(name)
        if index is None or index >= self.thoughts:
            thinks = f"thinks CT0 … CT{self.thoughts - 1}" if self.thoughts else "has no thoughts"
            raise ConditionError(f"{name} does not exist: this model {thinks}")
        return range(self.begin + index, self.begin + index + 1)

    def name(self, position: int) -> str:
        """Say what stands at a tail position: ``begin``, ``CTk``, ``end`` or ``the answer``."""
        thought = position - self.begin
        if thought < 0:
            return "begin"
        if thought < self.thoughts:
            return f"CT{thought}"
        return "end" if position < self.tail else "the answer"

    def thought_positions(self) -> range:
        """Tail positions of all thoughts."""
        return range(self.begin, self.begin + self.thoughts)

    def layers(self, steps: Sequence[int], layers: Sequence[int] | None) -> list[int]:
        """Layers of the network that are some layers of the loop (None: all) in some of its steps."""
        loop = self.unrolled
        if loop is None:
            raise ConditionError("it names steps, and this model passes once through its layers; name layers alone")
        for what, named, size in (("step", steps, loop.steps), ("layer", layers or (), loop.core)):
            if max(named, default=0) >= size:
                a_step = " in a step" if what == "layer" else ""
                raise ConditionError(
                    f"{what} {max(named)} does not exist: this model has {what}s 0 … {size - 1}{a_step}"
                )
        inside = range(loop.core) if layers is None else layers
        return [loop.layer(step, layer) for step in steps for layer in inside]

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


_NOTHING_THERE = {
    "begin": "nothing stands between this model's questions and what follows them",
    "end": "nothing stands before this model's answers that it does not write itself",
}


@cache
def _steps(layout: Layout) -> tuple[Segment, ...]:
    # Asked for at every step of every batch.
    if layout.own_stop:
        begin, rest = range(layout.begin), range(layout.begin, layout.tail)
        parts = [(begin, range(0)), (rest, range(layout.thoughts))]
        return tuple(Segment(positions=at, rows=at, thoughts=own, pass_=0, kept=True) for at, own in parts)
    thoughts = [(range(k, k + 1), 0) for k in range(layout.thoughts)]
    if layout.passes is not None:
        thoughts = [(range(layout.thoughts), number) for number in range(layout.passes)]
    found, row = [], 0
    for number, (slots, pass_) in enumerate([(range(0), 0), *thoughts, (range(0), layout.last_pass)]):
        frame = range(layout.begin) if number == 0 else range(layout.begin + layout.thoughts, layout.tail)
        positions = range(layout.begin + slots.start, layout.begin + slots.stop) if slots else frame
        rows = range(row, row + len(positions))
        kept = not slots or pass_ == layout.last_pass
        found.append(Segment(positions=positions, rows=rows, thoughts=slots, pass_=pass_, kept=kept))
        row = rows.stop
    return tuple(found)
