"""Many texts as one block of bytes: a few bytes each beside their own, in place of an object each."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    import numpy as np

_ENCODING = ("utf-8", "surrogatepass")
"""What a model wrote may hold half a surrogate pair."""
_AT_ONCE = 4096


class PackedTexts(Sequence[str]):
    """Texts in order; ``content`` holds them one after another, ``ends`` where each begins and the last one ends."""

    __slots__ = ("_content", "_ends")

    def __init__(self, content: bytes, ends: "np.ndarray") -> None:
        self._content, self._ends = content, ends

    @classmethod
    def of(cls, texts: Iterable[str]) -> "PackedTexts":
        """Pack texts."""
        parts = [text.encode(*_ENCODING) for text in texts]
        return cls(b"".join(parts), ends_of([len(part) for part in parts]))

    @classmethod
    def from_buffers(cls, ends: memoryview, content: memoryview | None, first: int, n: int) -> "PackedTexts":
        """Take n texts of Arrow's: where each begins, 4 bytes each, and their bytes, of which those are copied."""
        import numpy as np

        places = np.frombuffer(ends, dtype=np.int32)[first : first + n + 1]
        some = b"" if content is None else bytes(content[places[0] : places[-1]])
        return cls(some, places - places[0])

    @classmethod
    def joined(cls, parts: "Sequence[PackedTexts]") -> "PackedTexts":
        """Put texts of several parts after one another."""
        lengths = [length for part in parts for length in part.lengths.tolist()]
        return cls(b"".join(part._content for part in parts), ends_of(lengths))

    @property
    def lengths(self) -> "np.ndarray":
        """Bytes of each text, shape (n,)."""
        lengths: np.ndarray = self._ends[1:] - self._ends[:-1]
        return lengths

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        return self._content[self._ends[place] : self._ends[place + 1]].decode(*_ENCODING)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __iter__(self) -> Iterator[str]:
        for first in range(0, len(self), _AT_ONCE):
            yield from self.some(first, min(first + _AT_ONCE, len(self)))

    def some(self, first: int, last: int) -> list[str]:
        """Texts from one place up to another."""
        ends, content = self._ends[first : last + 1].tolist(), self._content
        return [content[start:end].decode(*_ENCODING) for start, end in pairwise(ends)]

    def taken(self, places: "np.ndarray") -> "PackedTexts":
        """Texts at places, in the order of these."""
        ends = self._ends.tolist()
        return PackedTexts(
            b"".join([self._content[ends[place] : ends[place + 1]] for place in places.tolist()]),
            ends_of(self.lengths[places]),
        )


def ends_of(lengths: "Sequence[int] | np.ndarray") -> "np.ndarray":
    """Return where parts of these lengths begin, and where the last one ends, shape (n + 1,); in 4 bytes if they do."""
    import numpy as np

    ends = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(np.asarray(lengths, dtype=np.int64), out=ends[1:])
    return ends.astype(np.int32) if ends[-1] < 2**31 else ends
