"""What was said and measured of single problems, worked out when a case study asks for it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ctlab.measures import intermediates
from ctlab.outcomes import Run
from ctlab.problems import parse_number
from ctlab.problems.text.exact import Exact, slim
from ctlab.reporting.summaries.attention_flow import ANSWER
from ctlab.reporting.summaries.error_taxonomy import prediction_row

if TYPE_CHECKING:
    import numpy as np

    from ctlab.records.measurement import Measurement

TOKENS = 3
"""Most probable tokens of each thought that a case study lists."""
STEP, GOLD = "step", "answer"
"""What a decoded number is: the result of a step of the worked solution, or the right answer."""
_PLACES = 5


class ProbedProblems(Mapping[str, dict[str, Any]]):
    """By problem id, what ``write_report`` takes as ``details``; thousands of problems, of which a dozen are shown."""

    def __init__(self, measurements: "Mapping[str, Measurement]", runs: Mapping[str, Run] | None = None) -> None:
        self._measurements = measurements
        self._runs = runs or {}

    @cached_property
    def _places(self) -> dict[str, dict[str, int]]:
        return {
            name: {each: place for place, each in enumerate(measurement.problem_ids)}
            for name, measurement in self._measurements.items()
        }

    @cached_property
    def _rows(self) -> dict[str, dict[str, int]]:
        return {name: {each: row for row, each in enumerate(run.ids)} for name, run in self._runs.items()}

    def __getitem__(self, problem_id: str) -> dict[str, Any]:
        """Return answers, thoughts, attention and divergence of one problem by condition."""
        places = {name: known[problem_id] for name, known in self._places.items() if problem_id in known}
        rows = {name: known[problem_id] for name, known in self._rows.items() if problem_id in known}
        if not places and not rows:
            raise KeyError(problem_id)
        results = self._results(rows)
        found: dict[str, Any] = {"thoughts": {}, "attention": {}, "divergence": {}}
        found["answers"] = {name: prediction_row(self._runs[name], row) for name, row in rows.items()}
        for name, place in places.items():
            measurement = self._measurements[name]
            found["thoughts"][name] = _thoughts(measurement, place, results)
            found["attention"][name] = _attention(measurement, place)
            if measurement.distance is not None and measurement.cosine is not None:
                found["divergence"][name] = {
                    "positions": list(measurement.positions),
                    "cosine": _rounded(measurement.cosine[place, :, -1]),
                    "distance": _rounded(measurement.distance[place, :, -1]),
                }
        return found

    def _results(self, rows: Mapping[str, int]) -> dict[Exact, str]:
        """Say which numbers the worked solution comes to on its way, and which one at its end."""
        problem = next((self._runs[name].problems[row] for name, row in rows.items()), None)
        if problem is None:
            return {}
        steps: dict[Exact, str] = dict.fromkeys(intermediates(problem), STEP)
        return {**steps, slim(problem.gold_number.value): GOLD}

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(each for known in self._known for each in known))

    def __len__(self) -> int:
        return len(set().union(*self._known))

    @property
    def _known(self) -> list[dict[str, int]]:
        return [*self._rows.values(), *self._places.values()]


def _thoughts(measurement: "Measurement", place: int, results: Mapping[Exact, str]) -> list[list[dict[str, Any]]]:
    """Each thought's most probable tokens; ``is`` says which number of the worked solution a token spells, if any."""
    tokens, odds = measurement.decoded_ids[place, :, :TOKENS], measurement.decoded_probabilities[place, :, :TOKENS]
    found = []
    for step in zip(tokens, odds, strict=True):
        rows = []
        for token, probability in zip(*step, strict=True):
            text = measurement.vocabulary[int(token)]
            number = parse_number(text.strip())
            known = None if number is None else results.get(slim(number.value))
            rows.append({"token": text, "probability": round(float(probability), _PLACES), "is": known})
        found.append(rows)
    return found


def _attention(measurement: "Measurement", place: int) -> dict[str, Any]:
    """Mass over layers: thoughts, ``end``, and the mean of the answer tokens that this problem reached."""
    import numpy as np

    fixed = measurement.thoughts + 1
    mass = measurement.mass[place].astype(float).mean(axis=1)
    answers = mass[fixed:]
    reached = answers[~np.isnan(answers).any(axis=1)]
    rows = [*mass[:fixed], *([reached.mean(axis=0)] if len(reached) else [])]
    names = [*measurement.readers[:fixed], *([ANSWER] if len(reached) else [])]
    return {"readers": names, "keys": list(measurement.segments), "mass": [_rounded(row) for row in rows]}


def _rounded(values: "np.ndarray") -> list[float]:
    return [round(float(value), _PLACES) + 0.0 for value in values]
