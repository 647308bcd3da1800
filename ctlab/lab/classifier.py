"""What each generation means, worked out once and kept beside it."""

from collections.abc import Mapping, Sequence
from typing import Any

from ctlab.outcomes import Classification, Forms, classify
from ctlab.outcomes.scored import scored
from ctlab.problems import ProblemSet
from ctlab.records.derived_key import DerivedKey
from ctlab.records.generation import Generation, answers_digest
from ctlab.store import DerivedRecords


class Classifier:
    """Classifies runs over one problem set by the same forms; what is answered alike is classified once."""

    def __init__(self, derived: DerivedRecords, problems: ProblemSet, forms: Forms) -> None:
        self._derived = derived
        self._problems = problems
        self.forms = frozenset(forms.known)
        """Forms that it labels by."""
        self._known: dict[tuple[str, str], Classification] = {}

    def classify(self, key: DerivedKey, generations: Sequence[Generation]) -> tuple[Classification, ...]:
        """Return a classification a generation, from the store where those of these very answers are there."""
        inputs = answers_digest(generations)
        labels = self._derived.read_json(key, inputs, lambda columns: self._read(generations, columns))
        if labels is None:
            labels = tuple(self._classified(row, generation) for row, generation in enumerate(generations))
            self._derived.write_json(key, inputs, _columns([label.to_json() for label in labels]))
        return labels

    def _read(self, generations: Sequence[Generation], columns: Mapping[str, Any]) -> tuple[Classification, ...]:
        return tuple(
            self._known_or(row, generation.text, form)
            for row, (generation, form) in enumerate(zip(generations, _rows(columns), strict=True))
        )

    def _known_or(self, row: int, text: str, form: Mapping[str, Any]) -> Classification:
        # Most problems are answered alike under many conditions: forms of the same answer are read once, and kept once.
        place = self._problems[row].id, text
        if (known := self._known.get(place)) is None:
            known = self._known[place] = Classification.from_json(form)
        return known

    def _classified(self, row: int, generation: Generation) -> Classification:
        problem, text = self._problems[row], generation.text
        if generation.right is not None:
            return scored(right=generation.right)
        if (known := self._known.get((problem.id, text))) is None:
            known = self._known[problem.id, text] = classify(problem, text, self.forms)
        return known


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Write rows as columns, which say the name of a field once: a third less on disk, packed.

    A field that some rows lack, such as why one could not be labelled, is a table from a row's number to its value.
    """
    names = dict.fromkeys(name for row in rows for name in row)
    some = {name for name in names if any(name not in row for row in rows)}
    return {
        name: {str(number): row[name] for number, row in enumerate(rows) if name in row}
        if name in some
        else [row[name] for row in rows]
        for name in names
    }


def _rows(columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    whole = {name: column for name, column in columns.items() if isinstance(column, list)}
    rows = [dict(zip(whole, values, strict=True)) for values in zip(*whole.values(), strict=True)]
    for name in columns.keys() - whole.keys():
        for number, value in columns[name].items():
            rows[int(number)][name] = value
    return rows
