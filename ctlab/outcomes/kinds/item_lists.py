"""Sets and sequences: items between commas, whose order is free or counts."""

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from ctlab import formatting
from ctlab.outcomes.kinds.answer_kind import AnswerKind, Label, Reading
from ctlab.outcomes.kinds.said import said, sentences
from ctlab.outcomes.outcome import Outcome
from ctlab.problems import Problem
from ctlab.problems.answer_kinds import items

_BETWEEN = ", "
"""Between two items of `Reading.answer`; an item holds no comma."""


class Items(AnswerKind):
    """Several items in any order; one that is said twice counts once."""

    name: ClassVar[str] = "set"
    nothing: ClassVar[str] = "no item in the text"
    ordered: ClassVar[bool] = False

    def read(self, problem: Problem, text: str) -> Reading:
        """Read the items of the line after the last marker, or of the last line."""
        found = said(text)
        lines = sentences(found.text, found.start, found.end)
        if not lines:
            return Reading(text=found.text, marker=found.marker)
        start, end = lines[-1]
        if found.marker is not None or found.text.strip()[:1] in "[{(":
            start, end = found.start, found.end
        listed = self._items(found.text[start:end])
        if not listed:
            return Reading(text=found.text, marker=found.marker)
        twice = not self.ordered and len(set(listed)) < len(listed)
        return Reading(
            text=found.text,
            answer=_BETWEEN.join(listed if self.ordered else dict.fromkeys(listed)),
            start=start,
            end=end,
            marker=found.marker,
            ambiguous=found.marker is None and len(lines) > 1,
            how=formatting.counted(len(listed), "item") + (", one said twice counted once" if twice else ""),
        )

    def label(self, problem: Problem, answer: str) -> Label:
        """Compare with the reference answer and its aliases, the nearest of them first."""
        mine = tuple(answer.split(_BETWEEN))
        labels = [self._compared(mine, self._items(text)) for text in (str(problem.gold), *problem.aliases)]
        return min(labels, key=lambda each: self.outcomes.index(each.outcome))

    def _items(self, text: str) -> tuple[str, ...]:
        return items(text, ordered=self.ordered)

    def _compared(self, mine: Sequence[str], gold: Sequence[str]) -> Label:
        if set(mine) == set(gold):
            return Label(Outcome.CORRECT, "equals the gold answer, in any order")
        return _parts(Counter(set(mine)), Counter(set(gold)))


class Ordered(Items):
    """Several items whose order counts, and so does saying one twice."""

    name: ClassVar[str] = "sequence"
    ordered: ClassVar[bool] = True

    def _compared(self, mine: Sequence[str], gold: Sequence[str]) -> Label:
        if tuple(mine) == tuple(gold):
            return Label(Outcome.CORRECT, "equals the gold answer, in its order")
        if Counter(mine) == Counter(gold):
            return Label(Outcome.WRONG_ORDER, "its items in another order")
        return _parts(Counter(mine), Counter(gold))


def _parts(mine: Counter[str], gold: Counter[str]) -> Label:
    """Label an answer by the items that it lacks and those that it has too many."""
    missing, extra = gold - mine, mine - gold
    said = [
        f"{name} {formatting.listed([f'“{item}”' for item in sorted(some)])}"
        for name, some in (("lacks", missing), ("adds", extra))
        if some
    ]
    if not missing:
        return Label(Outcome.EXTRA_ITEM, said[-1])
    if not extra:
        return Label(Outcome.MISSING_ITEM, said[0])
    if mine & gold:
        return Label(Outcome.WRONG_ITEM, " and ".join(said))
    return Label(Outcome.UNEXPLAINED, "shares no item with the gold answer")


SET, SEQUENCE = Items(), Ordered()
