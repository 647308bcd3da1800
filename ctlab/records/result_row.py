"""Rows of a result file, whatever tool wrote it: which problem, what was answered, and what the tool made of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import overload

from ctlab.records.fields import NO_FIELDS, Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One answer of a result file."""

    name: str
    """What an error calls the row, such as ``line 3``."""
    problem: str
    """What identifies the problem in the file, as text; where no column does, its place from 0."""
    answer: str
    """Text of the answer; empty where nothing was said."""
    score: float | None = None
    """The tool's own score, 1 for right and 0 for wrong; None where it gave none."""
    gold: str | tuple[str, ...] | None = None
    """The reference answer as the file writes it (several where any of them is right); None where it does not say."""
    question: str | None = None
    """The question, or how it begins; None where the file does not say."""
    repeat: int = 0
    """Which repetition of the problem (an epoch, a seed), from 0: repeats are no problems of their own."""
    fields: Fields = field(default=NO_FIELDS)
    """The row's other columns."""
    failure: str = ""
    """Why there is no answer, where the tool says that something went wrong."""

    @property
    def golds(self) -> tuple[str, ...]:
        """Reference answers that say anything, any of which is right."""
        golds = self.gold if isinstance(self.gold, tuple) else (self.gold,)
        return tuple(gold for gold in golds if gold)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Results(Sequence[ResultRow]):
    """All answers of one file, in the file's order."""

    path: str
    """The file, as it was given."""
    format: str
    """Name of its format, such as ``lm-eval``."""
    rows: tuple[ResultRow, ...]
    """Its answers."""
    model: str = ""
    """Who answered, where the file says so."""
    positional: bool = False
    """Whether no column names the problem, so that rows are known by their place alone."""
    id_column: str | None = None
    """Column of a table that names the problem; empty where its user said that none does, None where none was seen."""
    own_names: bool = False
    """Whether ``problem`` is a problem's id here, or its index in the set, and not what the tool calls it."""
    scores_only: bool = False
    """Whether it holds the tool's scores and no answers, so that nothing can be read again."""
    notes: tuple[str, ...] = ()
    """What a reader should know: the filter that was taken, that the run was cancelled, which rows were left out."""

    @overload
    def __getitem__(self, index: int) -> ResultRow: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ResultRow]: ...
    def __getitem__(self, index: int | slice) -> ResultRow | Sequence[ResultRow]:
        return self.rows[index]

    def __iter__(self) -> Iterator[ResultRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"Results({self.path!r}, {self.format}, {len(self.rows)} rows)"
