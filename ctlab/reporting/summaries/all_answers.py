"""Every problem's answers under all conditions, a problem at a time: the content of answers.json and .parquet."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from ctlab.errors import PairingError
from ctlab.outcomes import Run
from ctlab.problems import Problem
from ctlab.reporting.model.problem_answers import AnsweredProblem, GivenAnswer, Value
from ctlab.reporting.summaries.prediction_rows import prediction_row

_KEPT = ("outcome", "prediction", "explanations", "text", "failure")
"""Of a classified prediction; the rest says again what the problem says."""


class AnswerTable:
    """Problems × conditions, read off runs when it is written: no second copy of all answers is held."""

    def __init__(
        self,
        runs: Mapping[str, Run],
        *,
        features: Mapping[str, Sequence[Hashable]] | None = None,
        own: Mapping[str, Mapping[str, Sequence[bool]]] | None = None,
        of: str = "",
    ) -> None:
        """Take runs by condition; ``features`` are those of the first run's problems, beside those ctlab measures.

        ``own`` says by the name of each outcome of the suite's own, and by condition, which answers have it; ``of`` is
        a digest of all of this, empty where nobody took one.
        """
        if not runs:
            raise PairingError("There are no runs to tabulate; give at least one condition's run.")
        self.of = of
        self.conditions = tuple(runs)
        self.own = tuple(own or ())
        self._runs = tuple(runs.values())
        self._texts = [run.texts for run in self._runs]
        self._has = {name: [has[condition] for condition in runs] for name, has in (own or {}).items()}
        # Runs of one job hold the same ids: the table of places is made once for all of them.
        tables = {id(run.ids): {id_: place for place, id_ in enumerate(run.ids)} for run in _of_other_ids(self._runs)}
        self._places = [tables[id(run.ids)] for run in self._runs]
        asked = {problem.id: problem for run in self._runs for problem in run.problems}
        self._problems = tuple(asked.values())
        self._by_name: dict[str, list[Value]] | None = None
        self._more = _by_problem(self._runs[0].ids, features or {})

    def __len__(self) -> int:
        """Count problems."""
        return len(self._problems)

    def features(self) -> dict[str, list[Value]]:
        """Return each feature's values in the order of problems; None for a problem that has none."""
        if self._by_name is None:
            rows = [self._features(problem) for problem in self._problems]
            names = dict.fromkeys(name for row in rows for name in row)
            self._by_name = {name: [row.get(name) for row in rows] for name in names}
        return self._by_name

    def problems(self) -> Iterator[AnsweredProblem]:
        """Yield every problem with its distinct answers, in the order of the first run."""
        for problem in self._problems:
            distinct: dict[tuple[object, ...], int] = {}
            answers: list[GivenAnswer] = []
            given: list[int | None] = []
            for condition, places in enumerate(self._places):
                if (row := places.get(problem.id)) is None:
                    given.append(None)
                    continue
                key = self._told_apart(condition, row)
                if key not in distinct:
                    distinct[key] = len(answers)
                    answers.append(self._answer(condition, row))
                given.append(distinct[key])
            yield AnsweredProblem(
                problem_id=problem.id,
                question=problem.question,
                solution=problem.solution,
                gold=problem.gold_text,
                features=self._features(problem),
                answers=tuple(answers),
                given=tuple(given),
            )

    def _told_apart(self, condition: int, row: int) -> tuple[object, ...]:
        """Everything of an answer that is written: two answers with the same are one."""
        run = self._runs[condition]
        own = tuple(has[condition][row] for has in self._has.values())
        label = run.classifications[row]
        return (self._texts[condition][row], label.outcome, label.shown, label.explanations, label.failure, own)

    def _answer(self, condition: int, row: int) -> GivenAnswer:
        form = prediction_row(self._runs[condition], row, self._texts[condition][row])
        kept = {name: form[name] for name in _KEPT if name in form}
        own = {name: has[condition][row] for name, has in self._has.items()}
        return GivenAnswer.model_validate(kept | ({"own": own} if own else {}))

    def _features(self, problem: Problem) -> dict[str, Value]:
        measured = problem.features.to_json()
        del measured["tokens_counted_by"]  # a unit, the same for all
        return measured | self._more.get(problem.id, {})


def _of_other_ids(runs: Sequence[Run]) -> Iterable[Run]:
    """Return one run of each tuple of ids."""
    return {id(run.ids): run for run in runs}.values()


def _by_problem(ids: Sequence[str], features: Mapping[str, Sequence[Hashable]]) -> dict[str, dict[str, Value]]:
    """Features that are given by name, by problem instead."""
    return {id_: {name: _value(values[row]) for name, values in features.items()} for row, id_ in enumerate(ids)}


def _value(value: Hashable) -> Value:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
