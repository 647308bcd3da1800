"""What each generation means, worked out once and kept beside it."""

from collections.abc import Mapping, Sequence
from typing import Any

from ctlab.outcomes import CLASSIFIER_VERSION, Classification, Forms, classify
from ctlab.problems import ProblemSet
from ctlab.records.generation import Generation, RunKey
from ctlab.store import GenerationStore


class Classifier:
    """Classifies runs over one problem set by the same forms; what is answered alike is classified once."""

    def __init__(self, store: GenerationStore, problems: ProblemSet, digest: str, forms: Forms) -> None:
        self._store = store
        self._problems = problems
        self.forms = frozenset(forms.known)
        """Forms that it labels by."""
        # Other forms make other labels of the same answers.
        self._name = f"outcomes-{digest}-{forms.digest}"
        self._known: dict[tuple[str, str], Classification] = {}

    def classify(self, key: RunKey, generations: Sequence[Generation]) -> tuple[Classification, ...]:
        """Return a classification a generation, from the store where they are there already."""
        forms = self._store.read_record(key, self._name, CLASSIFIER_VERSION)
        if forms is not None:
            return tuple(
                self._read(row, generation.text, form)
                for row, (generation, form) in enumerate(zip(generations, forms, strict=True))
            )
        labels = tuple(self._classified(row, generation.text) for row, generation in enumerate(generations))
        self._store.write_record(key, self._name, CLASSIFIER_VERSION, [label.to_json() for label in labels])
        return labels

    def _read(self, row: int, text: str, form: Mapping[str, Any]) -> Classification:
        # Most problems are answered alike under many conditions: forms of the same answer are read once, and kept once.
        place = self._problems[row].id, text
        if (known := self._known.get(place)) is None:
            known = self._known[place] = Classification.from_json(form)
        return known

    def _classified(self, row: int, text: str) -> Classification:
        problem = self._problems[row]
        if (known := self._known.get((problem.id, text))) is None:
            known = self._known[problem.id, text] = classify(problem, text, self.forms)
        return known
