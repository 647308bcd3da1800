"""A run's answers as columns: what it takes to hold them are their bytes, and a record is made when it is asked for."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, overload

from ctlab.records.generation import Generation, digest_of
from ctlab.records.packed_texts import PackedTexts, ends_of

if TYPE_CHECKING:
    import numpy as np

_UNKNOWN = -1
"""What stands for None among numbers that are none of them below 0."""
_AT_ONCE = 4096


class PackedGenerations(Sequence[Generation]):
    """Generations in order, as a tuple of them is, in some bytes beside those of their texts and tokens."""

    __slots__ = ("_digest", "_donors", "_right", "_rows", "_texts", "_thoughts", "_tokens", "ids")

    def __init__(
        self,
        ids: tuple[str, ...],
        texts: PackedTexts,
        tokens: "tuple[np.ndarray, np.ndarray] | None" = None,
        *,
        rows: PackedTexts | None = None,
        donors: PackedTexts | None = None,
        right: "np.ndarray | None" = None,
        thoughts: "np.ndarray | None" = None,
    ) -> None:
        """Take columns of n answers; None for one in which nothing stands.

        ``tokens`` are all token ids one after another, and where each answer's begin, shape (n + 1,); ``right`` is 1, 0
        or -1 where it is not known, ``thoughts`` -1 where they are not counted.
        """
        self.ids = ids
        """Problem ids in order."""
        self._texts, self._tokens, self._rows, self._donors = texts, tokens, rows, donors
        self._right, self._thoughts = right, thoughts
        self._digest: str | None = None

    @classmethod
    def of(cls, generations: Sequence[Generation], ids: tuple[str, ...] | None = None) -> "PackedGenerations":
        """Pack generations; ``ids`` are those of their problems where somebody holds them already."""
        import numpy as np

        own = tuple(each.problem_id for each in generations)
        tokens = None
        if any(each.token_ids for each in generations):
            flat = np.fromiter((token for each in generations for token in each.token_ids), dtype=np.int32)
            tokens = flat, ends_of([len(each.token_ids) for each in generations])
        right = thoughts = None
        if any(each.right is not None for each in generations):
            right = np.array([_UNKNOWN if each.right is None else each.right for each in generations], dtype=np.int8)
        if any(each.thoughts is not None for each in generations):
            counts = [_UNKNOWN if each.thoughts is None else each.thoughts for each in generations]
            thoughts = np.array(counts, dtype=np.int32)
        return cls(
            ids if ids == own else own,
            PackedTexts.of(each.text for each in generations),
            tokens,
            rows=_texts_or_none([each.row for each in generations]),
            donors=_texts_or_none([each.donor for each in generations]),
            right=right,
            thoughts=thoughts,
        )

    @classmethod
    def from_columns(
        cls,
        ids: tuple[str, ...],
        texts: PackedTexts,
        tokens: "tuple[np.ndarray, np.ndarray]",
        *,
        rows: PackedTexts | None,
        donors: PackedTexts | None,
        thoughts: Sequence[int | None] | None,
    ) -> "PackedGenerations":
        """Take columns as they were read of a file; those in which nothing stands take no room."""
        import numpy as np

        flat, ends = tokens
        counted = None
        if thoughts is not None and any(each is not None for each in thoughts):
            counted = np.array([_UNKNOWN if each is None else each for each in thoughts], dtype=np.int32)
        return cls(
            ids,
            texts,
            (flat, ends - ends[0]) if len(flat) else None,
            rows=rows if rows is not None and rows.lengths.any() else None,
            donors=donors if donors is not None and donors.lengths.any() else None,
            thoughts=counted,
        )

    @property
    def texts(self) -> Sequence[str]:
        """What was said, in order."""
        return self._texts

    @property
    def digest(self) -> str:
        """Digest of what was answered (`ctlab.records.generation.answers_digest`), worked out once."""
        if self._digest is None:
            self._digest = digest_of(self)
        return self._digest

    @property
    def scored(self) -> bool:
        """Whether of some answers nothing is known but whether they are right."""
        return self._right is not None

    @overload
    def __getitem__(self, index: int) -> Generation: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Generation, ...]: ...
    def __getitem__(self, index: int | slice) -> Generation | tuple[Generation, ...]:
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(len(self))))
        at = range(len(self))[index]
        tokens: tuple[int, ...] = ()
        if self._tokens is not None:
            flat, ends = self._tokens
            tokens = tuple(flat[ends[at] : ends[at + 1]].tolist())
        return _generation(
            self.ids[at],
            tokens,
            self._texts[at],
            "" if self._rows is None else self._rows[at],
            "" if self._donors is None else self._donors[at],
            _UNKNOWN if self._right is None else int(self._right[at]),
            _UNKNOWN if self._thoughts is None else int(self._thoughts[at]),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Generation]:
        for first in range(0, len(self), _AT_ONCE):
            yield from self._some(first, min(first + _AT_ONCE, len(self)))

    def _some(self, first: int, last: int) -> Iterator[Generation]:
        n, absent = last - first, [""] * (last - first)
        tokens: Sequence[tuple[int, ...]] = [()] * n
        if self._tokens is not None:
            flat, ends = self._tokens
            start, bounds = int(ends[first]), ends[first : last + 1].tolist()
            some = flat[start : bounds[-1]].tolist()
            tokens = [tuple(some[a - start : b - start]) for a, b in pairwise(bounds)]
        texts, rows, donors = (
            absent if column is None else column.some(first, last) for column in (self._texts, self._rows, self._donors)
        )
        right, thoughts = (
            [_UNKNOWN] * n if column is None else column[first:last].tolist()
            for column in (self._right, self._thoughts)
        )
        return map(_generation, self.ids[first:last], tokens, texts, rows, donors, right, thoughts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PackedGenerations | tuple):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))  # as the tuple that it is equal to

    def __repr__(self) -> str:
        return f"<{len(self)} generations>"

    def taken(self, places: "np.ndarray", ids: tuple[str, ...]) -> "PackedGenerations":
        """Answers at places, in the order of these; ``ids`` are their problems'."""
        import numpy as np

        tokens = None
        if self._tokens is not None:
            flat, ends = self._tokens
            lengths = (ends[1:] - ends[:-1])[places]
            new = ends_of(lengths)
            # Each token's place: how far it stands behind the first of its answer, and where that one stood.
            tokens = flat[np.arange(new[-1]) + np.repeat(ends[:-1][places] - new[:-1], lengths)], new
        return PackedGenerations(
            ids,
            self._texts.taken(places),
            tokens,
            rows=None if self._rows is None else self._rows.taken(places),
            donors=None if self._donors is None else self._donors.taken(places),
            right=None if self._right is None else self._right[places],
            thoughts=None if self._thoughts is None else self._thoughts[places],
        )

    def called(self, ids: tuple[str, ...]) -> "PackedGenerations":
        """The same answers, with a tuple of their ids that somebody holds already."""
        others = {"rows": self._rows, "donors": self._donors, "right": self._right, "thoughts": self._thoughts}
        return PackedGenerations(ids, self._texts, self._tokens, **others)  # type: ignore[arg-type]

    @classmethod
    def joined(cls, parts: "Sequence[PackedGenerations]") -> "PackedGenerations":
        """Put the answers of several parts after one another."""
        import numpy as np

        if len(parts) == 1:
            return parts[0]
        tokens = None
        if any(part._tokens is not None for part in parts):
            lengths = [
                length
                for part in parts
                for length in ([0] * len(part) if part._tokens is None else np.diff(part._tokens[1]).tolist())
            ]
            tokens = np.concatenate([part._tokens[0] for part in parts if part._tokens is not None]), ends_of(lengths)

        def texts(name: str) -> PackedTexts | None:
            columns = [getattr(part, name) for part in parts]
            if all(column is None for column in columns):
                return None
            filled = [
                PackedTexts.of([""] * len(part)) if c is None else c for part, c in zip(parts, columns, strict=True)
            ]
            return PackedTexts.joined(filled)

        def numbers(name: str) -> "np.ndarray | None":
            columns = [getattr(part, name) for part in parts]
            if all(column is None for column in columns):
                return None
            kind = next(column.dtype for column in columns if column is not None)
            return np.concatenate(
                [np.full(len(part), _UNKNOWN, kind) if c is None else c for part, c in zip(parts, columns, strict=True)]
            )

        return cls(
            tuple(each for part in parts for each in part.ids),
            PackedTexts.joined([part._texts for part in parts]),
            tokens,
            rows=texts("_rows"),
            donors=texts("_donors"),
            right=numbers("_right"),
            thoughts=numbers("_thoughts"),
        )


def _texts_or_none(texts: Sequence[str]) -> PackedTexts | None:
    return PackedTexts.of(texts) if any(texts) else None


def _generation(
    problem_id: str, tokens: tuple[int, ...], text: str, row: str, donor: str, right: int, thoughts: int
) -> Generation:
    return Generation(
        problem_id=problem_id,
        token_ids=tokens,
        text=text,
        row=row,
        donor=donor,
        right=None if right == _UNKNOWN else bool(right),
        thoughts=None if thoughts == _UNKNOWN else thoughts,
    )
