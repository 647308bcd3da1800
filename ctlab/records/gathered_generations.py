"""One run's answers, gathered from parts that hold some of them each in an order of their own."""

from collections.abc import Sequence

from ctlab.records.packed_generations import PackedGenerations


class GatheredGenerations:
    """Answers to n problems, by place; of two to one problem the later counts, and what stands in counts for less."""

    def __init__(self, n: int) -> None:
        import numpy as np

        self._parts: list[PackedGenerations] = []
        self._part = np.full(n, -1, dtype=np.int32)
        self._row = np.zeros(n, dtype=np.int32)
        self._own = np.zeros(n, dtype=bool)

    def put(self, part: PackedGenerations, first: int, places: Sequence[int], *, stands_in: bool = False) -> None:
        """Take rows of a part, from ``first`` on one for each of the places; -1 stands for a problem that nobody asked.

        What ``stands_in`` takes no place that has an answer of the very run.
        """
        import numpy as np

        there = np.asarray(places, dtype=np.int32)
        rows = np.arange(first, first + len(there), dtype=np.int32)
        wanted = there >= 0
        if stands_in:
            wanted &= ~self._own[there]
        there, rows = there[wanted], rows[wanted]
        if not len(there):
            return
        self._part[there], self._row[there] = len(self._parts), rows
        self._own[there] |= not stands_in
        self._parts.append(part)

    def lacking(self) -> list[int]:
        """Places that have no answer, in order."""
        return (self._part < 0).nonzero()[0].tolist()

    def packed(self, ids: tuple[str, ...]) -> PackedGenerations:
        """Return the answers in the order of places, which belong to the problems of these ids; all must be there."""
        import numpy as np

        taken, order = [], []
        for number, part in enumerate(self._parts):
            places = (self._part == number).nonzero()[0]
            if len(places):
                rows = self._row[places]
                taken.append(part.taken(rows, tuple(ids[place] for place in places.tolist())))
                order.append(places)
        joined, places = PackedGenerations.joined(taken), np.concatenate(order)
        if (places[1:] > places[:-1]).all():  # one part, or parts of problems that follow one another
            return joined.called(ids)
        return joined.taken(np.argsort(places, kind="stable"), ids)
