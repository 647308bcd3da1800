"""Every classified prediction as rows, read off runs when they are written: no second copy of all answers is held."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import overload

from ctlab.outcomes import Run
from ctlab.reporting.model.outcome_table import Prediction
from ctlab.reporting.model.reading import read
from ctlab.reporting.model.record import Form, Many

Own = Mapping[str, Mapping[str, Sequence[bool]]]
"""Which answers have each outcome of the suite's own, by its name and by condition."""


class PredictionRows(Sequence[Form]):
    """The rows of error_taxonomy_full.json, condition by condition; made anew whenever they are read."""

    def __init__(self, runs: Mapping[str, Run], own: Own | None = None) -> None:
        """Take runs by condition, and which of their answers have the suite's own outcomes."""
        self._runs, self._own = dict(runs), dict(own or {})

    @property
    def conditions(self) -> tuple[str, ...]:
        """Names of conditions, in the order of their rows."""
        return tuple(self._runs)

    def of(self, condition: str) -> Iterator[Form]:
        """Yield the rows of a condition."""
        return (self._row(condition, index, text) for index, text in enumerate(self._runs[condition].texts))

    def about(self, problem_ids: Collection[str]) -> Iterator[Form]:
        """Yield the rows of some problems, of all conditions."""
        for name, run in self._runs.items():
            yield from (self._row(name, index) for index, each in enumerate(run.ids) if each in problem_ids)

    def __iter__(self) -> Iterator[Form]:
        for name in self._runs:
            yield from self.of(name)

    def __len__(self) -> int:
        return sum(len(run.ids) for run in self._runs.values())

    @overload
    def __getitem__(self, index: int) -> Form: ...
    @overload
    def __getitem__(self, index: slice) -> list[Form]: ...
    def __getitem__(self, index: int | slice) -> Form | list[Form]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        for name, run in self._runs.items():
            if place < len(run.ids):
                return self._row(name, place)
            place -= len(run.ids)
        raise IndexError(index)

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, list | PredictionRows) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as a list

    def _row(self, name: str, index: int, text: str | None = None) -> Form:
        row = prediction_row(self._runs[name], index, text)
        if self._own:
            row["own"] = {outcome: has[name][index] for outcome, has in self._own.items()}
        return row


def prediction_row(run: Run, index: int, text: str | None = None) -> Form:
    """One classified prediction; ``text`` is what was said, where somebody has it at hand."""
    problem, label = run.problems[index], run.classifications[index]
    return {
        "condition": run.condition.name,
        "index": index,
        "problem_id": run.ids[index],
        "question": problem.question,
        "gold": problem.gold_text,
        **label.to_json(),
        "prediction": label.shown,
        "text": run.generations[index].text if text is None else text,
    }


class Predictions:
    """Predictions as records, of the conditions and problems that are asked for, out of rows of whatever kind."""

    def __init__(self, rows: Sequence[Mapping[str, object]], file: str) -> None:
        """Take rows, and the file that a wrong one is said to be in."""
        self._rows, self._file = rows, file

    @property
    def conditions(self) -> Collection[str]:
        """Names of conditions that have rows."""
        if isinstance(self._rows, PredictionRows):
            return self._rows.conditions
        return dict.fromkeys(str(row["condition"]) for row in self._rows)

    def of(self, condition: str) -> tuple[Prediction, ...]:
        """Return the predictions under a condition."""
        if isinstance(self._rows, PredictionRows):
            return self._read(self._rows.of(condition))
        return self._read(row for row in self._rows if row["condition"] == condition)

    def about(self, problem_ids: Collection[str]) -> tuple[Prediction, ...]:
        """Return all predictions of some problems."""
        if isinstance(self._rows, PredictionRows):
            return self._read(self._rows.about(problem_ids))
        return self._read(row for row in self._rows if row["problem_id"] in problem_ids)

    def _read(self, rows: Iterator[Mapping[str, object]]) -> tuple[Prediction, ...]:
        return read(Many[Prediction], list(rows), self._file)
