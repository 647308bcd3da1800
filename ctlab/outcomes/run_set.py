"""Runs of the same problems by their conditions' names: what a notebook compares, as a table and at a glance."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.errors import PairingError
from ctlab.frames import frame
from ctlab.outcomes.answer_rows import COLUMNS, answer_rows
from ctlab.outcomes.run import Run
from ctlab.showing.blocks import block, heading, sentence, table

if TYPE_CHECKING:
    from ctlab.frames import DataFrame


class RunSet(Mapping[str, Run]):
    """Condition name to its run, in the order in which they were asked for."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self._runs = {run.condition.name: run for run in runs}
        sizes = {run.ids: name for name, run in self._runs.items()}
        if len(sizes) > 1:
            raise PairingError(f"the runs {formatting.listed([*sizes.values()])} are not of the same problems")

    def __getitem__(self, name: str) -> Run:
        if not isinstance(name, str) or name not in self._runs:
            there = formatting.listed([*self._runs]) or "none"
            raise KeyError(f"no run {name!r}; there are {there}; lab.run({name!r}) makes it")
        return self._runs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._runs)

    def __len__(self) -> int:
        return len(self._runs)

    def to_frame(self) -> "DataFrame":
        """Return one row a problem and condition; InputError where pandas is not installed.

        Columns: problem_id, condition, question, answer (the whole text), prediction (what was read of it), gold,
        outcome, correct, ctlab's features, the suite's own outcomes and features, the problem set's own columns.
        """
        return frame([row for run in self._runs.values() for row in answer_rows(run)], COLUMNS)

    def __repr__(self) -> str:
        each = ", ".join(f"{name} {formatting.percent(run.accuracy())}" for name, run in self._runs.items())
        return f"<{self._size()}; correct: {each}>" if self._runs else "<no runs>"

    def _repr_html_(self) -> str:
        """Show the runs in a notebook: what each does, and how many answers are right."""
        rows = [
            (name, run.proven, formatting.share_of(int(run.right.sum()), len(run.ids)))
            for name, run in self._runs.items()
        ]
        hint = sentence("to_frame() gives one row a problem and condition.", aside=True)
        return block(heading(self._size()), table(("condition", "certificate", "correct"), rows), hint)

    def _size(self) -> str:
        n = len(next(iter(self._runs.values())).ids) if self._runs else 0
        return f"{formatting.counted(len(self), 'run')} of {formatting.counted(n, 'problem')}"
