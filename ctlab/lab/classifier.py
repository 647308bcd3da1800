"""What each generation means, worked out once and kept beside it."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ctlab.outcomes import Classification, Forms, classify
from ctlab.outcomes.labels import Labels, LabelWriter
from ctlab.outcomes.scored import scored
from ctlab.problems import Problem, ProblemSet
from ctlab.records.derived_key import DerivedKey
from ctlab.records.generation import Generation, answers_digest
from ctlab.store import DerivedRecords

_REMEMBERED = 2**16
"""Answers whose labels are remembered for other conditions: of more than these, what was answered first."""


class Classifier:
    """Classifies runs over one problem set by the same forms; what is answered alike is classified once."""

    def __init__(self, derived: DerivedRecords, problems: ProblemSet, forms: Forms) -> None:
        self._derived = derived
        self._problems = problems
        self.forms = frozenset(forms.known)
        """Forms that it labels by."""
        self._known: dict[tuple[str, str], Classification] = {}

    def classify(self, key: DerivedKey, generations: Sequence[Generation]) -> Labels:
        """Return a classification a generation, from the store where those of these very answers are there."""
        inputs = answers_digest(generations)
        labels = self._derived.read_json(key, inputs, lambda columns: Labels(self._read(generations, columns)))
        if labels is None:
            labels = Labels(self._classified(row, generation) for row, generation in enumerate(generations))
            self._store(key, inputs, labels)
        return labels

    def stored(self, key: DerivedKey) -> bool:
        """Whether labels lie in the store; of which answers is seen when they are read."""
        return self._derived.has(key)

    def classify_together(
        self, runs: Mapping[str, tuple[DerivedKey, Sequence[Generation]]], advance: Callable[[int], None]
    ) -> dict[str, Labels]:
        """Classify several runs a problem at a time, and store their labels; ``advance`` is told how many are done.

        What can be wrong with an answer is worked out once a problem, and does not have to be remembered for all.
        """
        writers = {name: LabelWriter() for name in runs}
        answers = [iter(generations) for _, generations in runs.values()]
        for problem in self._problems:
            found: dict[str, Classification] = {}
            for writer, said in zip(writers.values(), map(next, answers), strict=True):
                writer.add(self._label(problem, said, found))
            advance(len(answers))
        done = {name: writer.labels() for name, writer in writers.items()}
        for name, (key, generations) in runs.items():
            self._store(key, answers_digest(generations), done[name])
        return done

    def _label(self, problem: Problem, said: Generation, found: dict[str, Classification]) -> Classification:
        if said.right is not None:
            return scored(right=said.right)
        if (label := found.get(said.text)) is None:
            label = found[said.text] = classify(problem, said.text, self.forms)
        return label

    def _store(self, key: DerivedKey, inputs: str, labels: Labels) -> None:
        self._derived.write_json(key, inputs, _columns(labels.rows()))

    def _read(self, generations: Sequence[Generation], columns: Mapping[str, Any]) -> Iterator[Classification]:
        for row, (generation, form) in enumerate(zip(generations, _rows(columns), strict=True)):
            yield self._known_or(row, generation.text, form)

    def _known_or(self, row: int, text: str, form: Mapping[str, Any]) -> Classification:
        # Most problems are answered alike under many conditions: forms of the same answer are read once, and kept once.
        place = self._problems[row].id, text
        return self._known.get(place) or self._remembered(place, Classification.from_json(form))

    def _classified(self, row: int, generation: Generation) -> Classification:
        problem, text = self._problems[row], generation.text
        if generation.right is not None:
            return scored(right=generation.right)
        place = problem.id, text
        return self._known.get(place) or self._remembered(place, classify(problem, text, self.forms))

    def _remembered(self, place: tuple[str, str], label: Classification) -> Classification:
        if len(self._known) < _REMEMBERED:
            self._known[place] = label
        return label


def _columns(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Write rows as columns, which say the name of a field once: a third less on disk, packed.

    A field that some rows lack, such as why one could not be labelled, is a table from a row's number to its value.
    """
    columns: dict[str, list[Any]] = {}
    places: dict[str, array[int]] = {}
    n = 0
    for n, row in enumerate(rows, start=1):
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
            places.setdefault(name, array("q")).append(n - 1)
    return {
        name: column if len(column) == n else dict(zip(map(str, places[name]), column, strict=True))
        for name, column in columns.items()
    }


def _rows(columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    whole = {name: column for name, column in columns.items() if isinstance(column, list)}
    rows = [dict(zip(whole, values, strict=True)) for values in zip(*whole.values(), strict=True)]
    for name in columns.keys() - whole.keys():
        for number, value in columns[name].items():
            rows[int(number)][name] = value
    return rows
