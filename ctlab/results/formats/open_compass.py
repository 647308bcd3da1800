"""OpenCompass: answers in ``predictions/<model>/<set>.json``, verdicts in ``results/<model>/<set>.json``."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ctlab.errors import RecordedError
from ctlab.inputs import read_json, shown
from ctlab.records.result_row import ResultRow, Results
from ctlab.results.prompts import last_question, question_in
from ctlab.results.result_file import ADVICE, ResultFile
from ctlab.results.result_format import ReadOptions, ResultFormat
from ctlab.results.row_values import golds_of, place_of, score_of, text_of


class OpenCompass(ResultFormat):
    """Keys are places in the set; the verdicts beside are read with the answers."""

    def recognises(self, file: ResultFile) -> bool:
        """By places as keys, and a prediction under the first."""
        form = file.document
        if not isinstance(form, dict) or not form:
            return False
        key, first = next(iter(form.items()))
        return place_of(key) is not None and isinstance(first, dict) and "prediction" in first

    def parts(self, file: ResultFile) -> tuple[Path, ...]:
        """Answers, and verdicts where they lie where OpenCompass writes them."""
        verdicts = _verdicts_of(file.path)
        return (file.path, verdicts) if verdicts is not None else (file.path,)

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read every answer."""
        verdicts = _verdicts_of(file.path)
        details = [] if verdicts is None else _details(verdicts)
        if details and len(details) != len(file.document):
            raise RecordedError(
                f"{file.name} holds {len(file.document)} answers, and {verdicts} {len(details)} verdicts: they are not "
                f"of one run"
            )
        note = f"verdicts of {verdicts}" if details else "no verdicts: results/<model>/<set>.json is not there"
        return Results(
            path=str(file.path),
            format=self.name,
            rows=tuple(_row(key, row, details, file.name) for key, row in file.document.items()),
            model=file.path.parent.name,
            notes=(note,),
        )


class OpenCompassVerdicts(ResultFormat):
    """Verdicts alone: what the tool found in each answer, and whether that was right."""

    def recognises(self, file: ResultFile) -> bool:
        """By ``details`` with a prediction in the first."""
        form = file.document
        return isinstance(form, dict) and "accuracy" in form and any("pred" in row for row in _rows_of(form)[:1])

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read every verdict; the answer is what the tool found in it."""
        return Results(
            path=str(file.path),
            format=self.name,
            rows=tuple(
                ResultRow(
                    name=f"row {at + 1}",
                    problem=str(at),
                    answer=text_of(row.get("pred")),
                    score=score_of(row.get("correct"), f"{file.name}, row {at + 1}"),
                    gold=golds_of(row.get("answer")),
                )
                for at, row in enumerate(_rows_of(file.document))
            ),
            model=file.path.parent.name,
            positional=True,
            notes=("the answer is what OpenCompass found in it; whole texts are in predictions/",),
        )


OPEN_COMPASS = OpenCompass(name="opencompass", described="predictions/<model>/<set>.json of OpenCompass")
OPEN_COMPASS_VERDICTS = OpenCompassVerdicts(
    name="opencompass-results",
    described="results/<model>/<set>.json of OpenCompass with its details",
    keys=("accuracy", "details"),
)


def _verdicts_of(predictions: Path) -> Path | None:
    run = predictions.absolute().parent.parent
    if run.name != "predictions":
        return None
    verdicts = run.with_name("results") / predictions.absolute().parent.name / predictions.name
    return verdicts if verdicts.is_file() else None


def _details(verdicts: Path) -> Sequence[Mapping[str, Any]]:
    return _rows_of(read_json(verdicts, error=RecordedError, advice=ADVICE, as_written=True))


def _rows_of(form: Any) -> list[Mapping[str, Any]]:
    """Verdicts in their order, out of a list or of an object whose keys are places."""
    details = form.get("details") if isinstance(form, dict) else None
    if isinstance(details, dict):
        places = {place_of(key): row for key, row in details.items()}
        details = [places[at] for at in range(len(places))] if set(places) == set(range(len(places))) else []
    return details if isinstance(details, list) and all(isinstance(row, dict) for row in details) else []


def _row(key: str, row: Any, details: Sequence[Mapping[str, Any]], file: str) -> ResultRow:
    place = place_of(key)
    if place is None or not isinstance(row, dict) or "prediction" not in row:
        raise RecordedError(f'{file}, {shown(key)}: a key is a place and holds a "prediction", not {shown(row)}')
    verdict = details[place] if 0 <= place < len(details) else {}
    prompt = last_question(row.get("origin_prompt"))
    return ResultRow(
        name=f"row {key}",
        problem=str(place),
        answer=text_of(row["prediction"]),
        score=score_of(verdict.get("correct"), f"{file}, {shown(key)}"),
        gold=golds_of(row.get("gold")),
        question=question_in(prompt) if prompt else None,
    )
