"""Sets and sequences: items between commas, whose order is free or counts."""

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from ctlab import formatting
from ctlab.outcomes.kinds.answer_kind import AnswerKind, Label, Reading
from ctlab.outcomes.kinds.listings import found_list, lead
from ctlab.outcomes.kinds.said import said
from ctlab.outcomes.outcome import Outcome
from ctlab.problems import Problem
from ctlab.problems.listed_items import Listed, listed

_BETWEEN = ", "
"""Between two items of `Reading.answer`; an item holds no comma."""


class Items(AnswerKind):
    """Several items in any order; one that is said twice counts once."""

    name: ClassVar[str] = "set"
    nothing: ClassVar[str] = "no item in the text"
    several: ClassVar[bool] = True
    ordered: ClassVar[bool] = False

    def read(self, problem: Problem, text: str) -> Reading:
        """Read the items of the list after the last marker, or of the last list of the text (`listings.found_list`)."""
        found = said(text)
        spot = found_list(found, ordered=self.ordered)
        if spot is None:
            return Reading(text=found.text, marker=found.marker)
        start = spot.start
        given = self._listed(found.text[start : spot.end])
        if not self._is_right(problem, given.items):
            start += lead(found.text[start : spot.end])
            given = self._listed(found.text[start : spot.end])
        if not given.items:
            return Reading(text=found.text, marker=found.marker)
        twice = not self.ordered and len(set(given.items)) < len(given.items)
        return Reading(
            text=found.text,
            answer=_BETWEEN.join(given.items if self.ordered else dict.fromkeys(given.items)),
            start=start,
            end=spot.end,
            marker=found.marker,
            ambiguous=spot.ambiguous or given.turned,
            how=formatting.counted(len(given.items), "item")
            + (", one said twice counted once" if twice else "")
            + (", written in another order than the one that is said" if given.turned else ""),
        )

    def label(self, problem: Problem, answer: str) -> Label:
        """Compare with the reference answer and its aliases, the nearest of them first."""
        mine = tuple(answer.split(_BETWEEN))
        labels = [self._compared(mine, self._items(text)) for text in (str(problem.gold), *problem.aliases)]
        return min(labels, key=lambda each: self.outcomes.index(each.outcome))

    def _listed(self, text: str) -> Listed:
        return listed(text, ordered=self.ordered)

    def _is_right(self, problem: Problem, mine: Sequence[str]) -> bool:
        """Whether a whole list is the reference answer: then nothing of it opens a sentence ("Star Wars: …, Alien")."""
        texts = (str(problem.gold), *problem.aliases)
        return bool(mine) and any(self._compared(mine, self._items(text)).outcome is Outcome.CORRECT for text in texts)

    def _items(self, text: str) -> tuple[str, ...]:
        return self._listed(text).items

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
