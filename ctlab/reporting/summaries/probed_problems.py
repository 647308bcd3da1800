"""What was said and measured of single problems, worked out when a case study asks for it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ctlab.measures import intermediates
from ctlab.outcomes import Run
from ctlab.problems import parse_number
from ctlab.problems.text.exact import Exact, slim
from ctlab.reporting.model.case_table import CaseAttention, CasePath, DecodedToken, ProblemDetails
from ctlab.reporting.model.flow_table import ANSWER
from ctlab.reporting.model.outcome_table import Prediction
from ctlab.reporting.model.record import Form
from ctlab.reporting.summaries.prediction_rows import prediction_row

if TYPE_CHECKING:
    import numpy as np

    from ctlab.records.measurement import Measurement

TOKENS = 3
"""Most probable tokens of each thought that a case study lists."""
Result = Literal["step", "answer"]
"""What a decoded number is: the result of a step of the worked solution, or the right answer."""
_PLACES = 5  # a thousandth of a percent


class ProbedProblems(Mapping[str, Form]):
    """By problem id, what ``write_report`` takes as ``details``; thousands of problems, of which a dozen are shown."""

    def __init__(self, measurements: "Mapping[str, Measurement]", runs: Mapping[str, Run] | None = None) -> None:
        self._measurements = measurements
        self._runs = runs or {}

    @cached_property
    def _places(self) -> dict[str, dict[str, int]]:
        return {
            name: {problem_id: place for place, problem_id in enumerate(measurement.problem_ids)}
            for name, measurement in self._measurements.items()
        }

    @cached_property
    def _rows(self) -> dict[str, dict[str, int]]:
        # Runs of one job hold the same ids: the table of their rows is made once for all of them.
        some = {id(run.ids): run for run in self._runs.values()}
        tables = {key: {problem_id: row for row, problem_id in enumerate(run.ids)} for key, run in some.items()}
        return {name: tables[id(run.ids)] for name, run in self._runs.items()}

    def __getitem__(self, problem_id: str) -> Form:
        """Return answers, thoughts, attention and divergence of one problem by condition."""
        places = {name: known[problem_id] for name, known in self._places.items() if problem_id in known}
        rows = {name: known[problem_id] for name, known in self._rows.items() if problem_id in known}
        if not places and not rows:
            raise KeyError(problem_id)
        results = self._results(rows)
        measured = {name: (self._measurements[name], place) for name, place in places.items()}
        paths = {name: _path(measurement, place) for name, (measurement, place) in measured.items()}
        return ProblemDetails(
            thoughts={name: _thoughts(measurement, place, results) for name, (measurement, place) in measured.items()},
            attention={name: _attention(measurement, place) for name, (measurement, place) in measured.items()},
            divergence={name: path for name, path in paths.items() if path},
            answers={
                name: Prediction.model_validate(prediction_row(self._runs[name], row)) for name, row in rows.items()
            },
        ).to_json()

    def _results(self, rows: Mapping[str, int]) -> dict[Exact, Result]:
        """Say which numbers the worked solution comes to on its way, and which one at its end."""
        problem = next((self._runs[name].problems[row] for name, row in rows.items()), None)
        if problem is None or problem.kind != "number":  # what a thought decodes to is read as a number
            return {}
        steps: dict[Exact, Result] = dict.fromkeys(intermediates(problem), "step")
        return {**steps, slim(problem.gold_number.value): "answer"}

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(problem_id for known in self._known for problem_id in known))

    def __len__(self) -> int:
        return len(set().union(*self._known))

    @property
    def _known(self) -> list[dict[str, int]]:
        return [*self._rows.values(), *self._places.values()]


def _thoughts(
    measurement: "Measurement", place: int, results: Mapping[Exact, Result]
) -> tuple[tuple[DecodedToken, ...], ...]:
    """Each thought's most probable tokens, each with which number of the worked solution it spells, if any."""
    tokens, odds = measurement.decoded_ids[place, :, :TOKENS], measurement.decoded_probabilities[place, :, :TOKENS]
    return tuple(
        tuple(_token(measurement.vocabulary[int(token)], float(odd), results) for token, odd in zip(*step, strict=True))
        for step in zip(tokens, odds, strict=True)
    )


def _token(text: str, probability: float, results: Mapping[Exact, Result]) -> DecodedToken:
    number = parse_number(text.strip())
    result = None if number is None else results.get(slim(number.value))
    return DecodedToken(token=text, probability=round(probability, _PLACES), result=result)


def _attention(measurement: "Measurement", place: int) -> CaseAttention:
    """Mass over layers: thoughts, ``end``, and the mean of the answer tokens that this problem reached."""
    import numpy as np

    fixed = measurement.thoughts + 1
    mass = measurement.mass[place].astype(float).mean(axis=1)
    answers = mass[fixed:]
    reached = answers[~np.isnan(answers).any(axis=1)]
    rows = [*mass[:fixed], *([reached.mean(axis=0)] if len(reached) else [])]
    names = [*measurement.readers[:fixed], *([ANSWER] if len(reached) else [])]
    return CaseAttention(
        readers=tuple(names), keys=tuple(measurement.segments), mass=tuple(_rounded(row) for row in rows)
    )


def _path(measurement: "Measurement", place: int) -> CasePath | None:
    """Distance from baseline after the last layer; None for baseline itself."""
    if measurement.distance is None or measurement.cosine is None:
        return None
    return CasePath(
        positions=tuple(measurement.positions),
        cosine=_rounded(measurement.cosine[place, :, -1]),
        distance=_rounded(measurement.distance[place, :, -1]),
    )


def _rounded(values: "np.ndarray") -> tuple[float, ...]:
    return tuple(round(float(value), _PLACES) + 0.0 for value in values)
