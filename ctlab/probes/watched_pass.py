"""Which positions of a step are measured: of several passes over the thoughts those of one, of all else the newest."""

from dataclasses import dataclass

from ctlab.engine.decode_step import DecodeStep
from ctlab.engine.layout import Layout
from ctlab.errors import InputError


@dataclass(frozen=True, slots=True)
class WatchedPass:
    """Thoughts as readers stand in pass ``pass_``; what they decode to stands where that pass's thoughts are made."""

    layout: Layout
    pass_: int

    @classmethod
    def of(cls, layout: Layout, at_pass: int | None) -> "WatchedPass":
        """The pass that was asked for, or the last one, whose keys and values the answer reads."""
        if at_pass is None:
            return cls(layout, layout.last_pass)
        if layout.passes is None:
            raise InputError(
                f"at_pass says at which of several passes over the thoughts they are measured, and this model computes "
                f"each thought once; leave it out, not {at_pass!r}"
            )
        if isinstance(at_pass, bool) or not isinstance(at_pass, int) or not 1 <= at_pass <= layout.last_pass:
            raise InputError(
                f"at_pass must be a pass from 1 to {layout.last_pass}, the last, not {at_pass!r}; pass 0 feeds every "
                f"thought the same placeholder, which no state has made"
            )
        return cls(layout, at_pass)

    def readers(self, step: DecodeStep) -> list[tuple[int, int]]:
        """Column among a step's new positions and tail position of each reader: thoughts, the last of end, answers."""
        newest = step.width - 1
        if newest < self.layout.begin:
            return []
        if not self._together(step):
            return [(step.new - 1, newest)]
        return [(column, self.layout.begin + column) for column in range(step.new)] if step.pass_ == self.pass_ else []

    def makers(self, step: DecodeStep) -> list[int]:
        """Columns of a step's new positions whose last hidden states thoughts are made of."""
        if self._together(step):
            return list(range(step.new - 1)) if step.pass_ == self.pass_ - 1 else []
        if self.layout.passes is not None:
            return [step.new - 1] if step.width == self.layout.begin else []
        before = self.layout.begin <= step.width < self.layout.begin + self.layout.thoughts
        return [step.new - 1] if before else []

    def row(self, reader: int) -> int:
        """Row of the tail of a reader, which is the number of a thought; after them comes the last of end."""
        if reader < self.layout.thoughts:
            return self.layout.addresses.index((self.layout.begin + reader, self.pass_))
        return self.layout.addresses.index((self.layout.tail - 1, self.layout.last_pass))

    def _together(self, step: DecodeStep) -> bool:
        return self.layout.passes is not None and step.width == self.layout.begin + self.layout.thoughts
