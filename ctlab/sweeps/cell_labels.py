"""Answers in, labels and lengths out: what is kept of a sweep's answers, filled tile by tile."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ctlab.outcomes import Outcome, classify
from ctlab.outcomes.outcome import OUTCOMES_OF
from ctlab.problems import ProblemSet
from ctlab.records import Generation

_KNOWN = 1 << 18
"""Labels that are remembered, some 50 MB with their texts: conditions mostly repeat each other's answers."""


class Labels:
    """Labels and lengths of every row; a text is held no longer than its tile."""

    def __init__(self, problems: ProblemSet, rows: int, *, longest: int) -> None:
        self._problems = problems
        self.names = tuple(map(str, OUTCOMES_OF[problems.kind]))
        """Outcomes that the codes stand for."""
        size = np.int16 if longest <= np.iinfo(np.int16).max else np.int32
        self.labels: npt.NDArray[np.int8] = np.full((rows, len(problems)), -1, np.int8)
        """(rows, problems): codes into `names`; -1 where no answer came yet."""
        self.lengths: npt.NDArray[np.signedinteger] = np.zeros((rows, len(problems)), size)
        """(rows, problems): tokens of each answer."""
        self.read = 0
        """Answers that were labelled, and not known already."""
        self._codes = {Outcome(name): code for code, name in enumerate(self.names)}
        self._known: dict[tuple[int, str], int] = {}

    def fill(self, row: int, columns: Sequence[int], answers: Sequence[Generation], forms: frozenset[str]) -> None:
        """Label the answers of one condition to some problems."""
        self.labels[row, columns] = [
            self._code(column, answer, forms) for column, answer in zip(columns, answers, strict=True)
        ]
        self.lengths[row, columns] = [len(answer.token_ids) for answer in answers]

    def forget(self) -> None:
        """Let go of the texts that were seen: of another block of problems none comes again."""
        self._known.clear()

    def _code(self, column: int, answer: Generation, forms: frozenset[str]) -> int:
        place = column, answer.text
        if (code := self._known.get(place)) is None:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self.read += 1
            found = classify(self._problems[column], answer.text, forms)
            code = self._known[place] = self._codes[found.outcome]
        return code
