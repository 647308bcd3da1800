"""AnswerTable: what was found of some runs, by problem; answers of the very run come before those that stand in."""

from collections.abc import Iterable, KeysView, Mapping
from typing import Generic, TypeVar

from ctlab.records.generation import RunKey

T = TypeVar("T")


class StandIns:
    """Under which keys answers of runs may lie: their own, and that of before environments were recorded."""

    def __init__(self, keys: Iterable[RunKey]) -> None:
        self.asked = {key.digest: key for key in keys}
        """Runs that are asked for, by digest."""
        self._asked: dict[str, set[str]] = {}
        for digest, key in self.asked.items():
            for stored in (digest, key.unrecorded.digest):
                self._asked.setdefault(stored, set()).add(digest)

    @property
    def stored(self) -> KeysView[str]:
        """Digests of the runs under which answers are looked for."""
        return self._asked.keys()

    def of(self, stored: str) -> set[str]:
        """Digests of the runs that what is stored under a digest answers."""
        return self._asked[stored]


class AnswerTable(Generic[T]):
    """Rows of runs, filled from what is stored under whatever key may hold them.

    Answers from before environments were recorded are kept under a key without one. They stand in for the same run in
    any environment, behind answers that are known to be of it; their entries say that it is not known.
    """

    def __init__(self, keys: Iterable[RunKey]) -> None:
        self._runs = StandIns(keys)
        self._exact: dict[str, dict[str, T]] = {digest: {} for digest in self._runs.asked}
        self._stand_in: dict[str, dict[str, T]] = {digest: {} for digest in self._runs.asked}

    @property
    def stored(self) -> KeysView[str]:
        """Digests of the runs under which answers are looked for."""
        return self._runs.stored

    def add(self, stored: str, rows: Mapping[str, T]) -> None:
        """Take over what is stored under a run's digest."""
        for digest in self._runs.of(stored):
            (self._exact if digest == stored else self._stand_in)[digest].update(rows)

    def rows(self) -> dict[str, dict[str, T]]:
        """Digest of each run that was asked for, to its rows by problem."""
        return {digest: {**self._stand_in[digest], **rows} for digest, rows in self._exact.items()}
